-- A change and its entry are committed together or not at all, whoever writes. Both triggers are deferred to the commit, so
-- that the two may be written in any order; what belongs together has the time of one transaction.
--
-- The two are held against each other document by document, so that one entry cannot stand for two changes, nor tell something
-- else than what was done. What cannot be told from the truth is an entry that takes back another of the same transaction: a row
-- that is said to have been made and deleted in it, or a link.

CREATE FUNCTION cwom.require_audit_entry() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = ''
AS $$
DECLARE
    was constant jsonb := CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) END;
    is_now constant jsonb := CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) END;
    entity constant uuid := coalesce(is_now, was) ->> 'id';
BEGIN
    -- Under another key there would be an entity that was never created, and one that was never deleted.
    IF was ->> 'id' <> is_now ->> 'id' OR NOT EXISTS (
        SELECT FROM cwom.audit_log entry
        WHERE entry.entity_kind = TG_ARGV[0]::cwom.audit_entity_kind
            AND entry.entity_id = entity
            AND entry.ts = now()
            AND entry.before IS NOT DISTINCT FROM was
            AND entry.after IS NOT DISTINCT FROM is_now
            AND CASE TG_OP
                WHEN 'INSERT' THEN entry.action = 'created'
                WHEN 'UPDATE' THEN entry.action IN ('updated', 'status_changed')
                ELSE entry.action = 'deleted'
            END
    ) THEN
        RAISE EXCEPTION '% of %.% % without an entry in the audit log', TG_OP, TG_TABLE_SCHEMA, TG_TABLE_NAME, entity
            USING ERRCODE = 'CW002',
                  HINT = 'Record it in cwom.audit_log in the same transaction, with to_jsonb of the row before and after, as the stores do.',
                  SCHEMA = TG_TABLE_SCHEMA,
                  TABLE = TG_TABLE_NAME,
                  CONSTRAINT = TG_TABLE_NAME || '_audited';
    END IF;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION cwom.require_audit_entry() IS 'Constraint trigger: refuses with SQLSTATE CW002 to commit a change of an entity that the audit log does not tell, with the row before and after. Argument: the label of cwom.audit_entity_kind.';

CREATE FUNCTION cwom.require_audit_entry_of_link() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = ''
AS $$
DECLARE
    -- The link as the log has it: the join table and both keys.
    was constant jsonb := CASE WHEN TG_OP <> 'INSERT'
        THEN to_jsonb(OLD) - '{trace_id,created_at,updated_at}'::text[] || jsonb_build_object('link', TG_TABLE_NAME) END;
    is_now constant jsonb := CASE WHEN TG_OP <> 'DELETE'
        THEN to_jsonb(NEW) - '{trace_id,created_at,updated_at}'::text[] || jsonb_build_object('link', TG_TABLE_NAME) END;
BEGIN
    -- An UPDATE is both.
    IF EXISTS (
        SELECT FROM (VALUES
            ('unlinked'::cwom.audit_action, was),
            ('linked'::cwom.audit_action, is_now)
        ) AS change (action, link)
        WHERE change.link IS NOT NULL AND NOT EXISTS (
            SELECT FROM cwom.audit_log entry
            WHERE entry.entity_kind = TG_ARGV[0]::cwom.audit_entity_kind
                AND entry.entity_id = (change.link ->> TG_ARGV[1])::uuid
                AND entry.ts = now()
                AND entry.action = change.action
                AND coalesce(entry.after, entry.before) = change.link
        )
    ) THEN
        RAISE EXCEPTION '% of %.% % without an entry in the audit log', TG_OP, TG_TABLE_SCHEMA, TG_TABLE_NAME, coalesce(is_now, was)
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
    is_link constant boolean := NEW.action IN ('linked', 'unlinked');
    told constant jsonb := coalesce(NEW.after, NEW.before);
    is_there boolean;
    as_told boolean;
    balance bigint;
    states bigint;
