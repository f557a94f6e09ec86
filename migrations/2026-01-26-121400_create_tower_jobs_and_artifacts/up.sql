CREATE TYPE tower.job_kind AS ENUM (
    'execute',
    'verify',
    'publish'
);
COMMENT ON TYPE tower.job_kind IS 'What part of a task a job does.';

CREATE TYPE tower.job_status AS ENUM (
    'pending',
    'claimed',
    'running',
    'succeeded',
    'failed',
    'canceled'
);
COMMENT ON TYPE tower.job_status IS 'Where a job stands.';

CREATE TABLE tower.jobs (
    id uuid PRIMARY KEY,
    task_id uuid NOT NULL REFERENCES tower.tasks (id) ON DELETE CASCADE,
    agent_id uuid REFERENCES tower.agents (id) ON DELETE SET NULL,
    kind tower.job_kind NOT NULL DEFAULT 'execute',
    status tower.job_status NOT NULL DEFAULT 'pending',
    attempt integer NOT NULL DEFAULT 1,
    lease_expires_at timestamptz,
    started_at timestamptz,
    finished_at timestamptz,
    exit_code integer,
    error text,
    meta jsonb NOT NULL DEFAULT '{}'
        CONSTRAINT jobs_meta_check CHECK (jsonb_typeof(meta) = 'object'),
    tags jsonb NOT NULL DEFAULT '[]'
        CONSTRAINT jobs_tags_check CHECK (jsonb_typeof(tags) = 'array'),
    trace_id uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT jobs_task_id_kind_attempt_key UNIQUE (task_id, kind, attempt),
    CONSTRAINT jobs_attempt_check CHECK (attempt >= 1),
    CONSTRAINT jobs_finished_at_check CHECK (finished_at >= started_at)
);

CREATE INDEX jobs_agent_id_idx ON tower.jobs (agent_id);
CREATE INDEX jobs_lease_idx ON tower.jobs (lease_expires_at) WHERE status IN ('claimed', 'running');
CREATE INDEX jobs_trace_id_idx ON tower.jobs (trace_id);

COMMENT ON TABLE tower.jobs IS 'Attempts at a part of a task.';
COMMENT ON COLUMN tower.jobs.id IS
    'Primary key: a UUID v7 that the application makes.';
COMMENT ON COLUMN tower.jobs.task_id IS
    'Task that the job is part of; the job goes with it.';
COMMENT ON COLUMN tower.jobs.agent_id IS
    'Agent that holds or held the lease; null before that, or when that agent is gone.';
COMMENT ON COLUMN tower.jobs.kind IS
    'What part of the task it does.';
COMMENT ON COLUMN tower.jobs.status IS
    'Where it stands.';
COMMENT ON COLUMN tower.jobs.attempt IS
    'Number of the attempt among those of its task and kind, from 1.';
COMMENT ON COLUMN tower.jobs.lease_expires_at IS
    'When another agent may take it over; null while nobody holds it.';
COMMENT ON COLUMN tower.jobs.started_at IS
    'When it began to run; null before that.';
COMMENT ON COLUMN tower.jobs.finished_at IS
    'When it ended, however it ended; null before that.';
COMMENT ON COLUMN tower.jobs.exit_code IS
    'Exit code of its process; null before it ended, or where a signal ended it.';
COMMENT ON COLUMN tower.jobs.error IS
    'Why it failed; null unless it did.';
COMMENT ON COLUMN tower.jobs.meta IS
    'JSON object for facts that no column has yet; nothing in the system may depend on its keys.';
COMMENT ON COLUMN tower.jobs.tags IS
    'JSON array of free labels.';
COMMENT ON COLUMN tower.jobs.trace_id IS
    'Trace that the change came from; the same id in audit_log and in tower; null where nothing was traced.';
COMMENT ON COLUMN tower.jobs.created_at IS
    'When the row was inserted.';
COMMENT ON COLUMN tower.jobs.updated_at IS
    'When the row was last changed; the application sets it with every change.';

CREATE TYPE tower.artifact_kind AS ENUM (
    'log',
    'patch',
    'report',
    'archive'
);
COMMENT ON TYPE tower.artifact_kind IS 'What sort of file a job leaves behind.';

CREATE TABLE tower.artifacts (
    id uuid PRIMARY KEY,
    job_id uuid NOT NULL REFERENCES tower.jobs (id) ON DELETE CASCADE,
    kind tower.artifact_kind NOT NULL,
    name varchar(255) NOT NULL,
    uri text NOT NULL,
    size_bytes bigint,
    sha256 bytea,
    meta jsonb NOT NULL DEFAULT '{}'
        CONSTRAINT artifacts_meta_check CHECK (jsonb_typeof(meta) = 'object'),
    tags jsonb NOT NULL DEFAULT '[]'
        CONSTRAINT artifacts_tags_check CHECK (jsonb_typeof(tags) = 'array'),
    trace_id uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT artifacts_job_id_name_key UNIQUE (job_id, name),
    CONSTRAINT artifacts_size_bytes_check CHECK (size_bytes >= 0),
    CONSTRAINT artifacts_sha256_check CHECK (octet_length(sha256) = 32)
);

CREATE INDEX artifacts_trace_id_idx ON tower.artifacts (trace_id);

COMMENT ON TABLE tower.artifacts IS 'Files that jobs leave behind.';
COMMENT ON COLUMN tower.artifacts.id IS
    'Primary key: a UUID v7 that the application makes.';
COMMENT ON COLUMN tower.artifacts.job_id IS
    'Job that left it; the row goes with it, the file does not.';
COMMENT ON COLUMN tower.artifacts.kind IS
    'What sort of file it is.';
COMMENT ON COLUMN tower.artifacts.name IS
    'Name of the file, unique within its job.';
COMMENT ON COLUMN tower.artifacts.uri IS
    'Where the file is.';
COMMENT ON COLUMN tower.artifacts.size_bytes IS
    'Length of the content in bytes; null where it is not known.';
COMMENT ON COLUMN tower.artifacts.sha256 IS
    'SHA-256 of the content, 32 bytes; null where it was not computed.';
COMMENT ON COLUMN tower.artifacts.meta IS
    'JSON object for facts that no column has yet; nothing in the system may depend on its keys.';
COMMENT ON COLUMN tower.artifacts.tags IS
    'JSON array of free labels.';
COMMENT ON COLUMN tower.artifacts.trace_id IS
    'Trace that the change came from; the same id in audit_log and in tower; null where nothing was traced.';
COMMENT ON COLUMN tower.artifacts.created_at IS
    'When the row was inserted.';
COMMENT ON COLUMN tower.artifacts.updated_at IS
    'When the row was last changed; the application sets it with every change.';
