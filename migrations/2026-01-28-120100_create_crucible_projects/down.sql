DROP TABLE crucible.projects;
