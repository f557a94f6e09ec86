CREATE TABLE crucible.scenario_suites (
    id uuid PRIMARY KEY,
    run_id uuid NOT NULL REFERENCES crucible.runs (id) ON DELETE CASCADE,
    scenarios jsonb NOT NULL DEFAULT '[]'
        CONSTRAINT scenario_suites_scenarios_check CHECK (jsonb_path_exists(
            scenarios,
            'strict $[*] ? (!exists(@ ? (@.type() == "object" && @.id.type() == "string" && @.id != "")))',
            '{}', true
        ) IS FALSE),
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT scenario_suites_run_id_key UNIQUE (run_id)
);

CREATE TRIGGER scenario_suites_touch BEFORE UPDATE ON crucible.scenario_suites
    FOR EACH ROW EXECUTE FUNCTION crucible.touch_updated_at();

COMMENT ON TABLE crucible.scenario_suites IS 'What the candidates of a run are tried on.';
COMMENT ON COLUMN crucible.scenario_suites.id IS
    'Primary key: a UUID v7 that the application makes.';
COMMENT ON COLUMN crucible.scenario_suites.run_id IS
    'Run that tries them; has one suite at most, which goes with it.';
COMMENT ON COLUMN crucible.scenario_suites.scenarios IS
    'JSON array of objects: the scenarios. Each has an id, which evaluations name.';
COMMENT ON COLUMN crucible.scenario_suites.created_at IS
    'When the row was inserted.';
COMMENT ON COLUMN crucible.scenario_suites.updated_at IS
    'When the row was last changed: the time of that transaction.';

CREATE TABLE crucible.evaluations (
    id uuid PRIMARY KEY,
    project_id uuid NOT NULL REFERENCES crucible.projects (id) ON DELETE CASCADE,
    run_id uuid NOT NULL,
    candidate_id uuid NOT NULL,
    scenario_id text NOT NULL,
    p jsonb
        CONSTRAINT evaluations_p_check CHECK (jsonb_typeof(p) IN ('number', 'object')),
    r jsonb
        CONSTRAINT evaluations_r_check CHECK (jsonb_typeof(r) IN ('number', 'object')),
    constraint_satisfaction jsonb NOT NULL DEFAULT '{}'
        CONSTRAINT evaluations_constraint_satisfaction_check CHECK (jsonb_typeof(constraint_satisfaction) = 'object'),
    explanation text,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT evaluations_candidate_id_run_id_scenario_id_key UNIQUE (candidate_id, run_id, scenario_id),
    CONSTRAINT evaluations_run_id_project_id_fkey
        FOREIGN KEY (run_id, project_id) REFERENCES crucible.runs (id, project_id),
    CONSTRAINT evaluations_candidate_id_project_id_fkey
        FOREIGN KEY (candidate_id, project_id) REFERENCES crucible.candidates (id, project_id),
    CONSTRAINT evaluations_scenario_id_check CHECK (scenario_id <> '')
);

CREATE INDEX evaluations_project_id_idx ON crucible.evaluations (project_id);
CREATE INDEX evaluations_run_id_idx ON crucible.evaluations (run_id);

CREATE TRIGGER evaluations_touch BEFORE UPDATE ON crucible.evaluations
    FOR EACH ROW EXECUTE FUNCTION crucible.touch_updated_at();

COMMENT ON TABLE crucible.evaluations IS 'How a candidate did on a scenario.';
COMMENT ON COLUMN crucible.evaluations.id IS
    'Primary key: a UUID v7 that the application makes.';
COMMENT ON COLUMN crucible.evaluations.project_id IS
    'Project of run and candidate; the evaluation goes with it.';
COMMENT ON COLUMN crucible.evaluations.run_id IS
    'Run that tried it. Not always the one that proposed the candidate: a run may evaluate those of earlier ones.';
COMMENT ON COLUMN crucible.evaluations.candidate_id IS
    'Candidate that was tried.';
COMMENT ON COLUMN crucible.evaluations.scenario_id IS
    'Id of the scenario in the suite of the run; a candidate is evaluated once on each.';
COMMENT ON COLUMN crucible.evaluations.p IS
    'P, how well it is predicted to do: a JSON number, or an object of its parts; null where it could not be told.';
COMMENT ON COLUMN crucible.evaluations.r IS
    'R, what it takes in resources: a JSON number, or an object of its parts; null where it could not be told.';
COMMENT ON COLUMN crucible.evaluations.constraint_satisfaction IS
    'JSON object: by the name of a constraint, how well it is kept to.';
COMMENT ON COLUMN crucible.evaluations.explanation IS
    'Why, in the words of the evaluator; null where nothing was said.';
COMMENT ON COLUMN crucible.evaluations.created_at IS
    'When the row was inserted.';
COMMENT ON COLUMN crucible.evaluations.updated_at IS
    'When the row was last changed: the time of that transaction.';
