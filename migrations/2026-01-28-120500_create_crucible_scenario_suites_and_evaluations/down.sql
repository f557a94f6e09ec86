DROP TABLE crucible.evaluations;
DROP TABLE crucible.scenario_suites;
