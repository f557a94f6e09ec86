-- updated_at is the transaction's time, whoever writes: the audit log's triggers rely on it.

CREATE FUNCTION cwom.touch_updated_at() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = ''
AS $$
BEGIN
    NEW.updated_at := now();
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION cwom.touch_updated_at() IS 'Trigger: a changed row has the time of the transaction that changed it.';

CREATE TRIGGER repos_touch BEFORE UPDATE ON cwom.repos
    FOR EACH ROW EXECUTE FUNCTION cwom.touch_updated_at();
CREATE TRIGGER issues_touch BEFORE UPDATE ON cwom.issues
    FOR EACH ROW EXECUTE FUNCTION cwom.touch_updated_at();
CREATE TRIGGER doctrine_refs_touch BEFORE UPDATE ON cwom.doctrine_refs
    FOR EACH ROW EXECUTE FUNCTION cwom.touch_updated_at();
CREATE TRIGGER runs_touch BEFORE UPDATE ON cwom.runs
    FOR EACH ROW EXECUTE FUNCTION cwom.touch_updated_at();
CREATE TRIGGER artifacts_touch BEFORE UPDATE ON cwom.artifacts
    FOR EACH ROW EXECUTE FUNCTION cwom.touch_updated_at();

CREATE TRIGGER agents_touch BEFORE UPDATE ON tower.agents
    FOR EACH ROW EXECUTE FUNCTION cwom.touch_updated_at();
CREATE TRIGGER workflows_touch BEFORE UPDATE ON tower.workflows
    FOR EACH ROW EXECUTE FUNCTION cwom.touch_updated_at();
CREATE TRIGGER tasks_touch BEFORE UPDATE ON tower.tasks
    FOR EACH ROW EXECUTE FUNCTION cwom.touch_updated_at();
CREATE TRIGGER events_touch BEFORE UPDATE ON tower.events
    FOR EACH ROW EXECUTE FUNCTION cwom.touch_updated_at();
CREATE TRIGGER jobs_touch BEFORE UPDATE ON tower.jobs
    FOR EACH ROW EXECUTE FUNCTION cwom.touch_updated_at();
CREATE TRIGGER artifacts_touch BEFORE UPDATE ON tower.artifacts
    FOR EACH ROW EXECUTE FUNCTION cwom.touch_updated_at();

COMMENT ON COLUMN cwom.repos.updated_at IS
    'When the row was last changed: the time of that transaction.';
COMMENT ON COLUMN cwom.issues.updated_at IS
    'When the row was last changed: the time of that transaction.';
COMMENT ON COLUMN cwom.doctrine_refs.updated_at IS
    'When the row was last changed: the time of that transaction.';
COMMENT ON COLUMN cwom.runs.updated_at IS
    'When the row was last changed: the time of that transaction.';
COMMENT ON COLUMN cwom.artifacts.updated_at IS
    'When the row was last changed: the time of that transaction.';
COMMENT ON COLUMN tower.agents.updated_at IS
    'When the row was last changed: the time of that transaction.';
COMMENT ON COLUMN tower.workflows.updated_at IS
    'When the row was last changed: the time of that transaction.';
COMMENT ON COLUMN tower.tasks.updated_at IS
    'When the row was last changed: the time of that transaction.';
COMMENT ON COLUMN tower.events.updated_at IS
    'When the row was last changed: the time of that transaction.';
COMMENT ON COLUMN tower.jobs.updated_at IS
    'When the row was last changed: the time of that transaction.';
COMMENT ON COLUMN tower.artifacts.updated_at IS
    'When the row was last changed: the time of that transaction.';
