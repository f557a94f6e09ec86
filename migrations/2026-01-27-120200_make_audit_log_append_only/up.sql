CREATE FUNCTION cwom.refuse_change_of_audit_log() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = ''
AS $$
BEGIN
    RAISE EXCEPTION '% of the audit log', TG_OP
        USING ERRCODE = 'CW004',
              HINT = 'Entries are only ever added; a correction is another entry.',
              SCHEMA = TG_TABLE_SCHEMA,
              TABLE = TG_TABLE_NAME,
              CONSTRAINT = TG_TABLE_NAME || '_append_only';
END
$$;
COMMENT ON FUNCTION cwom.refuse_change_of_audit_log() IS 'Trigger: refuses UPDATE, DELETE and TRUNCATE with SQLSTATE CW004.';

CREATE TRIGGER audit_log_append_only BEFORE UPDATE OR DELETE ON cwom.audit_log
    FOR EACH ROW EXECUTE FUNCTION cwom.refuse_change_of_audit_log();
CREATE TRIGGER audit_log_append_only_truncate BEFORE TRUNCATE ON cwom.audit_log
    FOR EACH STATEMENT EXECUTE FUNCTION cwom.refuse_change_of_audit_log();

COMMENT ON TABLE cwom.audit_log IS 'Who did what to which entity, and what it looked like before and after. Append-only.';
