-- Extended statistics. A column that an older server lacks resolves to the one in `absent`.
SELECT s.tableoid AS class,
       s.oid,
       json_build_object(
           'name', json_build_object('schema', n.nspname, 'name', s.stxname),
           'owner', pg_get_userbyid(s.stxowner),
           'relation', json_build_object('schema', rn.nspname, 'name', r.relname),
           'columns', ARRAY(
               SELECT a.attname FROM pg_attribute AS a
               WHERE a.attrelid = s.stxrelid AND a.attnum = ANY (s.stxkeys)
               ORDER BY a.attnum
           ),
           'expressions', pg_get_expr(s.expressions, s.stxrelid),
           'kinds', CASE WHEN s.stxkind @> '{d,f,m}' THEN '{}' ELSE array_remove(ARRAY[
               CASE WHEN 'd' = ANY (s.stxkind) THEN 'ndistinct' END,
               CASE WHEN 'f' = ANY (s.stxkind) THEN 'dependencies' END,
               CASE WHEN 'm' = ANY (s.stxkind) THEN 'mcv' END
           ], NULL) END,
           'target', nullif(s.stxstattarget, -1),
           'comment', d.description
       )::text AS object
FROM (VALUES (NULL::pg_node_tree)) AS absent (stxexprs)
CROSS JOIN LATERAL (SELECT x.tableoid, x.*, stxexprs AS expressions FROM pg_statistic_ext AS x) AS s
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
