SELECT json_build_object('schema', n.nspname, 'name', c.conname) AS name,
       pg_encoding_to_char(c.conforencoding) AS source,
       pg_encoding_to_char(c.contoencoding) AS target,
       json_build_object('schema', fn.nspname, 'name', f.proname) AS function,
       c.condefault AS default,
       pg_get_userbyid(c.conowner) AS owner,
       d.description AS comment
FROM pg_conversion AS c
JOIN pg_namespace AS n ON n.oid = c.connamespace
JOIN pg_proc AS f ON f.oid = c.conproc
JOIN pg_namespace AS fn ON fn.oid = f.pronamespace
LEFT JOIN pg_description AS d ON d.classoid = 'pg_conversion'::regclass AND d.objoid = c.oid AND d.objsubid = 0
WHERE n.nspname NOT LIKE 'pg\_%'
  AND n.nspname <> 'information_schema'
  AND NOT EXISTS (
      SELECT FROM pg_depend AS e
      WHERE e.classid = 'pg_conversion'::regclass AND e.objid = c.oid AND e.refclassid = 'pg_extension'::regclass AND e.deptype = 'e'
  )
