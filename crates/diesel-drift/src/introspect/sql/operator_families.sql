SELECT json_build_object('schema', n.nspname, 'name', f.opfname) AS name,
       format(' USING %I', am.amname) AS signature,
       m.list AS members,
       pg_get_userbyid(f.opfowner) AS owner,
       d.description AS comment
FROM pg_opfamily AS f
JOIN pg_namespace AS n ON n.oid = f.opfnamespace
JOIN pg_am AS am ON am.oid = f.opfmethod
LEFT JOIN member AS m ON m.catalog = 'pg_opfamily'::regclass AND m.object = f.oid
LEFT JOIN pg_description AS d ON d.classoid = 'pg_opfamily'::regclass AND d.objoid = f.oid AND d.objsubid = 0
WHERE n.nspname NOT LIKE 'pg\_%'
  AND n.nspname <> 'information_schema'
  AND NOT EXISTS (
      SELECT FROM pg_depend AS e
      WHERE e.classid = 'pg_opfamily'::regclass AND e.objid = f.oid AND e.refclassid = 'pg_extension'::regclass AND e.deptype = 'e'
  )
