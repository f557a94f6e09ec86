CREATE TYPE weeksmith.actor_kind AS ENUM (
    'human',
    'agent',
    'system'
);
COMMENT ON TYPE weeksmith.actor_kind IS 'What sort of actor changed something.';

CREATE TYPE weeksmith.audit_action AS ENUM (
    'created',
    'updated',
    'deleted'
);
COMMENT ON TYPE weeksmith.audit_action IS 'What was done to an entity.';

CREATE TYPE weeksmith.audit_entity AS ENUM (
    'vision',
    'cycle',
    'goal',
    'task',
    'weekly_plan',
    'plan_item'
);
COMMENT ON TYPE weeksmith.audit_entity IS 'Which table an audited entity lives in: those whose changes are recorded.';

CREATE TABLE weeksmith.audit_log (
    id uuid PRIMARY KEY,
    user_id uuid NOT NULL DEFAULT weeksmith.current_user_id(),
    ts timestamptz NOT NULL DEFAULT now(),
    actor_kind weeksmith.actor_kind NOT NULL,
    actor_id text NOT NULL,
    action weeksmith.audit_action NOT NULL,
    entity_table weeksmith.audit_entity NOT NULL,
    entity_id uuid NOT NULL,
    before jsonb,
    after jsonb,
    note text,
    CONSTRAINT audit_log_actor_id_check CHECK (actor_id <> ''),
    CONSTRAINT audit_log_before_check CHECK (jsonb_typeof(before) = 'object'),
    CONSTRAINT audit_log_after_check CHECK (jsonb_typeof(after) = 'object'),
    CONSTRAINT audit_log_action_check CHECK (
        (before IS NULL) = (action = 'created')
        AND (after IS NULL) = (action = 'deleted')
    )
);

CREATE INDEX audit_log_user_id_ts_idx ON weeksmith.audit_log (user_id, ts);
CREATE INDEX audit_log_entity_idx ON weeksmith.audit_log (entity_table, entity_id, ts);
CREATE INDEX audit_log_ts_idx ON weeksmith.audit_log (ts);

COMMENT ON TABLE weeksmith.audit_log IS 'Who changed what, and what it looked like before and after. Append-only: a trigger refuses everything but INSERT.';
COMMENT ON COLUMN weeksmith.audit_log.id IS
    'Primary key: a UUID v7 that the trigger or the application makes.';
COMMENT ON COLUMN weeksmith.audit_log.user_id IS
    'User that the changed row belongs to; the current one where none is given.';
COMMENT ON COLUMN weeksmith.audit_log.ts IS
    'When it was done: the time of the transaction.';
COMMENT ON COLUMN weeksmith.audit_log.actor_kind IS
    'What sort of actor did it.';
COMMENT ON COLUMN weeksmith.audit_log.actor_id IS
    'Which one: the id of a user, the name of an agent, a role of the database.';
COMMENT ON COLUMN weeksmith.audit_log.action IS
    'What was done.';
COMMENT ON COLUMN weeksmith.audit_log.entity_table IS
    'Which table the entity lives in.';
COMMENT ON COLUMN weeksmith.audit_log.entity_id IS
    'Its primary key. No foreign key: the entry outlives the entity.';
COMMENT ON COLUMN weeksmith.audit_log.before IS
    'The entity before, as a JSON object; null where it was created.';
COMMENT ON COLUMN weeksmith.audit_log.after IS
    'The entity after, as a JSON object; null where it was deleted.';
COMMENT ON COLUMN weeksmith.audit_log.note IS
    'Why, in the words of the actor; null where nothing was said.';

-- One statement at a time and not row by row, so that row-level security cannot make a refused UPDATE one of no rows.
CREATE FUNCTION weeksmith.refuse_audit_change() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = ''
AS $$
BEGIN
    RAISE EXCEPTION USING
        ERRCODE = 'WS003',
        MESSAGE = format('%I.%I is append-only: %s is refused', TG_TABLE_SCHEMA, TG_TABLE_NAME, TG_OP),
        HINT = 'Add an entry that corrects the other one.',
        SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME, CONSTRAINT = 'audit_log_append_only';
