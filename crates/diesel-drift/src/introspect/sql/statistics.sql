-- Extended statistics.
SELECT s.tableoid AS class,
       s.oid,
       json_build_object('schema', n.nspname, 'name', s.stxname) AS name,
       json_build_object('schema', rn.nspname, 'name', r.relname) AS relation,
       ARRAY(
           SELECT a.attname FROM pg_attribute AS a
           WHERE a.attrelid = s.stxrelid AND a.attnum = ANY (s.stxkeys)
           ORDER BY a.attnum
       ) AS on_columns,
       pg_get_expr(s.stxexprs, s.stxrelid) AS expressions, -- since 14
       CASE WHEN NOT s.stxkind @> '{d,f,m}' THEN array_remove(s.stxkind, 'e') END AS kinds,
       nullif(s.stxstattarget, -1) AS target,
       pg_get_userbyid(s.stxowner) AS owner,
       d.description AS comment
FROM pg_statistic_ext AS s
JOIN pg_namespace AS n ON n.oid = s.stxnamespace
JOIN pg_class AS r ON r.oid = s.stxrelid
JOIN pg_namespace AS rn ON rn.oid = r.relnamespace
LEFT JOIN pg_description AS d ON d.classoid = 'pg_statistic_ext'::regclass AND d.objoid = s.oid AND d.objsubid = 0
WHERE n.nspname NOT LIKE 'pg\_%'
  AND n.nspname <> 'information_schema'
  AND NOT EXISTS (
      SELECT FROM pg_depend AS e
      WHERE e.classid = 'pg_statistic_ext'::regclass AND e.objid = s.oid AND e.refclassid = 'pg_extension'::regclass AND e.deptype = 'e'
  )
