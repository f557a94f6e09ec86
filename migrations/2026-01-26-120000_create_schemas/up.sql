-- Nothing of these models lives in public, so that a reader sees whose a table is and two domains may use one name.
CREATE SCHEMA cwom;
COMMENT ON SCHEMA cwom IS 'What work is wanted, what it is governed by, and what came of it.';

CREATE SCHEMA tower;
COMMENT ON SCHEMA tower IS 'What executes the work: agents, workflows, tasks, jobs and the events between them.';
