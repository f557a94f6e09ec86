-- A change and its entry are committed together or not at all, whoever writes. Both triggers are deferred to the commit, so
-- that the two may be written in any order; what belongs together has the time of one transaction.

CREATE FUNCTION cwom.require_audit_entry() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = ''
AS $$
DECLARE
    changed jsonb := to_jsonb(CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END);
BEGIN
    IF NOT EXISTS (
        SELECT FROM cwom.audit_log entry
        WHERE entry.entity_kind = TG_ARGV[0]::cwom.audit_entity_kind
            AND entry.entity_id = (changed ->> 'id')::uuid
            AND entry.ts = now()
            AND CASE TG_OP
                WHEN 'INSERT' THEN entry.action = 'created'
                WHEN 'UPDATE' THEN entry.action IN ('updated', 'status_changed')
                ELSE entry.action = 'deleted'
            END
    ) THEN
        RAISE EXCEPTION '% of %.% % without an entry in the audit log', TG_OP, TG_TABLE_SCHEMA, TG_TABLE_NAME, changed ->> 'id'
            USING ERRCODE = 'CW002',
                  HINT = 'Record it in cwom.audit_log in the same transaction, as the stores do.',
                  SCHEMA = TG_TABLE_SCHEMA,
                  TABLE = TG_TABLE_NAME,
                  CONSTRAINT = TG_TABLE_NAME || '_audited';
    END IF;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION cwom.require_audit_entry() IS 'Constraint trigger: refuses with SQLSTATE CW002 to commit a change of an entity that the audit log does not tell. Argument: the label of cwom.audit_entity_kind.';

CREATE FUNCTION cwom.require_audit_entry_of_link() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = ''
AS $$
DECLARE
    changed jsonb := to_jsonb(CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END) - '{trace_id,created_at,updated_at}'::text[];
BEGIN
    IF NOT EXISTS (
        SELECT FROM cwom.audit_log entry
        WHERE entry.entity_kind = TG_ARGV[0]::cwom.audit_entity_kind
            AND entry.entity_id = (changed ->> TG_ARGV[1])::uuid
            AND entry.ts = now()
            AND CASE TG_OP
                WHEN 'DELETE' THEN entry.action = 'unlinked' AND entry.before = changed || jsonb_build_object('link', TG_TABLE_NAME)
                ELSE entry.action = 'linked' AND entry.after = changed || jsonb_build_object('link', TG_TABLE_NAME)
            END
    ) THEN
        RAISE EXCEPTION '% of %.% % without an entry in the audit log', TG_OP, TG_TABLE_SCHEMA, TG_TABLE_NAME, changed
            USING ERRCODE = 'CW002',
                  HINT = 'Record it in cwom.audit_log in the same transaction, as the stores do.',
                  SCHEMA = TG_TABLE_SCHEMA,
                  TABLE = TG_TABLE_NAME,
                  CONSTRAINT = TG_TABLE_NAME || '_audited';
    END IF;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION cwom.require_audit_entry_of_link() IS 'Constraint trigger: refuses with SQLSTATE CW002 to commit a change of a link that the audit log does not tell. Arguments: the label of cwom.audit_entity_kind that owns the link, and the column of its key.';

CREATE FUNCTION cwom.refuse_unaudited_truncate() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = ''
AS $$
BEGIN
    RAISE EXCEPTION 'TRUNCATE of %.%, which the audit log could not tell row by row', TG_TABLE_SCHEMA, TG_TABLE_NAME
        USING ERRCODE = 'CW002',
              HINT = 'Delete the rows, and record each in cwom.audit_log in the same transaction.',
              SCHEMA = TG_TABLE_SCHEMA,
              TABLE = TG_TABLE_NAME,
              CONSTRAINT = TG_TABLE_NAME || '_audited';
END
$$;
COMMENT ON FUNCTION cwom.refuse_unaudited_truncate() IS 'Trigger: refuses TRUNCATE of an audited table with SQLSTATE CW002.';

