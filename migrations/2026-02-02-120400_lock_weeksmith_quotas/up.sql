-- In weeks 7 to 12 of a cycle that enforces it, a quota is planned once: INSERT is allowed, a change is not, and neither is
-- what amounts to one. The cycle as a whole may be deleted, and its owner may set locks_enforced to false; both leave an
-- entry in the audit log.
--
-- What a caller may not see does not exist for the functions below, because they run with the caller's rights. That cannot
-- open a lock: the owner of an item, of its plan and of its cycle is the same one, by their foreign keys.

CREATE FUNCTION weeksmith.enforces_locks(cycle_id uuid) RETURNS boolean
    LANGUAGE sql STABLE
    SET search_path = ''
AS $$
    SELECT EXISTS (
        SELECT FROM weeksmith.cycle WHERE cycle.id = enforces_locks.cycle_id AND cycle.locks_enforced
    );
$$;
COMMENT ON FUNCTION weeksmith.enforces_locks(uuid) IS
    'Whether a cycle locks its quotas; no, where it is gone, which is what its plans and items find while it is being deleted.';

CREATE FUNCTION weeksmith.has_locked_quotas(weekly_plan_id uuid) RETURNS boolean
    LANGUAGE sql STABLE
    SET search_path = ''
AS $$
    SELECT EXISTS (
        SELECT FROM weeksmith.weekly_plan
        WHERE weekly_plan.id = has_locked_quotas.weekly_plan_id
            AND weekly_plan.is_lock_week
            AND weeksmith.enforces_locks(weekly_plan.cycle_id)
    );
$$;
COMMENT ON FUNCTION weeksmith.has_locked_quotas(uuid) IS
    'Whether the quotas of a weekly plan are locked now.';

CREATE FUNCTION weeksmith.guard_plan_item() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = ''
AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF (NEW.quota, NEW.weekly_plan_id, NEW.task_id, NEW.cycle_id, NEW.user_id)
            IS NOT DISTINCT FROM (OLD.quota, OLD.weekly_plan_id, OLD.task_id, OLD.cycle_id, OLD.user_id)
        THEN
            RETURN NEW;
        END IF;
    END IF;

    -- Before the foreign key, which is checked without row-level security.
    IF TG_OP IN ('INSERT', 'UPDATE') THEN
        PERFORM FROM weeksmith.weekly_plan
        WHERE (weekly_plan.id, weekly_plan.cycle_id, weekly_plan.user_id)
            = (NEW.weekly_plan_id, NEW.cycle_id, NEW.user_id);
        IF NOT FOUND THEN
            RAISE EXCEPTION USING
                ERRCODE = 'WS002',
                MESSAGE = format('plan item %s has no weekly plan: cycle %s of user %s has no plan %s',
                    NEW.id, NEW.cycle_id, NEW.user_id, NEW.weekly_plan_id),
                HINT = 'Create the weekly plan first, in the same cycle and for the same user.',
                SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME, CONSTRAINT = 'plan_item_plan_missing';
        END IF;
    END IF;

    IF TG_OP = 'INSERT' THEN
        RETURN NEW;
    END IF;

    IF TG_OP = 'TRUNCATE' THEN
        RAISE EXCEPTION USING
            ERRCODE = 'WS001',
            MESSAGE = format('%I.%I cannot be truncated: locked quotas would go unseen', TG_TABLE_SCHEMA, TG_TABLE_NAME),
            HINT = 'Delete the cycles; what belongs to them goes with them, and the audit log says so.',
            SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME, CONSTRAINT = 'plan_item_quota_locked';
    END IF;

    IF weeksmith.has_locked_quotas(OLD.weekly_plan_id)
        OR (TG_OP = 'UPDATE' AND weeksmith.has_locked_quotas(NEW.weekly_plan_id))
    THEN
        RAISE EXCEPTION USING
            ERRCODE = 'WS001',
            MESSAGE = format('the quota of plan item %s is locked: it is planned for one of weeks 7 to 12', OLD.id),
            HINT = 'Only what was done can be recorded. To plan these weeks anew, set locks_enforced of the cycle to false.',
            SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME, CONSTRAINT = 'plan_item_quota_locked';
    END IF;

    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    RETURN NEW;
END;
$$;
COMMENT ON FUNCTION weeksmith.guard_plan_item() IS
    'Trigger: refuses to change, move or remove a locked quota (SQLSTATE WS001, constraint plan_item_quota_locked), and an item whose weekly plan is not there (WS002, plan_item_plan_missing).';

CREATE TRIGGER plan_item_guard BEFORE INSERT OR UPDATE OR DELETE ON weeksmith.plan_item
    FOR EACH ROW EXECUTE FUNCTION weeksmith.guard_plan_item();
-- All tables from vision down are truncated only together with this one.
CREATE TRIGGER plan_item_guard_truncate BEFORE TRUNCATE ON weeksmith.plan_item
    FOR EACH STATEMENT EXECUTE FUNCTION weeksmith.guard_plan_item();

-- Items that go with their plan find none to ask, so that the plan has to be asked. An empty one, too: another
-- transaction may be planning in it.
CREATE FUNCTION weeksmith.guard_weekly_plan() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = ''
AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF (NEW.id, NEW.week, NEW.cycle_id) IS NOT DISTINCT FROM (OLD.id, OLD.week, OLD.cycle_id) THEN
            RETURN NEW;
        END IF;
    END IF;

    -- NEW.is_lock_week is computed after this trigger.
    IF (OLD.is_lock_week AND weeksmith.enforces_locks(OLD.cycle_id))
        OR (TG_OP = 'UPDATE' AND weeksmith.is_lock_week(NEW.week) AND weeksmith.enforces_locks(NEW.cycle_id))
    THEN
        RAISE EXCEPTION USING
            ERRCODE = 'WS001',
            MESSAGE = format('weekly plan %s is locked: plans of weeks 7 to 12 can be neither renumbered nor deleted', OLD.id),
            HINT = 'To plan these weeks anew, set locks_enforced of the cycle to false.',
            SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME, CONSTRAINT = 'weekly_plan_quota_locked';
    END IF;

    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    RETURN NEW;
END;
$$;
COMMENT ON FUNCTION weeksmith.guard_weekly_plan() IS
    'Trigger: refuses to renumber, move or delete a plan of weeks 7 to 12, and its quotas with it (SQLSTATE WS001, constraint weekly_plan_quota_locked).';

CREATE TRIGGER weekly_plan_guard BEFORE UPDATE OR DELETE ON weeksmith.weekly_plan
    FOR EACH ROW EXECUTE FUNCTION weeksmith.guard_weekly_plan();
