CREATE TYPE tower.task_kind AS ENUM (
    'code_change',
    'documentation',
    'analysis',
    'operation'
);
COMMENT ON TYPE tower.task_kind IS 'What sort of work a task is.';

CREATE TYPE tower.task_status AS ENUM (
    'queued',
    'running',
    'succeeded',
    'failed',
    'canceled'
);
COMMENT ON TYPE tower.task_status IS 'Where a task stands.';

CREATE TYPE tower.requester_kind AS ENUM (
    'human',
    'agent',
    'system'
);
COMMENT ON TYPE tower.requester_kind IS 'What sort of actor asks for a task.';

CREATE TABLE tower.tasks (
    id uuid PRIMARY KEY,
    workflow_id uuid REFERENCES tower.workflows (id) ON DELETE SET NULL,
    assigned_agent_id uuid REFERENCES tower.agents (id) ON DELETE SET NULL,
    cwom_issue_id uuid REFERENCES cwom.issues (id) ON DELETE SET NULL,
    kind tower.task_kind NOT NULL,
    status tower.task_status NOT NULL DEFAULT 'queued',
    priority smallint NOT NULL DEFAULT 5,
    objective text NOT NULL,
    payload jsonb NOT NULL DEFAULT '{}'
        CONSTRAINT tasks_payload_check CHECK (jsonb_typeof(payload) = 'object'),
    requested_by_kind tower.requester_kind NOT NULL,
    requested_by_id varchar(128) NOT NULL,
    idempotency_key varchar(256),
    error text,
    started_at timestamptz,
    finished_at timestamptz,
    meta jsonb NOT NULL DEFAULT '{}'
        CONSTRAINT tasks_meta_check CHECK (jsonb_typeof(meta) = 'object'),
    tags jsonb NOT NULL DEFAULT '[]'
        CONSTRAINT tasks_tags_check CHECK (jsonb_typeof(tags) = 'array'),
    trace_id uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT tasks_idempotency_key_key UNIQUE (idempotency_key),
    CONSTRAINT tasks_priority_check CHECK (priority BETWEEN 0 AND 9),
    CONSTRAINT tasks_finished_at_check CHECK (finished_at >= started_at)
);

CREATE INDEX tasks_workflow_id_idx ON tower.tasks (workflow_id);
CREATE INDEX tasks_assigned_agent_id_idx ON tower.tasks (assigned_agent_id);
CREATE INDEX tasks_cwom_issue_id_idx ON tower.tasks (cwom_issue_id);
CREATE INDEX tasks_queue_idx ON tower.tasks (priority, created_at) WHERE status = 'queued';
CREATE INDEX tasks_trace_id_idx ON tower.tasks (trace_id);

COMMENT ON TABLE tower.tasks IS 'Units of work that the tower was asked for.';
COMMENT ON COLUMN tower.tasks.id IS
    'Primary key: a UUID v7 that the application makes.';
COMMENT ON COLUMN tower.tasks.workflow_id IS
    'Workflow that made the task; null for one that was asked for directly, or whose workflow is gone.';
COMMENT ON COLUMN tower.tasks.assigned_agent_id IS
    'Agent that is to do it; null while any may, or when that agent is gone.';
COMMENT ON COLUMN tower.tasks.cwom_issue_id IS
    'Issue in cwom that the task works on; null for one without, or whose issue is gone.';
COMMENT ON COLUMN tower.tasks.kind IS
    'What sort of work it is.';
COMMENT ON COLUMN tower.tasks.status IS
    'Where it stands.';
COMMENT ON COLUMN tower.tasks.priority IS
    'Order in the queue from 0, which is first, to 9.';
COMMENT ON COLUMN tower.tasks.objective IS
    'What was asked for.';
COMMENT ON COLUMN tower.tasks.payload IS
    'JSON object of the arguments, by kind.';
COMMENT ON COLUMN tower.tasks.requested_by_kind IS
    'What sort of actor asked for it.';
COMMENT ON COLUMN tower.tasks.requested_by_id IS
    'Which one: a user name, the name of an agent, a component.';
COMMENT ON COLUMN tower.tasks.idempotency_key IS
    'Key under which the request is known to its sender: the same key never makes a second task; null where the sender gave none.';
COMMENT ON COLUMN tower.tasks.error IS
    'Why it failed; null unless it did.';
COMMENT ON COLUMN tower.tasks.started_at IS
    'When its first job began; null before that.';
COMMENT ON COLUMN tower.tasks.finished_at IS
    'When it ended, however it ended; null before that.';
COMMENT ON COLUMN tower.tasks.meta IS
    'JSON object for facts that no column has yet; nothing in the system may depend on its keys.';
COMMENT ON COLUMN tower.tasks.tags IS
    'JSON array of free labels.';
COMMENT ON COLUMN tower.tasks.trace_id IS
    'Trace that the change came from; the same id in audit_log and in tower; null where nothing was traced.';
COMMENT ON COLUMN tower.tasks.created_at IS
    'When the row was inserted.';
COMMENT ON COLUMN tower.tasks.updated_at IS
    'When the row was last changed; the application sets it with every change.';
