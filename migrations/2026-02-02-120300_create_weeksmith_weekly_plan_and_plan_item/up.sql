CREATE FUNCTION weeksmith.is_lock_week(week smallint) RETURNS boolean
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    SET search_path = ''
AS $$
    SELECT week BETWEEN 7 AND 12;
$$;
COMMENT ON FUNCTION weeksmith.is_lock_week(smallint) IS
    'Whether quotas of this week of a cycle are locked once they are planned: weeks 7 to 12.';

CREATE TABLE weeksmith.weekly_plan (
    id uuid PRIMARY KEY,
    user_id uuid NOT NULL DEFAULT weeksmith.current_user_id(),
    cycle_id uuid NOT NULL,
    week smallint NOT NULL,
    is_lock_week boolean NOT NULL GENERATED ALWAYS AS (weeksmith.is_lock_week(week)) STORED,
    focus text NOT NULL DEFAULT '',
    reflection jsonb NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT weekly_plan_id_cycle_id_user_id_key UNIQUE (id, cycle_id, user_id),
    CONSTRAINT weekly_plan_cycle_id_week_key UNIQUE (cycle_id, week),
    CONSTRAINT weekly_plan_cycle_fkey FOREIGN KEY (cycle_id, user_id)
        REFERENCES weeksmith.cycle (id, user_id) ON DELETE CASCADE,
    CONSTRAINT weekly_plan_week_check CHECK (week BETWEEN 1 AND 12),
    CONSTRAINT weekly_plan_reflection_check CHECK (jsonb_typeof(reflection) = 'object')
);

CREATE INDEX weekly_plan_user_id_idx ON weeksmith.weekly_plan (user_id);

CREATE TRIGGER weekly_plan_touch BEFORE UPDATE ON weeksmith.weekly_plan
    FOR EACH ROW EXECUTE FUNCTION weeksmith.touch_updated_at();

COMMENT ON TABLE weeksmith.weekly_plan IS 'What is meant to be done in one week of a cycle.';
COMMENT ON COLUMN weeksmith.weekly_plan.id IS
    'Primary key: a UUID v7 that the application makes.';
COMMENT ON COLUMN weeksmith.weekly_plan.user_id IS
    'User that the row belongs to; the current one where none is given.';
COMMENT ON COLUMN weeksmith.weekly_plan.cycle_id IS
    'Cycle that the week is of; the plan goes with it.';
COMMENT ON COLUMN weeksmith.weekly_plan.week IS
    'Number of the week in its cycle, from 1 to 12.';
COMMENT ON COLUMN weeksmith.weekly_plan.is_lock_week IS
    'Whether it is one of weeks 7 to 12, whose quotas are locked where the cycle enforces it; the database computes it.';
COMMENT ON COLUMN weeksmith.weekly_plan.focus IS
    'What the week is about, in one line.';
COMMENT ON COLUMN weeksmith.weekly_plan.reflection IS
    'JSON object: how the week went, written when it ends.';
COMMENT ON COLUMN weeksmith.weekly_plan.created_at IS
    'When the row was inserted.';
COMMENT ON COLUMN weeksmith.weekly_plan.updated_at IS
    'When the row was last changed; a trigger sets it.';

-- cycle_id is here so that a plan and a task of two cycles cannot meet.
CREATE TABLE weeksmith.plan_item (
    id uuid PRIMARY KEY,
    user_id uuid NOT NULL DEFAULT weeksmith.current_user_id(),
    cycle_id uuid NOT NULL,
    weekly_plan_id uuid NOT NULL,
    task_id uuid NOT NULL,
    quota smallint NOT NULL,
    done smallint NOT NULL DEFAULT 0,
    evidence jsonb NOT NULL DEFAULT '[]',
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT plan_item_weekly_plan_id_task_id_key UNIQUE (weekly_plan_id, task_id),
    CONSTRAINT plan_item_weekly_plan_fkey FOREIGN KEY (weekly_plan_id, cycle_id, user_id)
        REFERENCES weeksmith.weekly_plan (id, cycle_id, user_id) ON DELETE CASCADE,
    CONSTRAINT plan_item_task_fkey FOREIGN KEY (task_id, cycle_id, user_id)
        REFERENCES weeksmith.task (id, cycle_id, user_id) ON DELETE CASCADE,
    CONSTRAINT plan_item_quota_check CHECK (quota >= 1),
    CONSTRAINT plan_item_done_check CHECK (done >= 0),
    CONSTRAINT plan_item_evidence_check CHECK (jsonb_typeof(evidence) = 'array' AND NOT evidence @? 'strict $[*] ? (@.type() != "string")')
);

CREATE INDEX plan_item_task_id_idx ON weeksmith.plan_item (task_id, cycle_id, user_id);
CREATE INDEX plan_item_user_id_idx ON weeksmith.plan_item (user_id);

CREATE TRIGGER plan_item_touch BEFORE UPDATE ON weeksmith.plan_item
    FOR EACH ROW EXECUTE FUNCTION weeksmith.touch_updated_at();

COMMENT ON TABLE weeksmith.plan_item IS 'How often a task is to be done in a week, and how often it was.';
COMMENT ON COLUMN weeksmith.plan_item.id IS
    'Primary key: a UUID v7 that the application makes.';
COMMENT ON COLUMN weeksmith.plan_item.user_id IS
    'User that the row belongs to; the current one where none is given.';
COMMENT ON COLUMN weeksmith.plan_item.cycle_id IS
    'Cycle of both its plan and its task.';
COMMENT ON COLUMN weeksmith.plan_item.weekly_plan_id IS
    'Plan that the item is part of; the item goes with it.';
COMMENT ON COLUMN weeksmith.plan_item.task_id IS
    'Task that is to be done; the item goes with it.';
COMMENT ON COLUMN weeksmith.plan_item.quota IS
    'How often it is to be done, in the unit of its task; 1 at least.';
COMMENT ON COLUMN weeksmith.plan_item.done IS
    'How often it was done; may be more than the quota.';
COMMENT ON COLUMN weeksmith.plan_item.evidence IS
    'JSON array of strings: what shows that it was done.';
COMMENT ON COLUMN weeksmith.plan_item.created_at IS
    'When the row was inserted.';
COMMENT ON COLUMN weeksmith.plan_item.updated_at IS
    'When the row was last changed; a trigger sets it.';
