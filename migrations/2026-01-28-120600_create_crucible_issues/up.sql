CREATE TYPE crucible.issue_type AS ENUM (
    'model',
    'constraint',
    'evaluator',
    'scenario'
);
COMMENT ON TYPE crucible.issue_type IS 'What an issue is about.';

CREATE TYPE crucible.issue_severity AS ENUM (
    'minor',
    'important',
    'catastrophic'
);
COMMENT ON TYPE crucible.issue_severity IS 'How much an issue takes from the results.';

CREATE TYPE crucible.resolution_status AS ENUM (
    'open',
    'resolved',
    'invalidated'
);
COMMENT ON TYPE crucible.resolution_status IS 'What became of an issue: open, then one of the other two.';

CREATE TABLE crucible.issues (
    id uuid PRIMARY KEY,
    project_id uuid NOT NULL REFERENCES crucible.projects (id) ON DELETE CASCADE,
    run_id uuid,
    candidate_id uuid,
    type crucible.issue_type NOT NULL,
    severity crucible.issue_severity NOT NULL,
    description text NOT NULL,
    resolution_status crucible.resolution_status NOT NULL DEFAULT 'open',
    resolved_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT issues_run_id_project_id_fkey
        FOREIGN KEY (run_id, project_id) REFERENCES crucible.runs (id, project_id),
    CONSTRAINT issues_candidate_id_project_id_fkey
        FOREIGN KEY (candidate_id, project_id) REFERENCES crucible.candidates (id, project_id),
    CONSTRAINT issues_description_check CHECK (description <> ''),
    CONSTRAINT issues_resolved_at_check CHECK ((resolved_at IS NULL) = (resolution_status = 'open'))
);

CREATE INDEX issues_project_id_resolution_status_idx ON crucible.issues (project_id, resolution_status);
CREATE INDEX issues_run_id_idx ON crucible.issues (run_id);
CREATE INDEX issues_candidate_id_idx ON crucible.issues (candidate_id);

CREATE TRIGGER issues_touch BEFORE UPDATE ON crucible.issues
    FOR EACH ROW EXECUTE FUNCTION crucible.touch_updated_at();

COMMENT ON TABLE crucible.issues IS 'What somebody, or the system itself, found wrong with a model, a constraint, an evaluator or a scenario.';
COMMENT ON COLUMN crucible.issues.id IS
    'Primary key: a UUID v7 that the application makes.';
COMMENT ON COLUMN crucible.issues.project_id IS
    'Project that it was found in; the issue goes with it.';
COMMENT ON COLUMN crucible.issues.run_id IS
    'Run of the project that shows it; null where none does.';
COMMENT ON COLUMN crucible.issues.candidate_id IS
    'Candidate of the project that shows it; null where none does.';
COMMENT ON COLUMN crucible.issues.type IS
    'What it is about.';
COMMENT ON COLUMN crucible.issues.severity IS
    'How much it takes from the results.';
COMMENT ON COLUMN crucible.issues.description IS
    'What is wrong, as Markdown.';
COMMENT ON COLUMN crucible.issues.resolution_status IS
    'What became of it.';
COMMENT ON COLUMN crucible.issues.resolved_at IS
    'When it was resolved or found to be none; null while it is open.';
COMMENT ON COLUMN crucible.issues.created_at IS
    'When the row was inserted.';
COMMENT ON COLUMN crucible.issues.updated_at IS
    'When the row was last changed: the time of that transaction.';
