DROP TABLE cwom.audit_log;
DROP TYPE cwom.audit_entity_kind;
DROP TYPE cwom.audit_action;
