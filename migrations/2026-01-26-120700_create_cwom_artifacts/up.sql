CREATE TYPE cwom.artifact_kind AS ENUM (
    'patch',
    'commit',
    'pull_request',
    'document',
    'report',
    'test_result',
    'log'
);
COMMENT ON TYPE cwom.artifact_kind IS 'What sort of result an artifact is.';

CREATE TABLE cwom.artifacts (
    id uuid PRIMARY KEY,
    produced_by_run_id uuid NOT NULL,
    for_issue_id uuid NOT NULL REFERENCES cwom.issues (id) ON DELETE RESTRICT,
    kind cwom.artifact_kind NOT NULL,
    title text NOT NULL,
    uri text NOT NULL,
    media_type varchar(255),
    size_bytes bigint,
    sha256 bytea,
    meta jsonb NOT NULL DEFAULT '{}'
        CONSTRAINT artifacts_meta_check CHECK (jsonb_typeof(meta) = 'object'),
    tags jsonb NOT NULL DEFAULT '[]'
        CONSTRAINT artifacts_tags_check CHECK (jsonb_typeof(tags) = 'array'),
    trace_id uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    -- With the issue, so that no artifact is for another issue than its run.
    CONSTRAINT artifacts_produced_by_run_id_fkey FOREIGN KEY (produced_by_run_id, for_issue_id)
        REFERENCES cwom.runs (id, for_issue_id) ON DELETE RESTRICT,
    CONSTRAINT artifacts_size_bytes_check CHECK (size_bytes >= 0),
    CONSTRAINT artifacts_sha256_check CHECK (octet_length(sha256) = 32)
);

CREATE INDEX artifacts_produced_by_run_id_idx ON cwom.artifacts (produced_by_run_id);
CREATE INDEX artifacts_for_issue_id_idx ON cwom.artifacts (for_issue_id);
CREATE INDEX artifacts_trace_id_idx ON cwom.artifacts (trace_id);

COMMENT ON TABLE cwom.artifacts IS 'Results that runs emit.';
COMMENT ON COLUMN cwom.artifacts.id IS
    'Primary key: a UUID v7 that the application makes.';
COMMENT ON COLUMN cwom.artifacts.produced_by_run_id IS
    'Run that emitted it.';
COMMENT ON COLUMN cwom.artifacts.for_issue_id IS
    'Issue that it is a result for.';
COMMENT ON COLUMN cwom.artifacts.kind IS
    'What sort of result it is.';
COMMENT ON COLUMN cwom.artifacts.title IS
    'What it is, in one line.';
COMMENT ON COLUMN cwom.artifacts.uri IS
    'Where its content is.';
COMMENT ON COLUMN cwom.artifacts.media_type IS
    'Media type of the content; null where it is not known.';
COMMENT ON COLUMN cwom.artifacts.size_bytes IS
    'Length of the content in bytes; null where it is not known.';
COMMENT ON COLUMN cwom.artifacts.sha256 IS
    'SHA-256 of the content, 32 bytes; null where the content can change.';
COMMENT ON COLUMN cwom.artifacts.meta IS
    'JSON object for facts that no column has yet; nothing in the system may depend on its keys.';
COMMENT ON COLUMN cwom.artifacts.tags IS
    'JSON array of free labels.';
COMMENT ON COLUMN cwom.artifacts.trace_id IS
    'Trace that the change came from; the same id in audit_log and in tower; null where nothing was traced.';
COMMENT ON COLUMN cwom.artifacts.created_at IS
    'When the row was inserted.';
COMMENT ON COLUMN cwom.artifacts.updated_at IS
    'When the row was last changed; the application sets it with every change.';
