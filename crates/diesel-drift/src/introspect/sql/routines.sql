-- Functions, window functions and procedures, apart from those that belong to a range type.
SELECT p.tableoid AS class,
       p.oid,
       json_build_object('schema', n.nspname, 'name', p.proname) AS name,
       '(' || types.list || ')' AS signature,
       nullif(pg_get_function_arguments(p.oid), types.list) AS arguments,
       pg_get_function_result(p.oid) AS returns,
       p.prokind = 'w' AS window,
       l.lanname AS language,
       nullif(p.prosrc, '') AS body,
       pg_get_function_sqlbody(p.oid) AS sql_body, -- since 14
       p.probin AS object_file,
       p.provolatile AS volatility,
       p.proisstrict AS strict,
       p.prosecdef AS security_definer,
       p.proleakproof AS leakproof,
       p.proparallel AS parallel,
       CASE WHEN p.procost <> CASE WHEN l.lanname IN ('c', 'internal') THEN 1 ELSE 100 END
           THEN p.procost::text
       END AS cost,
       CASE WHEN p.proretset AND p.prorows <> 1000 THEN p.prorows::text END AS rows,
       nullif(p.prosupport::regprocedure::text, '-') AS support,
       (
           SELECT json_object_agg(
               split_part(item, '=', 1),
               CASE WHEN item ~* s.pattern THEN '<secret>' ELSE substr(item, strpos(item, '=') + 1) END)
           FROM unnest(p.proconfig) AS item
           CROSS JOIN secret AS s
       ) AS settings,
       (
           SELECT json_agg(format_type(t.type, NULL) ORDER BY t.place)
           FROM unnest(p.protrftypes) WITH ORDINALITY AS t (type, place)
       ) AS transforms,
       (
           SELECT json_agg(x.extname ORDER BY x.extname)
           FROM pg_depend AS e
           JOIN pg_extension AS x ON x.oid = e.refobjid
           WHERE e.classid = 'pg_proc'::regclass AND e.objid = p.oid
             AND e.refclassid = 'pg_extension'::regclass AND e.deptype = 'x'
       ) AS depends_on_extensions,
       pg_get_userbyid(p.proowner) AS owner,
       d.description AS comment
FROM pg_proc AS p
JOIN pg_namespace AS n ON n.oid = p.pronamespace
JOIN pg_language AS l ON l.oid = p.prolang
CROSS JOIN LATERAL (
    SELECT coalesce(string_agg(format_type(t.type, NULL), ', ' ORDER BY t.place), '') AS list
    FROM unnest(p.proargtypes) WITH ORDINALITY AS t (type, place)
) AS types
LEFT JOIN pg_description AS d ON d.classoid = 'pg_proc'::regclass AND d.objoid = p.oid AND d.objsubid = 0
WHERE p.prokind IN ('f', 'w', 'p')
  AND n.nspname NOT LIKE 'pg\_%'
  AND n.nspname <> 'information_schema'
  AND NOT EXISTS (
      SELECT FROM pg_depend AS e
      WHERE e.classid = 'pg_proc'::regclass AND e.objid = p.oid AND e.deptype IN ('e', 'i')
  )
