DROP TABLE crucible.world_models;
DROP TABLE crucible.problem_specs;
DROP TYPE crucible.run_mode;
DROP TYPE crucible.spec_resolution;
