SELECT json_build_object('schema', n.nspname, 'name', t.dictname) AS name,
       json_build_object('schema', template_schema.nspname, 'name', template.tmplname) AS template,
       t.dictinitoption AS options,
       pg_get_userbyid(t.dictowner) AS owner,
       d.description AS comment
FROM pg_ts_dict AS t
JOIN pg_namespace AS n ON n.oid = t.dictnamespace
JOIN pg_ts_template AS template ON template.oid = t.dicttemplate
JOIN pg_namespace AS template_schema ON template_schema.oid = template.tmplnamespace
LEFT JOIN pg_description AS d ON d.classoid = 'pg_ts_dict'::regclass AND d.objoid = t.oid AND d.objsubid = 0
WHERE n.nspname NOT LIKE 'pg\_%'
  AND n.nspname <> 'information_schema'
  AND NOT EXISTS (
      SELECT FROM pg_depend AS e
      WHERE e.classid = 'pg_ts_dict'::regclass AND e.objid = t.oid AND e.refclassid = 'pg_extension'::regclass AND e.deptype = 'e'
  )