BEGIN
    IF is_link THEN
        -- The join table is named after the entity that owns the link, and so is the column of its key.
        entity_table := CASE
            WHEN starts_with(told ->> 'link', NEW.entity_kind || '_') AND told ->> (NEW.entity_kind || '_id') = NEW.entity_id::text
            THEN to_regclass(format('cwom.%I', told ->> 'link'))
        END;
        IF entity_table IS NOT NULL THEN
            EXECUTE format(
                'SELECT count(*) > 0, coalesce(bool_or(created_at = now()), false) FROM %s link '
                'WHERE to_jsonb(link) - ''{trace_id,created_at,updated_at}''::text[] = $1',
                entity_table
            ) INTO is_there, as_told USING told - 'link';
        END IF;
    ELSE
        EXECUTE format('SELECT count(*) > 0, coalesce(bool_or(to_jsonb(entity) = $2), false) FROM %s entity WHERE id = $1', entity_table)
            INTO is_there, as_told USING NEW.entity_id, NEW.after;
    END IF;
    SELECT
        -- How often it came, less how often it went: once if it is there. Over all times, and so whichever transaction was first.
        count(*) FILTER (WHERE action IN ('created', 'linked')) - count(*) FILTER (WHERE action IN ('deleted', 'unlinked')),
        -- How often this transaction gave the row this state, less how often it took it away: once if the row has it.
        count(*) FILTER (WHERE ts = now() AND after = NEW.after) - count(*) FILTER (WHERE ts = now() AND before = NEW.after)
    INTO balance, states
    FROM cwom.audit_log
    WHERE entity_kind = NEW.entity_kind
        AND entity_id = NEW.entity_id
        AND (action IN ('linked', 'unlinked')) = is_link
        AND (NOT is_link OR coalesce(after, before) = told);

    IF NEW.ts <> now()
        OR balance IS DISTINCT FROM is_there::int
        OR (CASE NEW.action
            WHEN 'deleted' THEN false
            WHEN 'unlinked' THEN false
            WHEN 'linked' THEN is_there AND NOT as_told
            ELSE NEW.after IS NULL
                OR states <> as_told::int
                OR (NEW.after ->> 'updated_at')::timestamptz IS DISTINCT FROM now()
        END)
    THEN
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

-- What was made before the log was kept begins in it here: a row that it does not know could never go.
DO $$
DECLARE
    audited record;
BEGIN
    FOR audited IN
        SELECT * FROM (VALUES
            ('repo', 'cwom.repos'),
            ('issue', 'cwom.issues'),
            ('context_packet', 'cwom.context_packets'),
            ('constraint_snapshot', 'cwom.constraint_snapshots'),
            ('doctrine_ref', 'cwom.doctrine_refs'),
            ('run', 'cwom.runs'),
            ('artifact', 'cwom.artifacts'),
            ('agent', 'tower.agents'),
            ('workflow', 'tower.workflows'),
            ('task', 'tower.tasks'),
            ('event', 'tower.events'),
            ('job', 'tower.jobs'),
            ('tower_artifact', 'tower.artifacts')
        ) AS entities (kind, its_table)
    LOOP
        EXECUTE format(
            'INSERT INTO cwom.audit_log (id, actor_kind, actor_id, action, entity_kind, entity_id, after, note) '
            'SELECT gen_random_uuid(), ''system'', ''migration'', ''created'', %L, row.id, to_jsonb(row), ''Older than the audit log.'' '
            'FROM %s row WHERE NOT EXISTS (SELECT FROM cwom.audit_log WHERE entity_kind = %1$L AND entity_id = row.id AND action = ''created'')',
            audited.kind, audited.its_table
        );
    END LOOP;
    FOR audited IN
        SELECT * FROM (VALUES
            ('issue', 'issue_context_packets'),
            ('issue', 'issue_doctrine_refs'),
            ('issue', 'issue_constraint_snapshots'),
            ('run', 'run_context_packets'),
            ('run', 'run_doctrine_refs'),
            ('context_packet', 'context_packet_doctrine_refs')
        ) AS links (kind, its_table)
    LOOP
        EXECUTE format(
            'INSERT INTO cwom.audit_log (id, actor_kind, actor_id, action, entity_kind, entity_id, after, note) '
            'SELECT gen_random_uuid(), ''system'', ''migration'', ''linked'', %L, link.%I, told, ''Older than the audit log.'' '
            'FROM cwom.%I link, LATERAL (SELECT to_jsonb(link) - ''{trace_id,created_at,updated_at}''::text[] || jsonb_build_object(''link'', %3$L)) AS said (told) '
            'WHERE NOT EXISTS (SELECT FROM cwom.audit_log WHERE entity_kind = %1$L AND entity_id = link.%2$I AND action = ''linked'' AND after = told)',
            audited.kind, audited.kind || '_id', audited.its_table
        );
    END LOOP;
END
$$;

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
