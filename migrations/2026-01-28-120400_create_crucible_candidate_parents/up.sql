CREATE TABLE crucible.candidate_parents (
    candidate_id uuid NOT NULL,
    parent_id uuid NOT NULL,
    project_id uuid NOT NULL REFERENCES crucible.projects (id) ON DELETE CASCADE,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (candidate_id, parent_id),
    CONSTRAINT candidate_parents_candidate_id_project_id_fkey
        FOREIGN KEY (candidate_id, project_id) REFERENCES crucible.candidates (id, project_id),
    CONSTRAINT candidate_parents_parent_id_project_id_fkey
        FOREIGN KEY (parent_id, project_id) REFERENCES crucible.candidates (id, project_id),
    CONSTRAINT candidate_parents_itself_check CHECK (candidate_id <> parent_id)
);

CREATE INDEX candidate_parents_parent_id_idx ON crucible.candidate_parents (parent_id);
CREATE INDEX candidate_parents_project_id_idx ON crucible.candidate_parents (project_id);

COMMENT ON TABLE crucible.candidate_parents IS 'Lineage: which candidates a candidate was made from. Rows and not JSON, so that it can be asked for both ways and cannot dangle; never a cycle.';
COMMENT ON COLUMN crucible.candidate_parents.candidate_id IS
    'Candidate that was made.';
COMMENT ON COLUMN crucible.candidate_parents.parent_id IS
    'Candidate that it was made from, of any run of the project.';
COMMENT ON COLUMN crucible.candidate_parents.project_id IS
    'Project of both; the link goes with it.';
COMMENT ON COLUMN crucible.candidate_parents.created_at IS
    'When the row was inserted.';

-- ROWS: a lineage is tens of candidates among any number; told the usual thousand, the planner reads all of them to find those.
-- UNION, not UNION ALL: what was seen is not followed again, so that both end on a cycle as well, should one have come in around the trigger.

CREATE FUNCTION crucible.candidate_ancestors(candidate uuid) RETURNS SETOF uuid
    LANGUAGE sql STABLE ROWS 30
    SET search_path = ''
AS $$
    WITH RECURSIVE ancestors (id) AS (
        SELECT parent_id FROM crucible.candidate_parents WHERE candidate_id = candidate
        UNION
        SELECT link.parent_id FROM ancestors JOIN crucible.candidate_parents AS link ON link.candidate_id = ancestors.id
    )
    SELECT id FROM ancestors
$$;
COMMENT ON FUNCTION crucible.candidate_ancestors(uuid) IS 'The candidates that a candidate was made from, and those that they were made from, and so on; each once, in no order.';

CREATE FUNCTION crucible.candidate_descendants(candidate uuid) RETURNS SETOF uuid
    LANGUAGE sql STABLE ROWS 30
    SET search_path = ''
AS $$
    WITH RECURSIVE descendants (id) AS (
        SELECT candidate_id FROM crucible.candidate_parents WHERE parent_id = candidate
        UNION
        SELECT link.candidate_id FROM descendants JOIN crucible.candidate_parents AS link ON link.parent_id = descendants.id
    )
    SELECT id FROM descendants
$$;
COMMENT ON FUNCTION crucible.candidate_descendants(uuid) IS 'The candidates that were made from a candidate, and those that were made from them, and so on; each once, in no order.';

CREATE FUNCTION crucible.keep_lineage_acyclic() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = ''
AS $$
BEGIN
    -- Two sessions could each add one half of a cycle and not see the other's: one writes a project's lineage at a time, until it commits.
    -- Each statement of READ COMMITTED sees what was committed before it, and so what the lock was waited for. SERIALIZABLE finds the two
    -- halves by itself. REPEATABLE READ does neither.
    IF current_setting('transaction_isolation') = 'repeatable read' THEN
        RAISE EXCEPTION 'lineage cannot be written in a transaction that is REPEATABLE READ'
            USING ERRCODE = 'feature_not_supported',
                  DETAIL = 'What other sessions have added since the transaction began cannot be seen, and could make a cycle.',
                  HINT = 'Write it in a transaction that is READ COMMITTED or SERIALIZABLE.';
    END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended('crucible.candidate_parents/' || NEW.project_id, 0));
    IF NEW.candidate_id IN (SELECT crucible.candidate_ancestors(NEW.parent_id)) THEN
        RAISE EXCEPTION 'candidate % cannot be made from candidate %, which was itself made from it', NEW.candidate_id, NEW.parent_id
            USING ERRCODE = 'CR001',
                  HINT = 'A parent is older than what is made from it: make a new candidate instead.',
                  SCHEMA = TG_TABLE_SCHEMA,
                  TABLE = TG_TABLE_NAME,
                  CONSTRAINT = 'candidate_parents_acyclic';
    END IF;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION crucible.keep_lineage_acyclic() IS 'Trigger: raises CR001, as constraint candidate_parents_acyclic, where a link would close a cycle. Holds an advisory lock of the project until the transaction ends; refuses REPEATABLE READ.';

CREATE TRIGGER candidate_parents_acyclic AFTER INSERT OR UPDATE ON crucible.candidate_parents
    FOR EACH ROW EXECUTE FUNCTION crucible.keep_lineage_acyclic();
COMMENT ON TRIGGER candidate_parents_acyclic ON crucible.candidate_parents IS 'No candidate is its own ancestor. After the row, so that every row of the statement is seen.';
