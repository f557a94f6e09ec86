-- The database is shared with Kosmos. A schema of its own, where seed 3 had the prefix crucible_, is what keeps the two apart: no name of
-- one can be in the way of a name of the other.
CREATE SCHEMA crucible;
COMMENT ON SCHEMA crucible IS 'Int Crucible: problems, the runs that search for solutions, the candidates found and how they were judged.';

CREATE FUNCTION crucible.touch_updated_at() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = ''
AS $$
BEGIN
    NEW.updated_at := now();
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION crucible.touch_updated_at() IS 'Trigger: a changed row has the time of the transaction that changed it.';
