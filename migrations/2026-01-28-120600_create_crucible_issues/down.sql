DROP TABLE crucible.issues;
DROP TYPE crucible.resolution_status;
DROP TYPE crucible.issue_severity;
DROP TYPE crucible.issue_type;
