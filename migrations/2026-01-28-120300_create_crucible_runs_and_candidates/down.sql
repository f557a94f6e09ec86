DROP TABLE crucible.candidates;
DROP TYPE crucible.candidate_status;
DROP TYPE crucible.candidate_origin;
DROP TABLE crucible.runs;
DROP TYPE crucible.run_status;
