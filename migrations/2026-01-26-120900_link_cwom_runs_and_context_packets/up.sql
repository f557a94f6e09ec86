-- A link goes with the run or packet that owns it; what it points to cannot vanish from under it.

CREATE TABLE cwom.run_context_packets (
    run_id uuid NOT NULL REFERENCES cwom.runs (id) ON DELETE CASCADE,
    context_packet_id uuid NOT NULL REFERENCES cwom.context_packets (id) ON DELETE RESTRICT,
    trace_id uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (run_id, context_packet_id)
);

CREATE INDEX run_context_packets_context_packet_id_idx ON cwom.run_context_packets (context_packet_id);
CREATE INDEX run_context_packets_trace_id_idx ON cwom.run_context_packets (trace_id);

COMMENT ON TABLE cwom.run_context_packets IS 'Which context packets a run was given.';
COMMENT ON COLUMN cwom.run_context_packets.run_id IS
    'Run that was given the packet; the link goes with it.';
COMMENT ON COLUMN cwom.run_context_packets.context_packet_id IS
    'Packet that it was given; cannot be deleted while a link needs it.';
COMMENT ON COLUMN cwom.run_context_packets.trace_id IS
    'Trace that the change came from; the same id in audit_log and in tower; null where nothing was traced.';
COMMENT ON COLUMN cwom.run_context_packets.created_at IS
    'When the row was inserted.';
COMMENT ON COLUMN cwom.run_context_packets.updated_at IS
    'Always created_at, because a link never changes; there for readers that expect it of every table.';

CREATE TABLE cwom.run_doctrine_refs (
    run_id uuid NOT NULL REFERENCES cwom.runs (id) ON DELETE CASCADE,
    doctrine_ref_id uuid NOT NULL REFERENCES cwom.doctrine_refs (id) ON DELETE RESTRICT,
    trace_id uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (run_id, doctrine_ref_id)
);

CREATE INDEX run_doctrine_refs_doctrine_ref_id_idx ON cwom.run_doctrine_refs (doctrine_ref_id);
CREATE INDEX run_doctrine_refs_trace_id_idx ON cwom.run_doctrine_refs (trace_id);

COMMENT ON TABLE cwom.run_doctrine_refs IS 'Which doctrines govern a run.';
COMMENT ON COLUMN cwom.run_doctrine_refs.run_id IS
    'Run that is governed; the link goes with it.';
COMMENT ON COLUMN cwom.run_doctrine_refs.doctrine_ref_id IS
    'Doctrine that governs; cannot be deleted while a link needs it.';
COMMENT ON COLUMN cwom.run_doctrine_refs.trace_id IS
    'Trace that the change came from; the same id in audit_log and in tower; null where nothing was traced.';
COMMENT ON COLUMN cwom.run_doctrine_refs.created_at IS
    'When the row was inserted.';
COMMENT ON COLUMN cwom.run_doctrine_refs.updated_at IS
    'Always created_at, because a link never changes; there for readers that expect it of every table.';

CREATE TABLE cwom.context_packet_doctrine_refs (
    context_packet_id uuid NOT NULL REFERENCES cwom.context_packets (id) ON DELETE CASCADE,
    doctrine_ref_id uuid NOT NULL REFERENCES cwom.doctrine_refs (id) ON DELETE RESTRICT,
    trace_id uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (context_packet_id, doctrine_ref_id)
);

CREATE INDEX context_packet_doctrine_refs_doctrine_ref_id_idx ON cwom.context_packet_doctrine_refs (doctrine_ref_id);
CREATE INDEX context_packet_doctrine_refs_trace_id_idx ON cwom.context_packet_doctrine_refs (trace_id);

COMMENT ON TABLE cwom.context_packet_doctrine_refs IS 'Which doctrines a context packet hands on.';
COMMENT ON COLUMN cwom.context_packet_doctrine_refs.context_packet_id IS
    'Packet that hands on; the link goes with it.';
COMMENT ON COLUMN cwom.context_packet_doctrine_refs.doctrine_ref_id IS
    'Doctrine that is handed on; cannot be deleted while a link needs it.';
COMMENT ON COLUMN cwom.context_packet_doctrine_refs.trace_id IS
    'Trace that the change came from; the same id in audit_log and in tower; null where nothing was traced.';
COMMENT ON COLUMN cwom.context_packet_doctrine_refs.created_at IS
    'When the row was inserted.';
COMMENT ON COLUMN cwom.context_packet_doctrine_refs.updated_at IS
    'Always created_at, because a link never changes; there for readers that expect it of every table.';
