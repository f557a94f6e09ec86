COMMENT ON COLUMN cwom.constraint_snapshots.updated_at IS
    'When the row was last changed; the application sets it with every change.';
COMMENT ON COLUMN cwom.context_packets.updated_at IS
    'When the row was last changed; the application sets it with every change.';
COMMENT ON TABLE cwom.constraint_snapshots IS 'Limits as they were at one moment: budgets, allowed tools, deadlines. Immutable by convention: a change is a new version that supersedes the old one.';
COMMENT ON TABLE cwom.context_packets IS 'What an executor is told about an issue. Immutable by convention: a change is a new version that supersedes the old one.';

DROP TRIGGER constraint_snapshots_immutable_truncate ON cwom.constraint_snapshots;
DROP TRIGGER constraint_snapshots_immutable ON cwom.constraint_snapshots;
DROP TRIGGER context_packets_immutable_truncate ON cwom.context_packets;
DROP TRIGGER context_packets_immutable ON cwom.context_packets;
DROP FUNCTION cwom.refuse_change_of_version();
