CREATE TYPE cwom.run_kind AS ENUM (
    'implementation',
    'review',
    'verification',
    'research'
);
COMMENT ON TYPE cwom.run_kind IS 'What a run is to achieve.';

CREATE TYPE cwom.run_status AS ENUM (
    'ready',
    'running',
    'done',
    'failed',
    'canceled'
);
COMMENT ON TYPE cwom.run_status IS 'Where a run stands: ready, running, then one of the last three.';

CREATE TYPE cwom.actor_kind AS ENUM (
    'human',
    'agent',
    'system'
);
COMMENT ON TYPE cwom.actor_kind IS 'What sort of actor does something.';

CREATE TABLE cwom.runs (
    id uuid PRIMARY KEY,
    for_issue_id uuid NOT NULL,
    repo_id uuid NOT NULL REFERENCES cwom.repos (id) ON DELETE RESTRICT,
    constraint_snapshot_id uuid REFERENCES cwom.constraint_snapshots (id) ON DELETE RESTRICT,
    kind cwom.run_kind NOT NULL,
    status cwom.run_status NOT NULL DEFAULT 'ready',
    executor_kind cwom.actor_kind NOT NULL,
    executor_id varchar(128) NOT NULL,
    objective text NOT NULL,
    outcome text,
    started_at timestamptz,
    finished_at timestamptz,
    meta jsonb NOT NULL DEFAULT '{}'
        CONSTRAINT runs_meta_check CHECK (jsonb_typeof(meta) = 'object'),
    tags jsonb NOT NULL DEFAULT '[]'
        CONSTRAINT runs_tags_check CHECK (jsonb_typeof(tags) = 'array'),
    trace_id uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT runs_id_for_issue_id_key UNIQUE (id, for_issue_id),
    -- With the repository, so that what is redundant cannot be wrong.
    CONSTRAINT runs_for_issue_id_fkey FOREIGN KEY (for_issue_id, repo_id)
        REFERENCES cwom.issues (id, repo_id) ON DELETE RESTRICT,
    CONSTRAINT runs_finished_at_check CHECK (finished_at >= started_at)
);

CREATE INDEX runs_for_issue_id_idx ON cwom.runs (for_issue_id);
CREATE INDEX runs_repo_id_status_idx ON cwom.runs (repo_id, status);
CREATE INDEX runs_constraint_snapshot_id_idx ON cwom.runs (constraint_snapshot_id);
CREATE INDEX runs_trace_id_idx ON cwom.runs (trace_id);

COMMENT ON TABLE cwom.runs IS 'Executions of work on an issue.';
COMMENT ON COLUMN cwom.runs.id IS
    'Primary key: a UUID v7 that the application makes.';
COMMENT ON COLUMN cwom.runs.for_issue_id IS
    'Issue that the run works on.';
COMMENT ON COLUMN cwom.runs.repo_id IS
    'Repository of that issue, which the key to the issue sees to: redundant, so that the runs of a repository are one index away.';
COMMENT ON COLUMN cwom.runs.constraint_snapshot_id IS
    'Limits that the run was started under; null where it had none.';
COMMENT ON COLUMN cwom.runs.kind IS
    'What it is to achieve.';
COMMENT ON COLUMN cwom.runs.status IS
    'Where it stands.';
COMMENT ON COLUMN cwom.runs.executor_kind IS
    'What sort of actor executes it.';
COMMENT ON COLUMN cwom.runs.executor_id IS
    'Which one: a user name, the name of an agent, a component.';
COMMENT ON COLUMN cwom.runs.objective IS
    'What the executor was asked for.';
COMMENT ON COLUMN cwom.runs.outcome IS
    'What came of it in a few sentences; null while it is not finished.';
COMMENT ON COLUMN cwom.runs.started_at IS
    'When it began to run; null before that.';
COMMENT ON COLUMN cwom.runs.finished_at IS
    'When it ended, however it ended; null before that.';
COMMENT ON COLUMN cwom.runs.meta IS
    'JSON object for facts that no column has yet; nothing in the system may depend on its keys.';
COMMENT ON COLUMN cwom.runs.tags IS
    'JSON array of free labels.';
COMMENT ON COLUMN cwom.runs.trace_id IS
    'Trace that the change came from; the same id in audit_log and in tower; null where nothing was traced.';
COMMENT ON COLUMN cwom.runs.created_at IS
    'When the row was inserted.';
COMMENT ON COLUMN cwom.runs.updated_at IS
    'When the row was last changed; the application sets it with every change.';
