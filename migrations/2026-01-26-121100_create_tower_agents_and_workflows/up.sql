CREATE TYPE tower.agent_kind AS ENUM (
    'planner',
    'coder',
    'reviewer',
    'operator'
);
COMMENT ON TYPE tower.agent_kind IS 'What sort of work an agent takes.';

CREATE TYPE tower.agent_status AS ENUM (
    'idle',
    'busy',
    'offline',
    'disabled'
);
COMMENT ON TYPE tower.agent_status IS 'Whether an agent takes work.';

CREATE TABLE tower.agents (
    id uuid PRIMARY KEY,
    name varchar(128) NOT NULL,
    kind tower.agent_kind NOT NULL,
    status tower.agent_status NOT NULL DEFAULT 'offline',
    capabilities jsonb NOT NULL DEFAULT '[]'
        CONSTRAINT agents_capabilities_check CHECK (jsonb_typeof(capabilities) = 'array'),
    config jsonb NOT NULL DEFAULT '{}'
        CONSTRAINT agents_config_check CHECK (jsonb_typeof(config) = 'object'),
    last_seen_at timestamptz,
    meta jsonb NOT NULL DEFAULT '{}'
        CONSTRAINT agents_meta_check CHECK (jsonb_typeof(meta) = 'object'),
    tags jsonb NOT NULL DEFAULT '[]'
        CONSTRAINT agents_tags_check CHECK (jsonb_typeof(tags) = 'array'),
    trace_id uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT agents_name_key UNIQUE (name),
    CONSTRAINT agents_name_check CHECK (name <> '')
);

CREATE INDEX agents_trace_id_idx ON tower.agents (trace_id);

COMMENT ON TABLE tower.agents IS 'Programs that take jobs.';
COMMENT ON COLUMN tower.agents.id IS
    'Primary key: a UUID v7 that the application makes.';
COMMENT ON COLUMN tower.agents.name IS
    'Unique name; what cwom.runs.executor_id and cwom.audit_log.actor_id say.';
COMMENT ON COLUMN tower.agents.kind IS
    'What sort of work it takes.';
COMMENT ON COLUMN tower.agents.status IS
    'Whether it takes work.';
COMMENT ON COLUMN tower.agents.capabilities IS
    'JSON array of what it can do, as jobs ask for it.';
COMMENT ON COLUMN tower.agents.config IS
    'JSON object that the agent is started with; holds no secrets.';
COMMENT ON COLUMN tower.agents.last_seen_at IS
    'When it was last heard of; null where it never was.';
COMMENT ON COLUMN tower.agents.meta IS
    'JSON object for facts that no column has yet; nothing in the system may depend on its keys.';
COMMENT ON COLUMN tower.agents.tags IS
    'JSON array of free labels.';
COMMENT ON COLUMN tower.agents.trace_id IS
    'Trace that the change came from; the same id in audit_log and in tower; null where nothing was traced.';
COMMENT ON COLUMN tower.agents.created_at IS
    'When the row was inserted.';
COMMENT ON COLUMN tower.agents.updated_at IS
    'When the row was last changed; the application sets it with every change.';

CREATE TYPE tower.workflow_status AS ENUM (
    'draft',
    'active',
    'retired'
);
COMMENT ON TYPE tower.workflow_status IS 'Whether a workflow may start.';

CREATE TYPE tower.workflow_trigger_kind AS ENUM (
    'event',
    'schedule',
    'manual'
);
COMMENT ON TYPE tower.workflow_trigger_kind IS 'What starts a workflow.';

CREATE TABLE tower.workflows (
    id uuid PRIMARY KEY,
    name varchar(200) NOT NULL,
    version integer NOT NULL,
    status tower.workflow_status NOT NULL DEFAULT 'draft',
    trigger_kind tower.workflow_trigger_kind NOT NULL,
    definition jsonb NOT NULL DEFAULT '{}'
        CONSTRAINT workflows_definition_check CHECK (jsonb_typeof(definition) = 'object'),
    meta jsonb NOT NULL DEFAULT '{}'
        CONSTRAINT workflows_meta_check CHECK (jsonb_typeof(meta) = 'object'),
    tags jsonb NOT NULL DEFAULT '[]'
        CONSTRAINT workflows_tags_check CHECK (jsonb_typeof(tags) = 'array'),
    trace_id uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT workflows_name_version_key UNIQUE (name, version),
    CONSTRAINT workflows_name_check CHECK (name <> ''),
    CONSTRAINT workflows_version_check CHECK (version >= 1)
);

CREATE INDEX workflows_trace_id_idx ON tower.workflows (trace_id);

COMMENT ON TABLE tower.workflows IS 'What is to be done when something happens.';
COMMENT ON COLUMN tower.workflows.id IS
    'Primary key: a UUID v7 that the application makes.';
COMMENT ON COLUMN tower.workflows.name IS
    'Name that all versions share.';
COMMENT ON COLUMN tower.workflows.version IS
    'Number of the definition among those of its name, from 1.';
COMMENT ON COLUMN tower.workflows.status IS
    'Whether it may start.';
COMMENT ON COLUMN tower.workflows.trigger_kind IS
    'What starts it.';
COMMENT ON COLUMN tower.workflows.definition IS
    'JSON object: the trigger and the steps.';
COMMENT ON COLUMN tower.workflows.meta IS
    'JSON object for facts that no column has yet; nothing in the system may depend on its keys.';
COMMENT ON COLUMN tower.workflows.tags IS
    'JSON array of free labels.';
COMMENT ON COLUMN tower.workflows.trace_id IS
    'Trace that the change came from; the same id in audit_log and in tower; null where nothing was traced.';
COMMENT ON COLUMN tower.workflows.created_at IS
    'When the row was inserted.';
COMMENT ON COLUMN tower.workflows.updated_at IS
    'When the row was last changed; the application sets it with every change.';
