CREATE TYPE cwom.constraint_scope AS ENUM (
    'organization',
    'repo',
    'issue',
    'run'
);
COMMENT ON TYPE cwom.constraint_scope IS 'What a constraint snapshot binds.';

CREATE TABLE cwom.constraint_snapshots (
    id uuid PRIMARY KEY,
    scope cwom.constraint_scope NOT NULL,
    name varchar(200) NOT NULL,
    version integer NOT NULL,
    supersedes_id uuid,
    rules jsonb NOT NULL DEFAULT '{}'
        CONSTRAINT constraint_snapshots_rules_check CHECK (jsonb_typeof(rules) = 'object'),
    meta jsonb NOT NULL DEFAULT '{}'
        CONSTRAINT constraint_snapshots_meta_check CHECK (jsonb_typeof(meta) = 'object'),
    tags jsonb NOT NULL DEFAULT '[]'
        CONSTRAINT constraint_snapshots_tags_check CHECK (jsonb_typeof(tags) = 'array'),
    trace_id uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT constraint_snapshots_scope_name_version_key UNIQUE (scope, name, version),
    CONSTRAINT constraint_snapshots_id_scope_name_key UNIQUE (id, scope, name),
    CONSTRAINT constraint_snapshots_supersedes_id_key UNIQUE (supersedes_id),
    CONSTRAINT constraint_snapshots_supersedes_id_fkey FOREIGN KEY (supersedes_id, scope, name)
        REFERENCES cwom.constraint_snapshots (id, scope, name) ON DELETE RESTRICT,
    CONSTRAINT constraint_snapshots_name_check CHECK (name <> ''),
    CONSTRAINT constraint_snapshots_version_check CHECK (version >= 1),
    CONSTRAINT constraint_snapshots_first_version_check CHECK ((version = 1) = (supersedes_id IS NULL)),
    CONSTRAINT constraint_snapshots_supersedes_itself_check CHECK (supersedes_id <> id)
);

CREATE INDEX constraint_snapshots_trace_id_idx ON cwom.constraint_snapshots (trace_id);

COMMENT ON TABLE cwom.constraint_snapshots IS 'Limits as they were at one moment: budgets, allowed tools, deadlines. Immutable by convention: a change is a new version that supersedes the old one.';
COMMENT ON COLUMN cwom.constraint_snapshots.id IS
    'Primary key: a UUID v7 that the application makes.';
COMMENT ON COLUMN cwom.constraint_snapshots.scope IS
    'What the limits bind.';
COMMENT ON COLUMN cwom.constraint_snapshots.name IS
    'Name that all versions share.';
COMMENT ON COLUMN cwom.constraint_snapshots.version IS
    'Number of the snapshot among those of its scope and name, from 1.';
COMMENT ON COLUMN cwom.constraint_snapshots.supersedes_id IS
    'Version that this one replaces, of the same scope and name; null for the first. One version is replaced at most once, so that the history has no forks.';
COMMENT ON COLUMN cwom.constraint_snapshots.rules IS
    'JSON object of the limits by name, for example {"max_cost_usd": 5}.';
COMMENT ON COLUMN cwom.constraint_snapshots.meta IS
    'JSON object for facts that no column has yet; nothing in the system may depend on its keys.';
COMMENT ON COLUMN cwom.constraint_snapshots.tags IS
    'JSON array of free labels.';
COMMENT ON COLUMN cwom.constraint_snapshots.trace_id IS
    'Trace that the change came from; the same id in audit_log and in tower; null where nothing was traced.';
COMMENT ON COLUMN cwom.constraint_snapshots.created_at IS
    'When the row was inserted.';
COMMENT ON COLUMN cwom.constraint_snapshots.updated_at IS
    'When the row was last changed; the application sets it with every change.';
