DROP TABLE cwom.repos;
DROP TYPE cwom.repo_status;
