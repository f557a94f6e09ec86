-- A version never changes and never goes: what a run was told and bound by stays known. A change is the next version.
-- The constraint's name is what Diesel hands on of an error; psql shows the SQLSTATE as well.

CREATE FUNCTION cwom.refuse_change_of_version() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = ''
AS $$
BEGIN
    RAISE EXCEPTION '% of an immutable row of %.%', TG_OP, TG_TABLE_SCHEMA, TG_TABLE_NAME
        USING ERRCODE = 'CW001',
              HINT = 'Insert a new version that supersedes it.',
              SCHEMA = TG_TABLE_SCHEMA,
              TABLE = TG_TABLE_NAME,
              CONSTRAINT = TG_TABLE_NAME || '_immutable';
END
$$;
COMMENT ON FUNCTION cwom.refuse_change_of_version() IS 'Trigger: refuses UPDATE, DELETE and TRUNCATE with SQLSTATE CW001.';

CREATE TRIGGER context_packets_immutable BEFORE UPDATE OR DELETE ON cwom.context_packets
    FOR EACH ROW EXECUTE FUNCTION cwom.refuse_change_of_version();
CREATE TRIGGER context_packets_immutable_truncate BEFORE TRUNCATE ON cwom.context_packets
    FOR EACH STATEMENT EXECUTE FUNCTION cwom.refuse_change_of_version();

CREATE TRIGGER constraint_snapshots_immutable BEFORE UPDATE OR DELETE ON cwom.constraint_snapshots
    FOR EACH ROW EXECUTE FUNCTION cwom.refuse_change_of_version();
CREATE TRIGGER constraint_snapshots_immutable_truncate BEFORE TRUNCATE ON cwom.constraint_snapshots
    FOR EACH STATEMENT EXECUTE FUNCTION cwom.refuse_change_of_version();

COMMENT ON TABLE cwom.context_packets IS 'What an executor is told about an issue. Immutable: a change is a new version that supersedes the old one.';
COMMENT ON TABLE cwom.constraint_snapshots IS 'Limits as they were at one moment: budgets, allowed tools, deadlines. Immutable: a change is a new version that supersedes the old one.';
COMMENT ON COLUMN cwom.context_packets.updated_at IS
    'Always created_at, because the row never changes; there for readers that expect it of every table.';
COMMENT ON COLUMN cwom.constraint_snapshots.updated_at IS
    'Always created_at, because the row never changes; there for readers that expect it of every table.';
