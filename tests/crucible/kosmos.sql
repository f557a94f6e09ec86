-- What another system keeps in the same database: as its ORM makes it, in public, and beside our tables under its own prefix. Names that we have as
-- well (agents, runs), types, a sequence, views, functions, triggers and keys that lead into our tables are all there.

CREATE TYPE public.experimentstatus AS ENUM ('CREATED', 'RUNNING', 'COMPLETED', 'FAILED', 'CANCELLED');
CREATE TYPE public.hypothesisstatus AS ENUM ('GENERATED', 'TESTING', 'SUPPORTED', 'REJECTED', 'INCONCLUSIVE');
CREATE SEQUENCE public.experiment_numbers;

CREATE TABLE public.alembic_version (version_num varchar(32) PRIMARY KEY);
CREATE TABLE public.research_sessions (
    id varchar PRIMARY KEY,
    research_question text NOT NULL,
    status varchar
);
CREATE TABLE public.hypotheses (
    id varchar PRIMARY KEY,
    statement text NOT NULL,
    status public.hypothesisstatus,
    novelty_score double precision
);
CREATE INDEX ix_hypotheses_status ON public.hypotheses (status);
CREATE TABLE public.experiments (
    id varchar PRIMARY KEY,
    number bigint NOT NULL DEFAULT nextval('public.experiment_numbers'),
    hypothesis_id varchar NOT NULL REFERENCES public.hypotheses (id),
    protocol json NOT NULL,
    status public.experimentstatus
);
CREATE TABLE public.results (
    id serial PRIMARY KEY,
    experiment_id varchar NOT NULL REFERENCES public.experiments (id),
    p_value double precision CHECK (p_value BETWEEN 0 AND 1)
);
CREATE TABLE public.papers (doi varchar PRIMARY KEY, title varchar NOT NULL, authors json NOT NULL);
CREATE TABLE public.agents (id varchar PRIMARY KEY, agent_type varchar NOT NULL, state_data json);
CREATE TABLE public.runs (id varchar PRIMARY KEY, agent_id varchar REFERENCES public.agents (id));
-- Diesel could not declare it: it has no primary key.
CREATE TABLE public.agent_records (agent_id varchar NOT NULL, message text);

CREATE FUNCTION public.touch_experiment() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER touch_experiment BEFORE UPDATE ON public.experiments FOR EACH ROW EXECUTE FUNCTION public.touch_experiment();
CREATE VIEW public.open_hypotheses AS SELECT id, statement FROM public.hypotheses WHERE status = 'GENERATED';