END;
$$;
COMMENT ON FUNCTION weeksmith.refuse_audit_change() IS
    'Trigger: refuses to change or remove entries of the audit log (SQLSTATE WS003, constraint audit_log_append_only).';

CREATE TRIGGER audit_log_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON weeksmith.audit_log
    FOR EACH STATEMENT EXECUTE FUNCTION weeksmith.refuse_audit_change();

CREATE FUNCTION weeksmith.new_id() RETURNS uuid
    LANGUAGE sql VOLATILE PARALLEL SAFE
    SET search_path = ''
AS $$
    -- 48 bits of milliseconds, the version, 12 bits of the millisecond's fraction; the variant and the rest are those of a random one.
    SELECT (
        lpad(to_hex(us / 1000), 12, '0')
        || to_hex(7 * 4096 + us % 1000 * 4096 / 1000)
        || right(replace(gen_random_uuid()::text, '-', ''), 16)
    )::uuid
    FROM (SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint) AS clock (us);
$$;
COMMENT ON FUNCTION weeksmith.new_id() IS
    'A new UUID v7 (RFC 9562) for rows that no application makes; they sort by the moment they were made.';

CREATE FUNCTION weeksmith.record_change() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = ''
AS $$
DECLARE
    was constant jsonb := CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) END;
    is_now constant jsonb := CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) END;
    entity constant jsonb := coalesce(is_now, was);
    agent constant text := nullif(current_setting('app.agent', true), '');
    by_user constant uuid := weeksmith.current_user_id();
BEGIN
    IF was - 'updated_at' = is_now - 'updated_at' THEN
        RETURN NULL;
    END IF;
    INSERT INTO weeksmith.audit_log
        (id, user_id, actor_kind, actor_id, action, entity_table, entity_id, before, after, note)
    VALUES (
        weeksmith.new_id(),
        (entity ->> 'user_id')::uuid,
        CASE
            WHEN agent IS NOT NULL THEN 'agent'
            WHEN by_user IS NOT NULL THEN 'human'
            ELSE 'system'
        END::weeksmith.actor_kind,
        coalesce(agent, by_user::text, session_user),
        CASE TG_OP WHEN 'INSERT' THEN 'created' WHEN 'UPDATE' THEN 'updated' ELSE 'deleted' END::weeksmith.audit_action,
        TG_TABLE_NAME::weeksmith.audit_entity,
        (entity ->> 'id')::uuid,
        was,
        is_now,
        nullif(current_setting('app.note', true), '')
    );
    RETURN NULL;
END;
$$;
COMMENT ON FUNCTION weeksmith.record_change() IS
    'Trigger: writes what was changed into the audit log, in the same transaction. The actor is the agent in setting app.agent, else the user in app.user_id, else the role of the session; app.note says why.';

-- The conversation is its own history; what is planned is not.
CREATE TRIGGER vision_record AFTER INSERT OR UPDATE OR DELETE ON weeksmith.vision
    FOR EACH ROW EXECUTE FUNCTION weeksmith.record_change();
CREATE TRIGGER cycle_record AFTER INSERT OR UPDATE OR DELETE ON weeksmith.cycle
    FOR EACH ROW EXECUTE FUNCTION weeksmith.record_change();
CREATE TRIGGER goal_record AFTER INSERT OR UPDATE OR DELETE ON weeksmith.goal
    FOR EACH ROW EXECUTE FUNCTION weeksmith.record_change();
CREATE TRIGGER task_record AFTER INSERT OR UPDATE OR DELETE ON weeksmith.task
    FOR EACH ROW EXECUTE FUNCTION weeksmith.record_change();
CREATE TRIGGER weekly_plan_record AFTER INSERT OR UPDATE OR DELETE ON weeksmith.weekly_plan
    FOR EACH ROW EXECUTE FUNCTION weeksmith.record_change();
CREATE TRIGGER plan_item_record AFTER INSERT OR UPDATE OR DELETE ON weeksmith.plan_item
    FOR EACH ROW EXECUTE FUNCTION weeksmith.record_change();
