-- An object of each class that is neither relation, type nor sequence, with every attribute that PostgreSQL 13 has, under
-- names that are hard to read right. The roles app_ro and app_other exist.
CREATE EXTENSION citext;
CREATE SCHEMA "S ""q"" 😀";
CREATE TYPE "S ""q"" 😀"."Mood
" AS ENUM ('ok');
CREATE TYPE pair AS (a integer, b integer);
CREATE TABLE t (id integer PRIMARY KEY, "B ""c""" text, a integer);

-- Routines
CREATE FUNCTION "S ""q"" 😀"."F ""x""; --‮
a23456789b123456789c123456789d123456789e12345xxxxx"(
    "A ""b""" integer, INOUT b "S ""q"" 😀"."Mood
" DEFAULT 'ok', VARIADIC rest text[] DEFAULT ARRAY['it''s'], OUT "n😀" bigint
) RETURNS SETOF record LANGUAGE plpgsql IMMUTABLE STRICT SECURITY DEFINER LEAKPROOF PARALLEL RESTRICTED COST 12.5 ROWS 7
    SET search_path = pg_catalog, "S ""q"" 😀" SET "app.x" = 'a=b' SET work_mem = '1MB'
    AS E'BEGIN\r\n  -- two\tlines 😀\r\nEND';
