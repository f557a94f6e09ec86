CREATE TYPE weeksmith.goal_type AS ENUM (
    'professional',
    'personal'
);
COMMENT ON TYPE weeksmith.goal_type IS 'Which of the two goals of a cycle a goal is: a cycle has one of each, 1+1.';

CREATE TYPE weeksmith.goal_status AS ENUM (
    'open',
    'achieved',
    'missed',
    'dropped'
);
COMMENT ON TYPE weeksmith.goal_status IS 'Where a goal stands.';

CREATE TABLE weeksmith.goal (
    id uuid PRIMARY KEY,
    user_id uuid NOT NULL DEFAULT weeksmith.current_user_id(),
    cycle_id uuid NOT NULL,
    goal_type weeksmith.goal_type NOT NULL,
    status weeksmith.goal_status NOT NULL DEFAULT 'open',
    title text NOT NULL,
    description text NOT NULL DEFAULT '',
    measure jsonb NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT goal_id_cycle_id_user_id_key UNIQUE (id, cycle_id, user_id),
    CONSTRAINT goal_cycle_id_goal_type_key UNIQUE (cycle_id, goal_type),
    CONSTRAINT goal_cycle_fkey FOREIGN KEY (cycle_id, user_id)
        REFERENCES weeksmith.cycle (id, user_id) ON DELETE CASCADE,
    CONSTRAINT goal_title_check CHECK (title <> ''),
    -- A key that is missing has no type, and a check that is null passes.
    CONSTRAINT goal_measure_check CHECK (
        jsonb_typeof(measure) = 'object'
        AND jsonb_typeof(measure -> 'metric') IS NOT DISTINCT FROM 'string'
        AND jsonb_typeof(measure -> 'target') IS NOT DISTINCT FROM 'number'
    )
);

CREATE INDEX goal_user_id_idx ON weeksmith.goal (user_id);

CREATE TRIGGER goal_touch BEFORE UPDATE ON weeksmith.goal
    FOR EACH ROW EXECUTE FUNCTION weeksmith.touch_updated_at();

COMMENT ON TABLE weeksmith.goal IS 'What users want to have reached when a cycle ends: one goal of each type.';
COMMENT ON COLUMN weeksmith.goal.id IS
    'Primary key: a UUID v7 that the application makes.';
COMMENT ON COLUMN weeksmith.goal.user_id IS
    'User that the row belongs to; the current one where none is given.';
COMMENT ON COLUMN weeksmith.goal.cycle_id IS
    'Cycle that the goal is for; the goal goes with it.';
COMMENT ON COLUMN weeksmith.goal.goal_type IS
    'Which of the two goals of its cycle it is.';
COMMENT ON COLUMN weeksmith.goal.status IS
    'Where it stands.';
COMMENT ON COLUMN weeksmith.goal.title IS
    'The goal in one line.';
COMMENT ON COLUMN weeksmith.goal.description IS
    'The goal in full, as Markdown.';
COMMENT ON COLUMN weeksmith.goal.measure IS
    'JSON object that says when it is reached: metric (string) and target (number), and what else is to be said.';
COMMENT ON COLUMN weeksmith.goal.created_at IS
    'When the row was inserted.';
COMMENT ON COLUMN weeksmith.goal.updated_at IS
    'When the row was last changed; a trigger sets it.';

CREATE TYPE weeksmith.task_status AS ENUM (
    'open',
    'done',
    'dropped'
);
COMMENT ON TYPE weeksmith.task_status IS 'Where a task stands.';

CREATE TABLE weeksmith.task (
    id uuid PRIMARY KEY,
    user_id uuid NOT NULL DEFAULT weeksmith.current_user_id(),
    cycle_id uuid NOT NULL,
    goal_id uuid NOT NULL,
    status weeksmith.task_status NOT NULL DEFAULT 'open',
    title text NOT NULL,
    unit varchar(32) NOT NULL DEFAULT 'times',
    steps jsonb NOT NULL DEFAULT '[]',
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT task_id_cycle_id_user_id_key UNIQUE (id, cycle_id, user_id),
    CONSTRAINT task_goal_fkey FOREIGN KEY (goal_id, cycle_id, user_id)
        REFERENCES weeksmith.goal (id, cycle_id, user_id) ON DELETE CASCADE,
    CONSTRAINT task_title_check CHECK (title <> ''),
    CONSTRAINT task_unit_check CHECK (unit <> ''),
    CONSTRAINT task_steps_check CHECK (jsonb_typeof(steps) = 'array' AND NOT steps @? 'strict $[*] ? (@.type() != "string")')
);

CREATE INDEX task_goal_id_idx ON weeksmith.task (goal_id, cycle_id, user_id);
CREATE INDEX task_user_id_idx ON weeksmith.task (user_id);

CREATE TRIGGER task_touch BEFORE UPDATE ON weeksmith.task
    FOR EACH ROW EXECUTE FUNCTION weeksmith.touch_updated_at();

COMMENT ON TABLE weeksmith.task IS 'What users do, week by week, to reach a goal.';
COMMENT ON COLUMN weeksmith.task.id IS
    'Primary key: a UUID v7 that the application makes.';
COMMENT ON COLUMN weeksmith.task.user_id IS
    'User that the row belongs to; the current one where none is given.';
COMMENT ON COLUMN weeksmith.task.cycle_id IS
    'Cycle of its goal.';
COMMENT ON COLUMN weeksmith.task.goal_id IS
    'Goal that the task is for; the task goes with it.';
COMMENT ON COLUMN weeksmith.task.status IS
    'Where it stands.';
COMMENT ON COLUMN weeksmith.task.title IS
    'What is done, in one line.';
COMMENT ON COLUMN weeksmith.task.unit IS
    'What quotas of it are counted in.';
COMMENT ON COLUMN weeksmith.task.steps IS
    'JSON array of strings: how it is done.';
COMMENT ON COLUMN weeksmith.task.created_at IS
    'When the row was inserted.';
COMMENT ON COLUMN weeksmith.task.updated_at IS
    'When the row was last changed; a trigger sets it.';
