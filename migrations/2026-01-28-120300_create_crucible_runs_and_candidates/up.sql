-- Rows of one project refer to each other by key and project at once, so that no row of one project can refer to another's. Only deleting the project
-- deletes a run or a candidate that something else refers to.

CREATE TYPE crucible.run_status AS ENUM (
    'created',
    'running',
    'completed',
    'failed',
    'cancelled'
);
COMMENT ON TYPE crucible.run_status IS 'Where a run stands: created, running, then one of the last three.';

CREATE TABLE crucible.runs (
    id uuid PRIMARY KEY,
    project_id uuid NOT NULL REFERENCES crucible.projects (id) ON DELETE CASCADE,
    mode crucible.run_mode NOT NULL,
    config jsonb NOT NULL DEFAULT '{}'
        CONSTRAINT runs_config_check CHECK (jsonb_typeof(config) = 'object'),
    status crucible.run_status NOT NULL DEFAULT 'created',
    started_at timestamptz,
    finished_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT runs_id_project_id_key UNIQUE (id, project_id),
    CONSTRAINT runs_started_at_check CHECK (
        CASE status
            WHEN 'created' THEN started_at IS NULL
            WHEN 'cancelled' THEN TRUE
            ELSE started_at IS NOT NULL
        END),
    CONSTRAINT runs_finished_at_check CHECK ((finished_at IS NOT NULL) = (status IN ('completed', 'failed', 'cancelled'))),
    CONSTRAINT runs_duration_check CHECK (finished_at >= started_at)
);

CREATE INDEX runs_project_id_status_idx ON crucible.runs (project_id, status);

CREATE TRIGGER runs_touch BEFORE UPDATE ON crucible.runs
    FOR EACH ROW EXECUTE FUNCTION crucible.touch_updated_at();

COMMENT ON TABLE crucible.runs IS 'Searches for a solution of a project''s problem: candidates are designed, tried on scenarios, and ranked.';
COMMENT ON COLUMN crucible.runs.id IS
    'Primary key: a UUID v7 that the application makes.';
COMMENT ON COLUMN crucible.runs.project_id IS
    'Project that is searched in; the run goes with it.';
COMMENT ON COLUMN crucible.runs.mode IS
    'How it comes by its candidates.';
COMMENT ON COLUMN crucible.runs.config IS
    'JSON object that it is started with: budgets, options, and what it has to know of the specification as it was.';
COMMENT ON COLUMN crucible.runs.status IS
    'Where it stands.';
COMMENT ON COLUMN crucible.runs.started_at IS
    'When it began to run; null before that, and where it was cancelled before that.';
COMMENT ON COLUMN crucible.runs.finished_at IS
    'When it ended, however it ended; null before that.';
COMMENT ON COLUMN crucible.runs.created_at IS
    'When the row was inserted.';
COMMENT ON COLUMN crucible.runs.updated_at IS
    'When the row was last changed: the time of that transaction.';

CREATE TYPE crucible.candidate_origin AS ENUM (
    'user',
    'system'
);
COMMENT ON TYPE crucible.candidate_origin IS 'Who had the idea of a candidate.';

CREATE TYPE crucible.candidate_status AS ENUM (
    'new',
    'under_test',
    'promising',
    'weak',
    'rejected'
);
COMMENT ON TYPE crucible.candidate_status IS 'What is held of a candidate.';

CREATE TABLE crucible.candidates (
    id uuid PRIMARY KEY,
    project_id uuid NOT NULL REFERENCES crucible.projects (id) ON DELETE CASCADE,
    run_id uuid NOT NULL,
    origin crucible.candidate_origin NOT NULL,
    mechanism_description text NOT NULL,
    predicted_effects jsonb NOT NULL DEFAULT '{}'
        CONSTRAINT candidates_predicted_effects_check CHECK (jsonb_typeof(predicted_effects) = 'object'),
    scores jsonb NOT NULL DEFAULT '{}'
        CONSTRAINT candidates_scores_check CHECK (jsonb_typeof(scores) = 'object'),
    provenance jsonb NOT NULL DEFAULT '[]'
        CONSTRAINT candidates_provenance_check CHECK (jsonb_path_exists(
            provenance,
            'strict $[*] ? (!exists(@ ? (
                @.type() == "object"
                && @.actor.type() == "string" && @.actor != ""
                && @.action.type() == "string" && @.action != ""
            )))',
            '{}', true
        ) IS FALSE),
    status crucible.candidate_status NOT NULL DEFAULT 'new',
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT candidates_id_project_id_key UNIQUE (id, project_id),
    CONSTRAINT candidates_run_id_project_id_fkey FOREIGN KEY (run_id, project_id) REFERENCES crucible.runs (id, project_id),
    CONSTRAINT candidates_mechanism_description_check CHECK (mechanism_description <> '')
);

CREATE INDEX candidates_project_id_status_idx ON crucible.candidates (project_id, status);
CREATE INDEX candidates_run_id_idx ON crucible.candidates (run_id);
CREATE INDEX candidates_provenance_idx ON crucible.candidates USING gin (provenance jsonb_path_ops);

CREATE TRIGGER candidates_touch BEFORE UPDATE ON crucible.candidates
    FOR EACH ROW EXECUTE FUNCTION crucible.touch_updated_at();

COMMENT ON TABLE crucible.candidates IS 'Solutions that were proposed in a run.';
COMMENT ON COLUMN crucible.candidates.id IS
    'Primary key: a UUID v7 that the application makes.';
COMMENT ON COLUMN crucible.candidates.project_id IS
    'Project of that run; the candidate goes with it.';
COMMENT ON COLUMN crucible.candidates.run_id IS
    'Run that it was proposed in; cannot be deleted while a candidate needs it.';
COMMENT ON COLUMN crucible.candidates.origin IS
    'Who had the idea.';
COMMENT ON COLUMN crucible.candidates.mechanism_description IS
    'How it is meant to work, as Markdown.';
COMMENT ON COLUMN crucible.candidates.predicted_effects IS
    'JSON object: what it is expected to do to the world model.';
COMMENT ON COLUMN crucible.candidates.scores IS
    'JSON object of what its evaluations come to: P, R, I and how well it keeps to each constraint. Empty before that.';
COMMENT ON COLUMN crucible.candidates.provenance IS
    'JSON array of objects, oldest first: what was done to it. Each has an actor and an action, and may say when and from which other rows.';
COMMENT ON COLUMN crucible.candidates.status IS
    'What is held of it.';
COMMENT ON COLUMN crucible.candidates.created_at IS
    'When the row was inserted.';
COMMENT ON COLUMN crucible.candidates.updated_at IS
    'When the row was last changed: the time of that transaction.';
COMMENT ON INDEX crucible.candidates_provenance_idx IS 'Serves containment (@>): who did what, and from which rows.';