CREATE FUNCTION over() RETURNS integer LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION over(integer) RETURNS integer LANGUAGE sql AS 'SELECT $1';
CREATE FUNCTION over(text, integer) RETURNS TABLE (a integer, b text) LANGUAGE sql STABLE PARALLEL SAFE AS 'SELECT 1, $1';
CREATE FUNCTION empty_body() RETURNS void LANGUAGE sql AS '';
CREATE FUNCTION row_number_again() RETURNS bigint LANGUAGE internal WINDOW IMMUTABLE AS 'window_row_number';
CREATE FUNCTION handler() RETURNS language_handler LANGUAGE c AS '$libdir/plpgsql', 'plpgsql_call_handler';
CREATE FUNCTION supported(text, text) RETURNS boolean LANGUAGE internal IMMUTABLE STRICT COST 1 SUPPORT textlike_support AS 'textlike';
CREATE FUNCTION with_extension(citext) RETURNS citext LANGUAGE sql AS 'SELECT $1';
ALTER FUNCTION with_extension(citext) DEPENDS ON EXTENSION citext;
CREATE PROCEDURE "Do ""it"""(INOUT a integer DEFAULT 3) LANGUAGE plpgsql SECURITY DEFINER SET work_mem = '2MB' AS 'BEGIN a := 1; END';
ALTER FUNCTION over() OWNER TO app_other;
REVOKE EXECUTE ON FUNCTION over(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION over(integer) TO app_ro WITH GRANT OPTION;
GRANT EXECUTE ON PROCEDURE "Do ""it"""(integer) TO app_other;
COMMENT ON FUNCTION over() IS 'one';
COMMENT ON PROCEDURE "Do ""it"""(integer) IS 'it''s';

-- Aggregates
CREATE AGGREGATE everything(a integer) (
    SFUNC = int4pl, STYPE = integer, SSPACE = 64, INITCOND = '5', FINALFUNC = int4um, FINALFUNC_MODIFY = SHAREABLE, COMBINEFUNC = int4pl,
    MSFUNC = int4pl, MINVFUNC = int4mi, MSTYPE = integer, MSSPACE = 32, MINITCOND = '6', MFINALFUNC = int4um, MFINALFUNC_MODIFY = READ_WRITE,
    SORTOP = <, PARALLEL = SAFE
);
CREATE AGGREGATE serial(bigint) (
    SFUNC = int8_avg_accum, STYPE = internal, FINALFUNC = numeric_poly_avg, COMBINEFUNC = int8_avg_combine, SERIALFUNC = int8_avg_serialize,
    DESERIALFUNC = int8_avg_deserialize
);
CREATE AGGREGATE "Set 😀"(float8 ORDER BY anyelement) (
    SFUNC = ordered_set_transition, STYPE = internal, FINALFUNC = percentile_disc_final, FINALFUNC_EXTRA
);
CREATE AGGREGATE hypothetical(VARIADIC "any" ORDER BY VARIADIC "any") (
    SFUNC = ordered_set_transition_multi, STYPE = internal, FINALFUNC = rank_final, FINALFUNC_EXTRA, HYPOTHETICAL, PARALLEL = RESTRICTED
);
CREATE FUNCTION extra(integer, integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT $1';
CREATE AGGREGATE moving_extra(integer) (
    SFUNC = int4pl, STYPE = integer, MSFUNC = int4pl, MINVFUNC = int4mi, MSTYPE = integer, MFINALFUNC = extra, MFINALFUNC_EXTRA,
    FINALFUNC = extra, FINALFUNC_EXTRA
);
CREATE AGGREGATE counted(*) (SFUNC = int8inc, STYPE = bigint, INITCOND = '0');
ALTER AGGREGATE serial(bigint) OWNER TO app_other;
REVOKE EXECUTE ON FUNCTION serial(bigint) FROM PUBLIC;
COMMENT ON AGGREGATE counted(*) IS 'rows';

-- Operators
CREATE FUNCTION pair_lt(pair, pair) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT $1.a < $2.a';
CREATE FUNCTION pair_eq(pair, pair) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT $1.a = $2.a';
CREATE FUNCTION pair_cmp(pair, pair) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT $1.a - $2.a';
CREATE FUNCTION pair_cmp(pair, integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT $1.a - $2';
CREATE FUNCTION pair_lt(pair, integer) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT $1.a < $2';
CREATE FUNCTION pair_minus(pair) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT -$1.a';
CREATE OPERATOR <<< (FUNCTION = pair_lt, LEFTARG = pair, RIGHTARG = pair, COMMUTATOR = >>>, NEGATOR = >>=, RESTRICT = scalarltsel, JOIN = scalarltjoinsel);
CREATE OPERATOR <<< (FUNCTION = pair_lt, LEFTARG = pair, RIGHTARG = integer);
CREATE OPERATOR "S ""q"" 😀".=== (FUNCTION = pair_eq, LEFTARG = pair, RIGHTARG = pair, COMMUTATOR = OPERATOR("S ""q"" 😀".===), MERGES, HASHES);
CREATE OPERATOR ~~~ (FUNCTION = pair_minus, RIGHTARG = pair);
ALTER OPERATOR "S ""q"" 😀".=== (pair, pair) OWNER TO app_other;
COMMENT ON OPERATOR ~~~ (NONE, pair) IS 'minus';
CREATE OPERATOR FAMILY "Fam ""x"" 😀" USING btree;
CREATE OPERATOR CLASS "Ops ""x"" 😀" DEFAULT FOR TYPE pair USING btree FAMILY "Fam ""x"" 😀" AS
    OPERATOR 1 <<<, OPERATOR 3 "S ""q"" 😀".===, FUNCTION 1 pair_cmp(pair, pair);
ALTER OPERATOR FAMILY "Fam ""x"" 😀" USING btree ADD
    OPERATOR 1 <<< (pair, integer), FUNCTION 1 (pair, integer) pair_cmp(pair, integer);
CREATE OPERATOR CLASS stored FOR TYPE pair USING gin AS OPERATOR 1 <<<, FUNCTION 1 pair_cmp(pair, pair), STORAGE integer;
CREATE OPERATOR CLASS ordered FOR TYPE point USING gist AS
    OPERATOR 15 <-> (point, point) FOR ORDER BY float_ops, FUNCTION 8 (point, point) gist_point_distance(internal, point, smallint, oid, internal);
ALTER OPERATOR CLASS stored USING gin OWNER TO app_other;
ALTER OPERATOR FAMILY stored USING gin OWNER TO app_other;
COMMENT ON OPERATOR CLASS stored USING gin IS 'class';
COMMENT ON OPERATOR FAMILY stored USING gin IS 'family';

-- Casts, transforms, collations, conversions
CREATE FUNCTION to_pair(integer) RETURNS pair LANGUAGE sql IMMUTABLE AS 'SELECT ROW($1, $1)::pair';
CREATE CAST (integer AS pair) WITH FUNCTION to_pair(integer) AS ASSIGNMENT;
CREATE CAST (pair AS "S ""q"" 😀"."Mood
") WITH INOUT;
CREATE CAST (cid AS oid) WITHOUT FUNCTION AS IMPLICIT;
COMMENT ON CAST (cid AS oid) IS 'the same bytes';
CREATE TRUSTED LANGUAGE "PL ""own"" 😀" HANDLER handler INLINE plpgsql_inline_handler VALIDATOR plpgsql_validator;
CREATE LANGUAGE bare HANDLER handler;
ALTER LANGUAGE bare OWNER TO app_other;
REVOKE USAGE ON LANGUAGE "PL ""own"" 😀" FROM PUBLIC;
COMMENT ON LANGUAGE bare IS 'no more than a handler';
CREATE FUNCTION from_cid(internal) RETURNS internal LANGUAGE internal IMMUTABLE AS 'cidout';
CREATE FUNCTION into_cid(internal) RETURNS cid LANGUAGE internal IMMUTABLE AS 'cidin';
CREATE TRANSFORM FOR cid LANGUAGE "PL ""own"" 😀" (FROM SQL WITH FUNCTION from_cid(internal), TO SQL WITH FUNCTION into_cid(internal));
CREATE TRANSFORM FOR cid LANGUAGE bare (FROM SQL WITH FUNCTION from_cid(internal));
COMMENT ON TRANSFORM FOR cid LANGUAGE bare IS 'one way';
CREATE FUNCTION transformed(cid) RETURNS cid LANGUAGE bare TRANSFORM FOR TYPE cid AS 'x';
CREATE COLLATION "Coll ""x"" 😀" (locale = 'C');
CREATE COLLATION two (lc_collate = 'C', lc_ctype = 'POSIX');
ALTER COLLATION two OWNER TO app_other;
COMMENT ON COLLATION two IS 'two';
CREATE DEFAULT CONVERSION "Conv ""x"" 😀" FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8;
CREATE CONVERSION back FOR 'UTF8' TO 'LATIN1' FROM utf8_to_iso8859_1;
ALTER CONVERSION back OWNER TO app_other;
COMMENT ON CONVERSION back IS 'back';

-- Text search
CREATE TEXT SEARCH PARSER "Parser ""x"" 😀" (START = prsd_start, GETTOKEN = prsd_nexttoken, END = prsd_end, LEXTYPES = prsd_lextype, HEADLINE = prsd_headline);
COMMENT ON TEXT SEARCH PARSER "Parser ""x"" 😀" IS 'parser';
CREATE TEXT SEARCH TEMPLATE "Template ""x"" 😀" (INIT = dsimple_init, LEXIZE = dsimple_lexize);
CREATE TEXT SEARCH TEMPLATE plain (LEXIZE = dsimple_lexize);
COMMENT ON TEXT SEARCH TEMPLATE plain IS 'template';
CREATE TEXT SEARCH DICTIONARY "Dict ""x"" 😀" (TEMPLATE = "Template ""x"" 😀", StopWords = english, Accept = false);
CREATE TEXT SEARCH DICTIONARY plain (TEMPLATE = simple);
ALTER TEXT SEARCH DICTIONARY plain OWNER TO app_other;
COMMENT ON TEXT SEARCH DICTIONARY plain IS 'dictionary';
CREATE TEXT SEARCH CONFIGURATION "Config ""x"" 😀" (PARSER = default);
ALTER TEXT SEARCH CONFIGURATION "Config ""x"" 😀" ADD MAPPING FOR word, asciiword WITH plain, "Dict ""x"" 😀", simple;
CREATE TEXT SEARCH CONFIGURATION numbered (PARSER = "Parser ""x"" 😀");
ALTER TEXT SEARCH CONFIGURATION numbered ADD MAPPING FOR word WITH simple;
ALTER TEXT SEARCH CONFIGURATION numbered OWNER TO app_other;
COMMENT ON TEXT SEARCH CONFIGURATION numbered IS 'configuration';

-- Access methods
CREATE ACCESS METHOD "Heap ""x"" 😀" TYPE TABLE HANDLER heap_tableam_handler;
CREATE ACCESS METHOD btree2 TYPE INDEX HANDLER bthandler;
COMMENT ON ACCESS METHOD btree2 IS 'again';

-- Publications
CREATE PUBLICATION "Pub ""x"" 😀" FOR TABLE t WITH (publish = 'update, insert', publish_via_partition_root = true);
CREATE PUBLICATION everything FOR ALL TABLES;
CREATE PUBLICATION nothing WITH (publish = '');
COMMENT ON PUBLICATION nothing IS 'nothing';

-- Foreign servers
CREATE EXTENSION postgres_fdw;
CREATE FOREIGN DATA WRAPPER "Wrapper ""x"" 😀" HANDLER postgres_fdw_handler OPTIONS (debug 'true', "Api ""Key""" 'hunter2');
CREATE FOREIGN DATA WRAPPER validated VALIDATOR postgresql_fdw_validator;
GRANT USAGE ON FOREIGN DATA WRAPPER validated TO app_ro;
COMMENT ON FOREIGN DATA WRAPPER validated IS 'wrapper';
CREATE SERVER "Server ""x"" 😀" TYPE 'kind' VERSION '1.0' FOREIGN DATA WRAPPER "Wrapper ""x"" 😀"
    OPTIONS (host 'there', url 'https://me:hunter2@there/', dsn 'user=me password = hunter2', empty '', via 'ftp://me:hunter2/!@there',
        query '?api_key=hunter2', password_required 'false');
CREATE SERVER plain FOREIGN DATA WRAPPER validated;
ALTER SERVER plain OWNER TO app_ro;
GRANT USAGE ON FOREIGN SERVER "Server ""x"" 😀" TO app_other WITH GRANT OPTION;
COMMENT ON SERVER plain IS 'server';
CREATE USER MAPPING FOR app_ro SERVER "Server ""x"" 😀" OPTIONS (user 'me', password 'hunter2', "passFILE" 'hunter2', access_token 'hunter2');
CREATE USER MAPPING FOR PUBLIC SERVER "Server ""x"" 😀" OPTIONS (user 'all');
CREATE USER MAPPING FOR app_ro SERVER plain;

-- Extensions
ALTER FUNCTION citext_hash(citext) COST 17;
REVOKE EXECUTE ON FUNCTION citext_cmp(citext, citext) FROM PUBLIC;
COMMENT ON EXTENSION citext IS 'ours';

-- Default privileges
ALTER DEFAULT PRIVILEGES IN SCHEMA "S ""q"" 😀" GRANT SELECT ON TABLES TO app_ro;
ALTER DEFAULT PRIVILEGES FOR ROLE app_other REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
ALTER DEFAULT PRIVILEGES FOR ROLE app_other GRANT USAGE ON SEQUENCES TO app_ro WITH GRANT OPTION;
ALTER DEFAULT PRIVILEGES FOR ROLE app_other GRANT CREATE ON SCHEMAS TO PUBLIC;
ALTER DEFAULT PRIVILEGES FOR ROLE app_other REVOKE USAGE ON TYPES FROM PUBLIC;

-- PostgreSQL's own
GRANT EXECUTE ON FUNCTION pg_read_file(text) TO app_ro;
REVOKE USAGE ON LANGUAGE sql FROM PUBLIC;
GRANT SELECT (rolpassword) ON pg_authid TO app_ro;

-- The database
DO $$ BEGIN
    EXECUTE format('ALTER DATABASE %I SET "app.Secret_key" = %L', current_database(), 'hunter2');
    EXECUTE format('ALTER DATABASE %I SET "app.url" = %L', current_database(), 'redis://:hunter2@there');
    EXECUTE format('ALTER DATABASE %I SET "app.token_required" = on', current_database());
    EXECUTE format('ALTER DATABASE %I SET "app.y" = %L', current_database(), 'it''s = 😀');
    EXECUTE format('ALTER DATABASE %I SET search_path = public, "S ""q"" 😀"', current_database());
    EXECUTE format('ALTER ROLE app_ro IN DATABASE %I SET work_mem = %L', current_database(), '3MB');
    EXECUTE format('COMMENT ON DATABASE %I IS %L', current_database(), 'ours');
    EXECUTE format('ALTER DATABASE %I CONNECTION LIMIT 17', current_database());
    EXECUTE format('GRANT CREATE ON DATABASE %I TO app_ro', current_database());
    EXECUTE format('REVOKE TEMPORARY ON DATABASE %I FROM PUBLIC', current_database());
END $$;
INSERT INTO pg_seclabel (objoid, classoid, objsubid, provider, label) VALUES ('t'::regclass, 'pg_class'::regclass, 3, 'dummy', 'secret');

-- Event triggers
CREATE FUNCTION evt() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
CREATE EVENT TRIGGER "Evt ""x"" 😀" ON ddl_command_end WHEN TAG IN ('DROP TABLE', 'CREATE TABLE') EXECUTE FUNCTION evt();
CREATE EVENT TRIGGER always ON ddl_command_start EXECUTE FUNCTION evt();
CREATE EVENT TRIGGER replica ON sql_drop EXECUTE FUNCTION evt();
CREATE EVENT TRIGGER disabled ON table_rewrite EXECUTE FUNCTION evt();
ALTER EVENT TRIGGER always ENABLE ALWAYS;
ALTER EVENT TRIGGER replica ENABLE REPLICA;
ALTER EVENT TRIGGER disabled DISABLE;
COMMENT ON EVENT TRIGGER always IS 'always';

-- What PostgreSQL would give to superusers only
UPDATE pg_event_trigger SET evtowner = 'app_other'::regrole WHERE evtname = 'always';
UPDATE pg_foreign_data_wrapper SET fdwowner = 'app_other'::regrole WHERE fdwname LIKE 'Wrapper%';
UPDATE pg_publication SET pubowner = 'app_other'::regrole WHERE pubname = 'nothing';
UPDATE pg_extension SET extowner = 'app_other'::regrole WHERE extname = 'postgres_fdw';
