CREATE TABLE crucible.projects (
    id uuid PRIMARY KEY,
    title text NOT NULL,
    description text,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT projects_title_check CHECK (title <> '')
);

CREATE TRIGGER projects_touch BEFORE UPDATE ON crucible.projects
    FOR EACH ROW EXECUTE FUNCTION crucible.touch_updated_at();

COMMENT ON TABLE crucible.projects IS 'Problem domains, each with everything that was said, modelled and tried in it. All of it goes with its project.';
COMMENT ON COLUMN crucible.projects.id IS
    'Primary key: a UUID v7 that the application makes.';
COMMENT ON COLUMN crucible.projects.title IS
    'What the project is about, in one line.';
COMMENT ON COLUMN crucible.projects.description IS
    'What it is about in full, as Markdown; null where the title says it.';
COMMENT ON COLUMN crucible.projects.created_at IS
    'When the row was inserted.';
COMMENT ON COLUMN crucible.projects.updated_at IS
    'When the row was last changed: the time of that transaction.';
