-- A column that an older server lacks resolves to the one in `absent`.
SELECT t.oid,
       pg_get_userbyid(t.typowner) AS owner,
       n.nspname AS schema,
       t.typname AS name,
       r.subtype,
       r.operator_class,
       r.collation,
       canonical_schema.nspname AS canonical_schema,
       canonical.proname AS canonical_name,
       diff_schema.nspname AS subtype_diff_schema,
       diff.proname AS subtype_diff_name,
       multirange_schema.nspname AS multirange_schema,
       multirange.typname AS multirange_name,
       d.description AS comment
FROM (VALUES (0::oid)) AS absent (rngmultitypid)
CROSS JOIN LATERAL (
    SELECT x.rngtypid AS oid,
           x.rngsubtype AS subtype,
           x.rngsubopc AS operator_class,
           x.rngcollation AS collation,
           x.rngcanonical AS canonical,
           x.rngsubdiff AS subtype_diff,
           rngmultitypid AS multirange
    FROM pg_range AS x
) AS r
JOIN pg_type AS t ON t.oid = r.oid
JOIN pg_namespace AS n ON n.oid = t.typnamespace
LEFT JOIN pg_proc AS canonical ON canonical.oid = r.canonical
LEFT JOIN pg_namespace AS canonical_schema ON canonical_schema.oid = canonical.pronamespace
LEFT JOIN pg_proc AS diff ON diff.oid = r.subtype_diff
LEFT JOIN pg_namespace AS diff_schema ON diff_schema.oid = diff.pronamespace
LEFT JOIN pg_type AS multirange ON multirange.oid = r.multirange
LEFT JOIN pg_namespace AS multirange_schema ON multirange_schema.oid = multirange.typnamespace
LEFT JOIN pg_description AS d ON d.classoid = 'pg_type'::regclass AND d.objoid = t.oid AND d.objsubid = 0
WHERE n.nspname NOT LIKE 'pg\_%'
  AND n.nspname <> 'information_schema'
  AND NOT EXISTS (
      SELECT FROM pg_depend AS e
      WHERE e.classid = 'pg_type'::regclass AND e.objid = t.oid AND e.refclassid = 'pg_extension'::regclass AND e.deptype = 'e'
  )
