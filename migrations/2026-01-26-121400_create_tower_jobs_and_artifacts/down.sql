DROP TABLE tower.artifacts;
DROP TABLE tower.jobs;
DROP TYPE tower.artifact_kind;
DROP TYPE tower.job_status;
DROP TYPE tower.job_kind;
