CREATE TYPE cwom.issue_kind AS ENUM (
    'feature',
    'bug',
    'chore',
    'research',
    'incident'
);
COMMENT ON TYPE cwom.issue_kind IS 'What sort of work an issue asks for.';

CREATE TYPE cwom.issue_priority AS ENUM (
    'low',
    'medium',
    'high',
    'critical'
);
COMMENT ON TYPE cwom.issue_priority IS 'How urgent an issue is.';

CREATE TYPE cwom.issue_status AS ENUM (
    'backlog',
    'ready',
    'in_progress',
    'blocked',
    'done',
    'canceled'
);
COMMENT ON TYPE cwom.issue_status IS 'Where an issue stands.';

CREATE TABLE cwom.issues (
    id uuid PRIMARY KEY,
    repo_id uuid NOT NULL REFERENCES cwom.repos (id) ON DELETE RESTRICT,
    title text NOT NULL,
    description text NOT NULL DEFAULT '',
    kind cwom.issue_kind NOT NULL,
    priority cwom.issue_priority NOT NULL DEFAULT 'medium',
    status cwom.issue_status NOT NULL DEFAULT 'backlog',
    acceptance jsonb NOT NULL DEFAULT '[]'
        CONSTRAINT issues_acceptance_check CHECK (jsonb_typeof(acceptance) = 'array'),
    meta jsonb NOT NULL DEFAULT '{}'
        CONSTRAINT issues_meta_check CHECK (jsonb_typeof(meta) = 'object'),
    tags jsonb NOT NULL DEFAULT '[]'
        CONSTRAINT issues_tags_check CHECK (jsonb_typeof(tags) = 'array'),
    trace_id uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT issues_id_repo_id_key UNIQUE (id, repo_id),
    CONSTRAINT issues_title_check CHECK (title <> '')
);

CREATE INDEX issues_repo_id_status_idx ON cwom.issues (repo_id, status);
CREATE INDEX issues_trace_id_idx ON cwom.issues (trace_id);

COMMENT ON TABLE cwom.issues IS 'Units of work that somebody wants done in a repository.';
COMMENT ON COLUMN cwom.issues.id IS
    'Primary key: a UUID v7 that the application makes.';
COMMENT ON COLUMN cwom.issues.repo_id IS
    'Repository that the work is in.';
COMMENT ON COLUMN cwom.issues.title IS
    'The wish in one line.';
COMMENT ON COLUMN cwom.issues.description IS
    'The wish in full, as Markdown.';
COMMENT ON COLUMN cwom.issues.kind IS
    'What sort of work it asks for.';
COMMENT ON COLUMN cwom.issues.priority IS
    'How urgent it is.';
COMMENT ON COLUMN cwom.issues.status IS
    'Where it stands.';
COMMENT ON COLUMN cwom.issues.acceptance IS
    'JSON array of statements that hold once the issue is done.';
COMMENT ON COLUMN cwom.issues.meta IS
    'JSON object for facts that no column has yet; nothing in the system may depend on its keys.';
COMMENT ON COLUMN cwom.issues.tags IS
    'JSON array of free labels.';
COMMENT ON COLUMN cwom.issues.trace_id IS
    'Trace that the change came from; the same id in audit_log and in tower; null where nothing was traced.';
COMMENT ON COLUMN cwom.issues.created_at IS
    'When the row was inserted.';
COMMENT ON COLUMN cwom.issues.updated_at IS
    'When the row was last changed; the application sets it with every change.';
