-- What Kosmos keeps in schema crucible, and what of it leads into our tables.

CREATE TYPE crucible.kosmos_sync_state AS ENUM ('pending', 'synced');
CREATE SEQUENCE crucible.kosmos_sync_numbers;
CREATE TABLE crucible.kosmos_projects (
    id serial PRIMARY KEY,
    project_id uuid NOT NULL UNIQUE REFERENCES crucible.projects (id) ON DELETE CASCADE,
    session_id varchar REFERENCES public.research_sessions (id),
    state crucible.kosmos_sync_state NOT NULL DEFAULT 'pending'
);
CREATE TABLE crucible.kosmos_hypotheses (
    hypothesis_id varchar REFERENCES public.hypotheses (id),
    candidate_id uuid,
    project_id uuid,
    number bigint NOT NULL DEFAULT nextval('crucible.kosmos_sync_numbers'),
    PRIMARY KEY (hypothesis_id, candidate_id),
    FOREIGN KEY (candidate_id, project_id) REFERENCES crucible.candidates (id, project_id)
);
CREATE INDEX kosmos_hypotheses_candidate ON crucible.kosmos_hypotheses (candidate_id);
CREATE FUNCTION crucible.kosmos_synced() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER synced AFTER UPDATE ON crucible.kosmos_projects FOR EACH ROW EXECUTE FUNCTION crucible.kosmos_synced();
CREATE VIEW crucible.kosmos_overview AS
    SELECT p.title, count(c.id) AS candidates FROM crucible.projects p LEFT JOIN crucible.candidates c ON c.project_id = p.id GROUP BY p.id;

ALTER TABLE public.research_sessions ADD COLUMN project_id uuid REFERENCES crucible.projects (id);
CREATE VIEW public.sessions_with_projects AS
    SELECT s.id, p.title FROM public.research_sessions s JOIN crucible.projects p ON p.id = s.project_id;
