CREATE TABLE cwom.context_packets (
    id uuid PRIMARY KEY,
    for_issue_id uuid NOT NULL REFERENCES cwom.issues (id) ON DELETE RESTRICT,
    version integer NOT NULL,
    supersedes_id uuid,
    title text NOT NULL,
    summary text NOT NULL,
    instructions text,
    assumptions jsonb NOT NULL DEFAULT '[]'
        CONSTRAINT context_packets_assumptions_check CHECK (jsonb_typeof(assumptions) = 'array'),
    open_questions jsonb NOT NULL DEFAULT '[]'
        CONSTRAINT context_packets_open_questions_check CHECK (jsonb_typeof(open_questions) = 'array'),
    meta jsonb NOT NULL DEFAULT '{}'
        CONSTRAINT context_packets_meta_check CHECK (jsonb_typeof(meta) = 'object'),
    tags jsonb NOT NULL DEFAULT '[]'
        CONSTRAINT context_packets_tags_check CHECK (jsonb_typeof(tags) = 'array'),
    trace_id uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT context_packets_for_issue_id_version_key UNIQUE (for_issue_id, version),
    CONSTRAINT context_packets_id_for_issue_id_key UNIQUE (id, for_issue_id),
    CONSTRAINT context_packets_supersedes_id_key UNIQUE (supersedes_id),
    CONSTRAINT context_packets_supersedes_id_fkey FOREIGN KEY (supersedes_id, for_issue_id)
        REFERENCES cwom.context_packets (id, for_issue_id) ON DELETE RESTRICT,
    CONSTRAINT context_packets_version_check CHECK (version >= 1),
    CONSTRAINT context_packets_first_version_check CHECK ((version = 1) = (supersedes_id IS NULL)),
    CONSTRAINT context_packets_supersedes_itself_check CHECK (supersedes_id <> id)
);

CREATE INDEX context_packets_trace_id_idx ON cwom.context_packets (trace_id);

COMMENT ON TABLE cwom.context_packets IS 'What an executor is told about an issue. Immutable by convention: a change is a new version that supersedes the old one.';
COMMENT ON COLUMN cwom.context_packets.id IS
    'Primary key: a UUID v7 that the application makes.';
COMMENT ON COLUMN cwom.context_packets.for_issue_id IS
    'Issue that the packet tells about.';
COMMENT ON COLUMN cwom.context_packets.version IS
    'Number of the packet among those of its issue, from 1.';
COMMENT ON COLUMN cwom.context_packets.supersedes_id IS
    'Version that this one replaces, of the same issue; null for the first. One version is replaced at most once, so that the history has no forks.';
COMMENT ON COLUMN cwom.context_packets.title IS
    'What the packet is about, in one line.';
COMMENT ON COLUMN cwom.context_packets.summary IS
    'What the executor has to know, as Markdown.';
COMMENT ON COLUMN cwom.context_packets.instructions IS
    'What the executor has to do, as Markdown; null where the issue says it.';
COMMENT ON COLUMN cwom.context_packets.assumptions IS
    'JSON array of what was taken for true without proof.';
COMMENT ON COLUMN cwom.context_packets.open_questions IS
    'JSON array of what is still to be found out.';
COMMENT ON COLUMN cwom.context_packets.meta IS
    'JSON object for facts that no column has yet; nothing in the system may depend on its keys.';
COMMENT ON COLUMN cwom.context_packets.tags IS
    'JSON array of free labels.';
COMMENT ON COLUMN cwom.context_packets.trace_id IS
    'Trace that the change came from; the same id in audit_log and in tower; null where nothing was traced.';
COMMENT ON COLUMN cwom.context_packets.created_at IS
    'When the row was inserted.';
COMMENT ON COLUMN cwom.context_packets.updated_at IS
    'When the row was last changed; the application sets it with every change.';
