CREATE TYPE cwom.repo_status AS ENUM (
    'active',
    'archived'
);
COMMENT ON TYPE cwom.repo_status IS 'Whether work may start in a repository.';

CREATE TABLE cwom.repos (
    id uuid PRIMARY KEY,
    slug varchar(200) NOT NULL,
    name text NOT NULL,
    url text,
    default_branch varchar(255) NOT NULL DEFAULT 'main',
    status cwom.repo_status NOT NULL DEFAULT 'active',
    meta jsonb NOT NULL DEFAULT '{}'
        CONSTRAINT repos_meta_check CHECK (jsonb_typeof(meta) = 'object'),
    tags jsonb NOT NULL DEFAULT '[]'
        CONSTRAINT repos_tags_check CHECK (jsonb_typeof(tags) = 'array'),
    trace_id uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT repos_slug_key UNIQUE (slug),
    CONSTRAINT repos_slug_check CHECK (slug <> '')
);

CREATE INDEX repos_trace_id_idx ON cwom.repos (trace_id);

COMMENT ON TABLE cwom.repos IS 'Repositories that work is done in.';
COMMENT ON COLUMN cwom.repos.id IS
    'Primary key: a UUID v7 that the application makes.';
COMMENT ON COLUMN cwom.repos.slug IS
    'Short unique name, owner/name on most forges.';
COMMENT ON COLUMN cwom.repos.name IS
    'Name for people.';
COMMENT ON COLUMN cwom.repos.url IS
    'Where to clone it from; null for one that has no remote.';
COMMENT ON COLUMN cwom.repos.default_branch IS
    'Branch that work starts from.';
COMMENT ON COLUMN cwom.repos.status IS
    'Whether work may start in it.';
COMMENT ON COLUMN cwom.repos.meta IS
    'JSON object for facts that no column has yet; nothing in the system may depend on its keys.';
COMMENT ON COLUMN cwom.repos.tags IS
    'JSON array of free labels.';
COMMENT ON COLUMN cwom.repos.trace_id IS
    'Trace that the change came from; the same id in audit_log and in tower; null where nothing was traced.';
COMMENT ON COLUMN cwom.repos.created_at IS
    'When the row was inserted.';
COMMENT ON COLUMN cwom.repos.updated_at IS
    'When the row was last changed; the application sets it with every change.';
