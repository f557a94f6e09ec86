SELECT json_build_object('schema', n.nspname, 'name', p.prsname) AS name,
       p.prsstart::regprocedure::text AS start,
       p.prstoken::regprocedure::text AS token,
       p.prsend::regprocedure::text AS end,
       p.prslextype::regprocedure::text AS lextypes,
       nullif(p.prsheadline::regprocedure::text, '-') AS headline,
       d.description AS comment
FROM pg_ts_parser AS p
JOIN pg_namespace AS n ON n.oid = p.prsnamespace
LEFT JOIN pg_description AS d ON d.classoid = 'pg_ts_parser'::regclass AND d.objoid = p.oid AND d.objsubid = 0
WHERE n.nspname NOT LIKE 'pg\_%'
  AND n.nspname <> 'information_schema'
  AND NOT EXISTS (
      SELECT FROM pg_depend AS e
      WHERE e.classid = 'pg_ts_parser'::regclass AND e.objid = p.oid AND e.refclassid = 'pg_extension'::regclass AND e.deptype = 'e'
  )
