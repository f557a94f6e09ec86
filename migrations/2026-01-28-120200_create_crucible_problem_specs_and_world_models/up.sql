-- One of each a project, not one a version: seed 3 has both as the live view of a project that the chat goes on changing. What a run was started
-- with is in that run's config.
--
-- The checks of arrays are jsonpath in strict mode, because lax mode looks through an array within the array. An entry is wrong where the inner
-- filter does not let it pass. With the last argument, silent, a document that is no array gives NULL and not an error, and so the check fails
-- on it as well.

CREATE TYPE crucible.spec_resolution AS ENUM (
    'coarse',
    'medium',
    'fine'
);
COMMENT ON TYPE crucible.spec_resolution IS 'How finely a problem is modelled.';

CREATE TYPE crucible.run_mode AS ENUM (
    'full_search',
    'eval_only',
    'seeded'
);
COMMENT ON TYPE crucible.run_mode IS 'How candidates are come by.';

CREATE TABLE crucible.problem_specs (
    id uuid PRIMARY KEY,
    project_id uuid NOT NULL REFERENCES crucible.projects (id) ON DELETE CASCADE,
    constraints jsonb NOT NULL DEFAULT '[]'
        CONSTRAINT problem_specs_constraints_check CHECK (jsonb_path_exists(
            constraints,
            'strict $[*] ? (
                !exists(@ ? (@.type() == "object" && @.name.type() == "string" && @.name != ""))
                || exists(@.weight ? (@.type() != "number" || @ < 0 || @ > 100))
            )',
            '{}', true
        ) IS FALSE),
    goals jsonb NOT NULL DEFAULT '[]'
        CONSTRAINT problem_specs_goals_check CHECK (jsonb_path_exists(
            goals,
            'strict $[*] ? (!exists(@ ? (@.type() == "object" && @.description.type() == "string" && @.description != "")))',
            '{}', true
        ) IS FALSE),
    resolution crucible.spec_resolution NOT NULL DEFAULT 'medium',
    mode crucible.run_mode NOT NULL DEFAULT 'full_search',
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT problem_specs_project_id_key UNIQUE (project_id)
);

CREATE TRIGGER problem_specs_touch BEFORE UPDATE ON crucible.problem_specs
    FOR EACH ROW EXECUTE FUNCTION crucible.touch_updated_at();

COMMENT ON TABLE crucible.problem_specs IS 'What is to be solved in a project, as its chat has settled it so far.';
COMMENT ON COLUMN crucible.problem_specs.id IS
    'Primary key: a UUID v7 that the application makes.';
COMMENT ON COLUMN crucible.problem_specs.project_id IS
    'Project whose problem it is; has one at most, and the specification goes with it.';
COMMENT ON COLUMN crucible.problem_specs.constraints IS
    'JSON array of objects: what a solution must keep to. Each has a name, and may have a weight from 0 to 100.';
COMMENT ON COLUMN crucible.problem_specs.goals IS
    'JSON array of objects: what a solution is to achieve. Each has a description.';
COMMENT ON COLUMN crucible.problem_specs.resolution IS
    'How finely the problem is modelled.';
COMMENT ON COLUMN crucible.problem_specs.mode IS
    'How the next run is to come by its candidates.';
COMMENT ON COLUMN crucible.problem_specs.created_at IS
    'When the row was inserted.';
COMMENT ON COLUMN crucible.problem_specs.updated_at IS
    'When the row was last changed: the time of that transaction.';

CREATE TABLE crucible.world_models (
    id uuid PRIMARY KEY,
    project_id uuid NOT NULL REFERENCES crucible.projects (id) ON DELETE CASCADE,
    model_data jsonb NOT NULL DEFAULT '{}'
        CONSTRAINT world_models_model_data_check CHECK (jsonb_typeof(model_data) = 'object'),
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT world_models_project_id_key UNIQUE (project_id)
);

CREATE TRIGGER world_models_touch BEFORE UPDATE ON crucible.world_models
    FOR EACH ROW EXECUTE FUNCTION crucible.touch_updated_at();

COMMENT ON TABLE crucible.world_models IS 'The part of the world that a project''s problem is in, as it is understood so far.';
COMMENT ON COLUMN crucible.world_models.id IS
    'Primary key: a UUID v7 that the application makes.';
COMMENT ON COLUMN crucible.world_models.project_id IS
    'Project whose world it is; has one at most, and the model goes with it.';
COMMENT ON COLUMN crucible.world_models.model_data IS
    'JSON object: actors, mechanisms, resources, assumptions, and whatever else the modeller finds. Its keys are the modeller''s; a graph may be made of it later.';
COMMENT ON COLUMN crucible.world_models.created_at IS
    'When the row was inserted.';
COMMENT ON COLUMN crucible.world_models.updated_at IS
    'When the row was last changed: the time of that transaction.';
