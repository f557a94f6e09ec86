CREATE TYPE cwom.doctrine_kind AS ENUM (
    'principle',
    'policy',
    'procedure',
    'pattern'
);
COMMENT ON TYPE cwom.doctrine_kind IS 'What sort of rule a doctrine is.';

CREATE TYPE cwom.doctrine_priority AS ENUM (
    'must',
    'should',
    'may'
);
COMMENT ON TYPE cwom.doctrine_priority IS 'How strictly a doctrine binds, in the words of RFC 2119.';

CREATE TABLE cwom.doctrine_refs (
    id uuid PRIMARY KEY,
    namespace varchar(100) NOT NULL,
    name varchar(200) NOT NULL,
    version varchar(50) NOT NULL,
    kind cwom.doctrine_kind NOT NULL,
    priority cwom.doctrine_priority NOT NULL DEFAULT 'should',
    statement text NOT NULL,
    rationale text,
    source_uri text,
    meta jsonb NOT NULL DEFAULT '{}'
        CONSTRAINT doctrine_refs_meta_check CHECK (jsonb_typeof(meta) = 'object'),
    tags jsonb NOT NULL DEFAULT '[]'
        CONSTRAINT doctrine_refs_tags_check CHECK (jsonb_typeof(tags) = 'array'),
    trace_id uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT doctrine_refs_namespace_name_version_key UNIQUE (namespace, name, version)
);

CREATE INDEX doctrine_refs_trace_id_idx ON cwom.doctrine_refs (trace_id);

COMMENT ON TABLE cwom.doctrine_refs IS 'Rules that work is governed by, each in the version that was in force.';
COMMENT ON COLUMN cwom.doctrine_refs.id IS
    'Primary key: a UUID v7 that the application makes.';
COMMENT ON COLUMN cwom.doctrine_refs.namespace IS
    'Who the doctrine belongs to, for example security.';
COMMENT ON COLUMN cwom.doctrine_refs.name IS
    'Name of the doctrine in its namespace.';
COMMENT ON COLUMN cwom.doctrine_refs.version IS
    'Version in the words of its authors.';
COMMENT ON COLUMN cwom.doctrine_refs.kind IS
    'What sort of rule it is.';
COMMENT ON COLUMN cwom.doctrine_refs.priority IS
    'How strictly it binds.';
COMMENT ON COLUMN cwom.doctrine_refs.statement IS
    'The rule itself, as Markdown.';
COMMENT ON COLUMN cwom.doctrine_refs.rationale IS
    'Why the rule is there; null where its authors do not say.';
COMMENT ON COLUMN cwom.doctrine_refs.source_uri IS
    'Where the rule was published; null where it was not.';
COMMENT ON COLUMN cwom.doctrine_refs.meta IS
    'JSON object for facts that no column has yet; nothing in the system may depend on its keys.';
COMMENT ON COLUMN cwom.doctrine_refs.tags IS
    'JSON array of free labels.';
COMMENT ON COLUMN cwom.doctrine_refs.trace_id IS
    'Trace that the change came from; the same id in audit_log and in tower; null where nothing was traced.';
COMMENT ON COLUMN cwom.doctrine_refs.created_at IS
    'When the row was inserted.';
COMMENT ON COLUMN cwom.doctrine_refs.updated_at IS
    'When the row was last changed; the application sets it with every change.';
