COMMENT ON TABLE cwom.audit_log IS 'Who did what to which entity, and what it looked like before and after. Append-only by convention.';

DROP TRIGGER audit_log_append_only_truncate ON cwom.audit_log;
DROP TRIGGER audit_log_append_only ON cwom.audit_log;
DROP FUNCTION cwom.refuse_change_of_audit_log();
