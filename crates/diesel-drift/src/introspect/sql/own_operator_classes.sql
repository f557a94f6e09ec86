SELECT json_build_object('schema', n.nspname, 'name', c.opcname) AS name,
       format(' USING %I', am.amname) AS signature,
       CASE WHEN f.opfnamespace <> c.opcnamespace OR f.opfname <> c.opcname
           THEN json_build_object('schema', fn.nspname, 'name', f.opfname)
       END AS family,
       c.opcdefault AS default,
       format_type(c.opcintype, NULL) AS input_type,
       CASE WHEN c.opckeytype <> 0 THEN format_type(c.opckeytype, NULL) END AS storage,
       m.list AS members,
       pg_get_userbyid(c.opcowner) AS owner,
       d.description AS comment
FROM pg_opclass AS c
JOIN pg_namespace AS n ON n.oid = c.opcnamespace
JOIN pg_am AS am ON am.oid = c.opcmethod
JOIN pg_opfamily AS f ON f.oid = c.opcfamily
JOIN pg_namespace AS fn ON fn.oid = f.opfnamespace
LEFT JOIN member AS m ON m.catalog = 'pg_opclass'::regclass AND m.object = c.oid
LEFT JOIN pg_description AS d ON d.classoid = 'pg_opclass'::regclass AND d.objoid = c.oid AND d.objsubid = 0
WHERE n.nspname NOT LIKE 'pg\_%'
  AND n.nspname <> 'information_schema'
  AND NOT EXISTS (
      SELECT FROM pg_depend AS e
      WHERE e.classid = 'pg_opclass'::regclass AND e.objid = c.oid AND e.refclassid = 'pg_extension'::regclass AND e.deptype = 'e'
  )
