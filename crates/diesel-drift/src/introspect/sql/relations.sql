-- Relations outside of system schemas, and those inside whose name is wanted ($1).
SELECT c.oid,
       n.nspname AS schema,
       c.relname AS name,
       n.nspname NOT LIKE 'pg\_%'
           AND n.nspname <> 'information_schema'
           AND NOT EXISTS (
               SELECT FROM pg_depend AS e
               WHERE e.classid = 'pg_class'::regclass AND e.objid = c.oid AND e.refclassid = 'pg_extension'::regclass AND e.deptype = 'e'
           ) AS own,
       c.relkind AS kind,
       pg_get_userbyid(c.relowner) AS owner,
       c.relpersistence AS persistence,
       nullif(am.amname, 'heap') AS access_method,
       s.spcname AS tablespace,
       c.reloptions AS options,
       toast.reloptions AS toast_options,
       c.relrowsecurity AS row_security,
       c.relforcerowsecurity AS force_row_security,
       c.relreplident AS replica_identity,
       c.relkind = 'm' AND NOT c.relispopulated AS unpopulated,
       server.srvname AS server,
       CASE WHEN f.ftoptions IS NOT NULL THEN (
           SELECT json_object_agg(o.option_name,
               CASE WHEN o.option_name || '=' || o.option_value ~* s.pattern THEN '<secret>' ELSE coalesce(o.option_value, '') END)
           FROM pg_options_to_table(f.ftoptions) AS o
           CROSS JOIN secret AS s
       )::text END AS server_options,
       CASE WHEN c.reloftype <> 0 THEN (
           SELECT tn.nspname FROM pg_type AS t JOIN pg_namespace AS tn ON tn.oid = t.typnamespace WHERE t.oid = c.reloftype
       ) END AS of_type_schema,
       CASE WHEN c.reloftype <> 0 THEN (SELECT t.typname FROM pg_type AS t WHERE t.oid = c.reloftype) END AS of_type_name,
       CASE WHEN c.relkind = 'p' THEN pg_get_partkeydef(c.oid) END AS partition_key,
       CASE WHEN c.relispartition THEN pg_get_expr(c.relpartbound, c.oid) END AS partition_bound,
       CASE WHEN c.relkind IN ('v', 'm') THEN pg_get_viewdef(c.oid) END AS definition,
       depends.extensions AS depends_on_extensions,
       d.description AS comment
FROM pg_class AS c
JOIN pg_namespace AS n ON n.oid = c.relnamespace
LEFT JOIN pg_am AS am ON am.oid = c.relam
LEFT JOIN pg_tablespace AS s ON s.oid = c.reltablespace
LEFT JOIN pg_class AS toast ON toast.oid = c.reltoastrelid AND toast.reloptions IS NOT NULL
LEFT JOIN pg_foreign_table AS f ON f.ftrelid = c.oid
LEFT JOIN pg_foreign_server AS server ON server.oid = f.ftserver
LEFT JOIN (
    SELECT e.objid AS oid, array_agg(x.extname ORDER BY x.extname) AS extensions
    FROM pg_depend AS e
    JOIN pg_extension AS x ON x.oid = e.refobjid
    WHERE e.classid = 'pg_class'::regclass AND e.refclassid = 'pg_extension'::regclass AND e.deptype = 'x'
    GROUP BY e.objid
) AS depends ON depends.oid = c.oid
LEFT JOIN pg_description AS d ON d.classoid = 'pg_class'::regclass AND d.objoid = c.oid AND d.objsubid = 0
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f')
  AND c.relpersistence <> 't'
  AND (n.nspname NOT LIKE 'pg\_%' AND n.nspname <> 'information_schema' OR c.relname = ANY ($1))
