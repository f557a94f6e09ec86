SELECT json_build_object('schema', n.nspname, 'name', t.tmplname) AS name,
       nullif(t.tmplinit::regprocedure::text, '-') AS init,
       t.tmpllexize::regprocedure::text AS lexize,
       d.description AS comment
FROM pg_ts_template AS t
JOIN pg_namespace AS n ON n.oid = t.tmplnamespace
LEFT JOIN pg_description AS d ON d.classoid = 'pg_ts_template'::regclass AND d.objoid = t.oid AND d.objsubid = 0
WHERE n.nspname NOT LIKE 'pg\_%'
  AND n.nspname <> 'information_schema'
  AND NOT EXISTS (
      SELECT FROM pg_depend AS e
      WHERE e.classid = 'pg_ts_template'::regclass AND e.objid = t.oid AND e.refclassid = 'pg_extension'::regclass AND e.deptype = 'e'
  )
