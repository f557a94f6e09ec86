-- A link goes with the issue; what it points to cannot vanish from under it.

CREATE TABLE cwom.issue_context_packets (
    issue_id uuid NOT NULL REFERENCES cwom.issues (id) ON DELETE CASCADE,
    context_packet_id uuid NOT NULL REFERENCES cwom.context_packets (id) ON DELETE RESTRICT,
    trace_id uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (issue_id, context_packet_id)
);

CREATE INDEX issue_context_packets_context_packet_id_idx ON cwom.issue_context_packets (context_packet_id);
CREATE INDEX issue_context_packets_trace_id_idx ON cwom.issue_context_packets (trace_id);

COMMENT ON TABLE cwom.issue_context_packets IS 'Which context packets an issue refers to, its own and those of other issues.';
COMMENT ON COLUMN cwom.issue_context_packets.issue_id IS
    'Issue that refers; the link goes with it.';
COMMENT ON COLUMN cwom.issue_context_packets.context_packet_id IS
    'Packet that is referred to; cannot be deleted while a link needs it.';
COMMENT ON COLUMN cwom.issue_context_packets.trace_id IS
    'Trace that the change came from; the same id in audit_log and in tower; null where nothing was traced.';
COMMENT ON COLUMN cwom.issue_context_packets.created_at IS
    'When the row was inserted.';
COMMENT ON COLUMN cwom.issue_context_packets.updated_at IS
    'Always created_at, because a link never changes; there for readers that expect it of every table.';

CREATE TABLE cwom.issue_doctrine_refs (
    issue_id uuid NOT NULL REFERENCES cwom.issues (id) ON DELETE CASCADE,
    doctrine_ref_id uuid NOT NULL REFERENCES cwom.doctrine_refs (id) ON DELETE RESTRICT,
    trace_id uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (issue_id, doctrine_ref_id)
);

CREATE INDEX issue_doctrine_refs_doctrine_ref_id_idx ON cwom.issue_doctrine_refs (doctrine_ref_id);
CREATE INDEX issue_doctrine_refs_trace_id_idx ON cwom.issue_doctrine_refs (trace_id);

COMMENT ON TABLE cwom.issue_doctrine_refs IS 'Which doctrines govern an issue.';
COMMENT ON COLUMN cwom.issue_doctrine_refs.issue_id IS
    'Issue that is governed; the link goes with it.';
COMMENT ON COLUMN cwom.issue_doctrine_refs.doctrine_ref_id IS
    'Doctrine that governs; cannot be deleted while a link needs it.';
COMMENT ON COLUMN cwom.issue_doctrine_refs.trace_id IS
    'Trace that the change came from; the same id in audit_log and in tower; null where nothing was traced.';
COMMENT ON COLUMN cwom.issue_doctrine_refs.created_at IS
    'When the row was inserted.';
COMMENT ON COLUMN cwom.issue_doctrine_refs.updated_at IS
    'Always created_at, because a link never changes; there for readers that expect it of every table.';

CREATE TABLE cwom.issue_constraint_snapshots (
    issue_id uuid NOT NULL REFERENCES cwom.issues (id) ON DELETE CASCADE,
    constraint_snapshot_id uuid NOT NULL REFERENCES cwom.constraint_snapshots (id) ON DELETE RESTRICT,
    trace_id uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (issue_id, constraint_snapshot_id)
);

CREATE INDEX issue_constraint_snapshots_constraint_snapshot_id_idx ON cwom.issue_constraint_snapshots (constraint_snapshot_id);
CREATE INDEX issue_constraint_snapshots_trace_id_idx ON cwom.issue_constraint_snapshots (trace_id);

COMMENT ON TABLE cwom.issue_constraint_snapshots IS 'Which constraint snapshots bind an issue.';
COMMENT ON COLUMN cwom.issue_constraint_snapshots.issue_id IS
    'Issue that is bound; the link goes with it.';
COMMENT ON COLUMN cwom.issue_constraint_snapshots.constraint_snapshot_id IS
    'Snapshot that binds; cannot be deleted while a link needs it.';
COMMENT ON COLUMN cwom.issue_constraint_snapshots.trace_id IS
    'Trace that the change came from; the same id in audit_log and in tower; null where nothing was traced.';
COMMENT ON COLUMN cwom.issue_constraint_snapshots.created_at IS
    'When the row was inserted.';
COMMENT ON COLUMN cwom.issue_constraint_snapshots.updated_at IS
    'Always created_at, because a link never changes; there for readers that expect it of every table.';
