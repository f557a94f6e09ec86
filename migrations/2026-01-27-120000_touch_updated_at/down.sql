COMMENT ON COLUMN tower.artifacts.updated_at IS
    'When the row was last changed; the application sets it with every change.';
COMMENT ON COLUMN tower.jobs.updated_at IS
    'When the row was last changed; the application sets it with every change.';
COMMENT ON COLUMN tower.events.updated_at IS
    'When the row was last changed; the application sets it with every change.';
COMMENT ON COLUMN tower.tasks.updated_at IS
    'When the row was last changed; the application sets it with every change.';
COMMENT ON COLUMN tower.workflows.updated_at IS
    'When the row was last changed; the application sets it with every change.';
COMMENT ON COLUMN tower.agents.updated_at IS
    'When the row was last changed; the application sets it with every change.';
COMMENT ON COLUMN cwom.artifacts.updated_at IS
    'When the row was last changed; the application sets it with every change.';
COMMENT ON COLUMN cwom.runs.updated_at IS
    'When the row was last changed; the application sets it with every change.';
COMMENT ON COLUMN cwom.doctrine_refs.updated_at IS
    'When the row was last changed; the application sets it with every change.';
COMMENT ON COLUMN cwom.issues.updated_at IS
    'When the row was last changed; the application sets it with every change.';
COMMENT ON COLUMN cwom.repos.updated_at IS
    'When the row was last changed; the application sets it with every change.';

DROP TRIGGER artifacts_touch ON tower.artifacts;
DROP TRIGGER jobs_touch ON tower.jobs;
DROP TRIGGER events_touch ON tower.events;
DROP TRIGGER tasks_touch ON tower.tasks;
DROP TRIGGER workflows_touch ON tower.workflows;
DROP TRIGGER agents_touch ON tower.agents;
DROP TRIGGER artifacts_touch ON cwom.artifacts;
DROP TRIGGER runs_touch ON cwom.runs;
DROP TRIGGER doctrine_refs_touch ON cwom.doctrine_refs;
DROP TRIGGER issues_touch ON cwom.issues;
DROP TRIGGER repos_touch ON cwom.repos;
DROP FUNCTION cwom.touch_updated_at();