CREATE FUNCTION cwom.require_change() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = ''
AS $$
DECLARE
    entity_table regclass := CASE NEW.entity_kind
        WHEN 'repo' THEN 'cwom.repos'
        WHEN 'issue' THEN 'cwom.issues'
        WHEN 'context_packet' THEN 'cwom.context_packets'
        WHEN 'constraint_snapshot' THEN 'cwom.constraint_snapshots'
        WHEN 'doctrine_ref' THEN 'cwom.doctrine_refs'
        WHEN 'run' THEN 'cwom.runs'
        WHEN 'artifact' THEN 'cwom.artifacts'
        WHEN 'agent' THEN 'tower.agents'
        WHEN 'workflow' THEN 'tower.workflows'
        WHEN 'task' THEN 'tower.tasks'
        WHEN 'event' THEN 'tower.events'
        WHEN 'job' THEN 'tower.jobs'
        WHEN 'tower_artifact' THEN 'tower.artifacts'
    END;
    link jsonb := coalesce(NEW.after, NEW.before);
    founded boolean;
BEGIN
    CASE
        -- A row that is gone can no longer be asked: it is gone, and nobody has said so before.
        WHEN NEW.action = 'deleted' THEN
            EXECUTE format('SELECT NOT EXISTS (SELECT FROM %s WHERE id = $1)', entity_table)
                INTO founded USING NEW.entity_id;
            founded := founded AND NOT EXISTS (
                SELECT FROM cwom.audit_log entry
                WHERE entry.entity_kind = NEW.entity_kind
                    AND entry.entity_id = NEW.entity_id
                    AND entry.action = 'deleted'
                    AND entry.id <> NEW.id
            );
        WHEN NEW.action = 'linked' THEN
            EXECUTE format(
                'SELECT EXISTS (SELECT FROM cwom.%I link WHERE to_jsonb(link) @> $1 AND link.created_at = now())',
                link ->> 'link'
            ) INTO founded USING link - 'link';
        WHEN NEW.action = 'unlinked' THEN
            EXECUTE format('SELECT NOT EXISTS (SELECT FROM cwom.%I link WHERE to_jsonb(link) @> $1)', link ->> 'link')
                INTO founded USING link - 'link';
            founded := founded AND 'linked' = (
                SELECT entry.action FROM cwom.audit_log entry
                WHERE entry.entity_kind = NEW.entity_kind
                    AND entry.entity_id = NEW.entity_id
                    AND coalesce(entry.after, entry.before) = link
                    AND entry.id <> NEW.id
                ORDER BY entry.ts DESC, entry.id DESC
                LIMIT 1
            );
        ELSE
            EXECUTE format('SELECT EXISTS (SELECT FROM %s WHERE id = $1 AND updated_at = now())', entity_table)
                INTO founded USING NEW.entity_id;
    END CASE;
    -- What was undone again in the same transaction has left no row, but an entry that says so.
    IF NEW.ts <> now() OR NOT coalesce(founded, false) AND NOT EXISTS (
        SELECT FROM cwom.audit_log entry
        WHERE entry.entity_kind = NEW.entity_kind
            AND entry.entity_id = NEW.entity_id
            AND entry.ts = now()
            AND CASE NEW.action
                WHEN 'linked' THEN entry.action = 'unlinked' AND entry.before = NEW.after
                WHEN 'unlinked' THEN entry.action = 'linked' AND entry.after = NEW.before
                ELSE entry.action = 'deleted' AND NEW.action <> 'deleted'
            END
    ) THEN
        RAISE EXCEPTION 'the audit log says that % % was %, which this transaction did not do', NEW.entity_kind, NEW.entity_id, NEW.action
            USING ERRCODE = 'CW003',
                  HINT = 'An entry is written in the transaction that makes the change.',
                  SCHEMA = TG_TABLE_SCHEMA,
                  TABLE = TG_TABLE_NAME,
                  CONSTRAINT = TG_TABLE_NAME || '_founded';
    END IF;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION cwom.require_change() IS 'Constraint trigger: refuses with SQLSTATE CW003 to commit an entry of the audit log whose change was not made in the same transaction.';

