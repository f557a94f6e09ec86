CREATE TYPE tower.event_kind AS ENUM (
    'task_requested',
    'task_finished',
    'agent_heartbeat',
    'workflow_triggered',
    'external'
);
COMMENT ON TYPE tower.event_kind IS 'What sort of thing happened.';

CREATE TYPE tower.event_status AS ENUM (
    'pending',
    'processed',
    'ignored',
    'failed'
);
COMMENT ON TYPE tower.event_status IS 'What became of an event.';

CREATE TABLE tower.events (
    id uuid PRIMARY KEY,
    kind tower.event_kind NOT NULL,
    status tower.event_status NOT NULL DEFAULT 'pending',
    source varchar(200) NOT NULL,
    task_id uuid REFERENCES tower.tasks (id) ON DELETE SET NULL,
    workflow_id uuid REFERENCES tower.workflows (id) ON DELETE SET NULL,
    agent_id uuid REFERENCES tower.agents (id) ON DELETE SET NULL,
    payload jsonb NOT NULL DEFAULT '{}'
        CONSTRAINT events_payload_check CHECK (jsonb_typeof(payload) = 'object'),
    occurred_at timestamptz NOT NULL,
    processed_at timestamptz,
    error text,
    meta jsonb NOT NULL DEFAULT '{}'
        CONSTRAINT events_meta_check CHECK (jsonb_typeof(meta) = 'object'),
    tags jsonb NOT NULL DEFAULT '[]'
        CONSTRAINT events_tags_check CHECK (jsonb_typeof(tags) = 'array'),
    trace_id uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX events_task_id_idx ON tower.events (task_id);
CREATE INDEX events_workflow_id_idx ON tower.events (workflow_id);
CREATE INDEX events_agent_id_idx ON tower.events (agent_id);
CREATE INDEX events_kind_occurred_at_idx ON tower.events (kind, occurred_at DESC);
CREATE INDEX events_pending_idx ON tower.events (created_at) WHERE status = 'pending';
CREATE INDEX events_trace_id_idx ON tower.events (trace_id);

COMMENT ON TABLE tower.events IS 'What happened, in the order it was told.';
COMMENT ON COLUMN tower.events.id IS
    'Primary key: a UUID v7 that the application makes.';
COMMENT ON COLUMN tower.events.kind IS
    'What sort of thing happened.';
COMMENT ON COLUMN tower.events.status IS
    'What became of it.';
COMMENT ON COLUMN tower.events.source IS
    'Component or webhook that told it.';
COMMENT ON COLUMN tower.events.task_id IS
    'Task that it is about; null where it is about none, or that task is gone.';
COMMENT ON COLUMN tower.events.workflow_id IS
    'Workflow that it is about; null where it is about none, or that workflow is gone.';
COMMENT ON COLUMN tower.events.agent_id IS
    'Agent that it is about; null where it is about none, or that agent is gone.';
COMMENT ON COLUMN tower.events.payload IS
    'JSON object that the source sent.';
COMMENT ON COLUMN tower.events.occurred_at IS
    'When it happened, by the clock of its source.';
COMMENT ON COLUMN tower.events.processed_at IS
    'When it was acted upon or ignored; null before that.';
COMMENT ON COLUMN tower.events.error IS
    'Why acting upon it failed; null unless it did.';
COMMENT ON COLUMN tower.events.meta IS
    'JSON object for facts that no column has yet; nothing in the system may depend on its keys.';
COMMENT ON COLUMN tower.events.tags IS
    'JSON array of free labels.';
COMMENT ON COLUMN tower.events.trace_id IS
    'Trace that the change came from; the same id in audit_log and in tower; null where nothing was traced.';
COMMENT ON COLUMN tower.events.created_at IS
    'When the row was inserted.';
COMMENT ON COLUMN tower.events.updated_at IS
    'When the row was last changed; the application sets it with every change.';
