DROP TABLE cwom.issues;
DROP TYPE cwom.issue_status;
DROP TYPE cwom.issue_priority;
DROP TYPE cwom.issue_kind;