CREATE CONSTRAINT TRIGGER audit_log_founded AFTER INSERT ON cwom.audit_log
    DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION cwom.require_change();

CREATE CONSTRAINT TRIGGER repos_audited AFTER INSERT OR UPDATE OR DELETE ON cwom.repos
    DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION cwom.require_audit_entry('repo');
CREATE CONSTRAINT TRIGGER issues_audited AFTER INSERT OR UPDATE OR DELETE ON cwom.issues
    DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION cwom.require_audit_entry('issue');
CREATE CONSTRAINT TRIGGER context_packets_audited AFTER INSERT OR UPDATE OR DELETE ON cwom.context_packets
    DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION cwom.require_audit_entry('context_packet');
CREATE CONSTRAINT TRIGGER constraint_snapshots_audited AFTER INSERT OR UPDATE OR DELETE ON cwom.constraint_snapshots
    DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION cwom.require_audit_entry('constraint_snapshot');
CREATE CONSTRAINT TRIGGER doctrine_refs_audited AFTER INSERT OR UPDATE OR DELETE ON cwom.doctrine_refs
    DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION cwom.require_audit_entry('doctrine_ref');
CREATE CONSTRAINT TRIGGER runs_audited AFTER INSERT OR UPDATE OR DELETE ON cwom.runs
    DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION cwom.require_audit_entry('run');
CREATE CONSTRAINT TRIGGER artifacts_audited AFTER INSERT OR UPDATE OR DELETE ON cwom.artifacts
    DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION cwom.require_audit_entry('artifact');
CREATE CONSTRAINT TRIGGER agents_audited AFTER INSERT OR UPDATE OR DELETE ON tower.agents
    DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION cwom.require_audit_entry('agent');
CREATE CONSTRAINT TRIGGER workflows_audited AFTER INSERT OR UPDATE OR DELETE ON tower.workflows
    DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION cwom.require_audit_entry('workflow');
CREATE CONSTRAINT TRIGGER tasks_audited AFTER INSERT OR UPDATE OR DELETE ON tower.tasks
    DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION cwom.require_audit_entry('task');
CREATE CONSTRAINT TRIGGER events_audited AFTER INSERT OR UPDATE OR DELETE ON tower.events
    DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION cwom.require_audit_entry('event');
CREATE CONSTRAINT TRIGGER jobs_audited AFTER INSERT OR UPDATE OR DELETE ON tower.jobs
    DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION cwom.require_audit_entry('job');
CREATE CONSTRAINT TRIGGER artifacts_audited AFTER INSERT OR UPDATE OR DELETE ON tower.artifacts
    DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION cwom.require_audit_entry('tower_artifact');

CREATE CONSTRAINT TRIGGER issue_context_packets_audited AFTER INSERT OR UPDATE OR DELETE ON cwom.issue_context_packets
    DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION cwom.require_audit_entry_of_link('issue', 'issue_id');
CREATE CONSTRAINT TRIGGER issue_doctrine_refs_audited AFTER INSERT OR UPDATE OR DELETE ON cwom.issue_doctrine_refs
    DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION cwom.require_audit_entry_of_link('issue', 'issue_id');
CREATE CONSTRAINT TRIGGER issue_constraint_snapshots_audited AFTER INSERT OR UPDATE OR DELETE ON cwom.issue_constraint_snapshots
    DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION cwom.require_audit_entry_of_link('issue', 'issue_id');
CREATE CONSTRAINT TRIGGER run_context_packets_audited AFTER INSERT OR UPDATE OR DELETE ON cwom.run_context_packets
    DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION cwom.require_audit_entry_of_link('run', 'run_id');
CREATE CONSTRAINT TRIGGER run_doctrine_refs_audited AFTER INSERT OR UPDATE OR DELETE ON cwom.run_doctrine_refs
    DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION cwom.require_audit_entry_of_link('run', 'run_id');
