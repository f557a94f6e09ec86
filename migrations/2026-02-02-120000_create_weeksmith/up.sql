-- Needs no superuser and makes no role: a schema may be created by whoever owns the database, which is `postgres` on Supabase.
-- Every function of the schema looks names up in pg_catalog alone, so that nobody's search_path can put another table in place
-- of the one that is meant, and runs with the rights of the caller.
CREATE SCHEMA weeksmith;
COMMENT ON SCHEMA weeksmith IS 'Twelve-week planning: visions, cycles, goals, weekly plans and what was said about them. Every row belongs to one user.';

CREATE FUNCTION weeksmith.touch_updated_at() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = ''
AS $$
BEGIN
    NEW.updated_at := now();
    RETURN NEW;
END;
$$;
COMMENT ON FUNCTION weeksmith.touch_updated_at() IS
    'Trigger: sets updated_at to the time of the transaction, whatever the statement said.';

-- On Supabase, auth.uid() is the user that PostgREST has authenticated. Either a pre-request function hands it on,
-- set_config('app.user_id', auth.uid()::text, true), or a migration of that deployment replaces this one function by one that
-- returns auth.uid(): nothing else knows where the user comes from. See docs/weeksmith.md.
CREATE FUNCTION weeksmith.current_user_id() RETURNS uuid
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path = ''
AS $$
DECLARE
    -- A setting that was made in a transaction is an empty string after it, not null.
    said constant text := nullif(current_setting('app.user_id', true), '');
BEGIN
    IF said !~* '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' THEN
        RAISE invalid_parameter_value USING
            MESSAGE = format('app.user_id is %L, which is no UUID', said),
            HINT = 'Set it for the transaction: SELECT set_config(''app.user_id'', ''<the user''''s UUID>'', true).';
    END IF;
    RETURN said::uuid;
END;
$$;
COMMENT ON FUNCTION weeksmith.current_user_id() IS
    'The user that the transaction acts for, by the setting app.user_id; null where it is unset or empty, an error where it is no UUID.';
