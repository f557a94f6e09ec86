-- Extensions. Their usual comment is their control file's, their usual owner also the role that initdb made. What their functions are is told by a digest, by name and types'
-- names, so that it does not depend on the schema that the extension is in.
SELECT x.extname AS name,
       n.nspname AS schema,
       x.extversion AS version,
       encode((
           SELECT sha256(convert_to(string_agg(f.definition, E'\n' ORDER BY f.definition COLLATE "C"), 'UTF8'))
           FROM (
               SELECT json_build_array(
                   p.proname,
                   ARRAY(SELECT t.typname FROM unnest(p.proargtypes) WITH ORDINALITY AS a (oid, place) JOIN pg_type AS t ON t.oid = a.oid ORDER BY a.place),
                   p.proargmodes, p.proargnames, p.proretset, p.prokind, l.lanname, p.prosrc, p.probin, p.provolatile,
                   p.proisstrict, p.prosecdef, p.proleakproof, p.proparallel, p.procost, p.prorows, p.proconfig,
                   (SELECT s.proname FROM pg_proc AS s WHERE s.oid = p.prosupport)
               )::text
                   || coalesce(pg_get_function_sqlbody(p.oid), '') -- since 14
                   AS definition
               FROM pg_depend AS e
               JOIN pg_proc AS p ON p.oid = e.objid
               JOIN pg_language AS l ON l.oid = p.prolang
               WHERE e.refclassid = 'pg_extension'::regclass AND e.refobjid = x.oid AND e.deptype = 'e'
                 AND e.classid = 'pg_proc'::regclass
           ) AS f
       ), 'hex') AS functions_digest,
       CASE WHEN x.extowner <> 10 THEN pg_get_userbyid(x.extowner) END AS owner,
       CASE WHEN d.description IS DISTINCT FROM available.comment THEN coalesce(d.description, '') END AS comment
FROM pg_extension AS x
JOIN pg_namespace AS n ON n.oid = x.extnamespace
LEFT JOIN pg_available_extensions() AS available ON available.name = x.extname
LEFT JOIN pg_description AS d ON d.classoid = 'pg_extension'::regclass AND d.objoid = x.oid AND d.objsubid = 0