CREATE CONSTRAINT TRIGGER context_packet_doctrine_refs_audited AFTER INSERT OR UPDATE OR DELETE ON cwom.context_packet_doctrine_refs
    DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION cwom.require_audit_entry_of_link('context_packet', 'context_packet_id');

-- Context packets and constraint snapshots refuse it already, because they never change.
CREATE TRIGGER repos_audited_truncate BEFORE TRUNCATE ON cwom.repos
    FOR EACH STATEMENT EXECUTE FUNCTION cwom.refuse_unaudited_truncate();
CREATE TRIGGER issues_audited_truncate BEFORE TRUNCATE ON cwom.issues
    FOR EACH STATEMENT EXECUTE FUNCTION cwom.refuse_unaudited_truncate();
CREATE TRIGGER doctrine_refs_audited_truncate BEFORE TRUNCATE ON cwom.doctrine_refs
    FOR EACH STATEMENT EXECUTE FUNCTION cwom.refuse_unaudited_truncate();
CREATE TRIGGER runs_audited_truncate BEFORE TRUNCATE ON cwom.runs
    FOR EACH STATEMENT EXECUTE FUNCTION cwom.refuse_unaudited_truncate();
CREATE TRIGGER artifacts_audited_truncate BEFORE TRUNCATE ON cwom.artifacts
    FOR EACH STATEMENT EXECUTE FUNCTION cwom.refuse_unaudited_truncate();
CREATE TRIGGER issue_context_packets_audited_truncate BEFORE TRUNCATE ON cwom.issue_context_packets
    FOR EACH STATEMENT EXECUTE FUNCTION cwom.refuse_unaudited_truncate();
CREATE TRIGGER issue_doctrine_refs_audited_truncate BEFORE TRUNCATE ON cwom.issue_doctrine_refs
    FOR EACH STATEMENT EXECUTE FUNCTION cwom.refuse_unaudited_truncate();
CREATE TRIGGER issue_constraint_snapshots_audited_truncate BEFORE TRUNCATE ON cwom.issue_constraint_snapshots
    FOR EACH STATEMENT EXECUTE FUNCTION cwom.refuse_unaudited_truncate();
CREATE TRIGGER run_context_packets_audited_truncate BEFORE TRUNCATE ON cwom.run_context_packets
    FOR EACH STATEMENT EXECUTE FUNCTION cwom.refuse_unaudited_truncate();
CREATE TRIGGER run_doctrine_refs_audited_truncate BEFORE TRUNCATE ON cwom.run_doctrine_refs
    FOR EACH STATEMENT EXECUTE FUNCTION cwom.refuse_unaudited_truncate();
CREATE TRIGGER context_packet_doctrine_refs_audited_truncate BEFORE TRUNCATE ON cwom.context_packet_doctrine_refs
    FOR EACH STATEMENT EXECUTE FUNCTION cwom.refuse_unaudited_truncate();
CREATE TRIGGER agents_audited_truncate BEFORE TRUNCATE ON tower.agents
    FOR EACH STATEMENT EXECUTE FUNCTION cwom.refuse_unaudited_truncate();
CREATE TRIGGER workflows_audited_truncate BEFORE TRUNCATE ON tower.workflows
    FOR EACH STATEMENT EXECUTE FUNCTION cwom.refuse_unaudited_truncate();
CREATE TRIGGER tasks_audited_truncate BEFORE TRUNCATE ON tower.tasks
    FOR EACH STATEMENT EXECUTE FUNCTION cwom.refuse_unaudited_truncate();
CREATE TRIGGER events_audited_truncate BEFORE TRUNCATE ON tower.events
    FOR EACH STATEMENT EXECUTE FUNCTION cwom.refuse_unaudited_truncate();
CREATE TRIGGER jobs_audited_truncate BEFORE TRUNCATE ON tower.jobs
    FOR EACH STATEMENT EXECUTE FUNCTION cwom.refuse_unaudited_truncate();
CREATE TRIGGER artifacts_audited_truncate BEFORE TRUNCATE ON tower.artifacts
    FOR EACH STATEMENT EXECUTE FUNCTION cwom.refuse_unaudited_truncate();
