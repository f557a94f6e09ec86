SELECT f.tableoid AS class,
       f.oid,
       f.srvname AS name,
       w.fdwname AS foreign_data_wrapper,
       f.srvtype AS kind,
       f.srvversion AS version,
       (
           SELECT json_object_agg(o.option_name,
               CASE WHEN o.option_name || '=' || o.option_value ~* s.pattern THEN '<secret>' ELSE coalesce(o.option_value, '') END)
           FROM pg_options_to_table(f.srvoptions) AS o
       ) AS options,
       pg_get_userbyid(f.srvowner) AS owner,
       d.description AS comment
FROM pg_foreign_server AS f
JOIN pg_foreign_data_wrapper AS w ON w.oid = f.srvfdw
CROSS JOIN secret AS s
LEFT JOIN pg_description AS d ON d.classoid = 'pg_foreign_server'::regclass AND d.objoid = f.oid AND d.objsubid = 0
WHERE NOT EXISTS (
    SELECT FROM pg_depend AS e
    WHERE e.classid = 'pg_foreign_server'::regclass AND e.objid = f.oid AND e.refclassid = 'pg_extension'::regclass AND e.deptype = 'e'
)
