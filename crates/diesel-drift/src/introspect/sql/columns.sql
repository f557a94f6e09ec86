-- Columns of the relations that relations.sql reads, in order.
--
-- Only a generated column's expression names columns, and only for that has PostgreSQL to open the table.
SELECT a.attrelid AS relation,
       a.attnum AS number,
       a.attname AS name,
       a.atttypid AS type,
       a.atttypmod AS modifier,
       a.attcollation AS collation,
       a.attnotnull AS not_null,
       not_valid.oid IS NOT NULL AS not_null_not_valid,
       a.attidentity AS identity,
       a.attgenerated AS generated,
       pg_get_expr(v.adbin, CASE WHEN a.attgenerated = '' THEN 0 ELSE v.adrelid END) AS expression,
       d.description AS comment
FROM pg_class AS c
JOIN pg_namespace AS n ON n.oid = c.relnamespace
JOIN pg_attribute AS a ON a.attrelid = c.oid
LEFT JOIN pg_attrdef AS v ON v.adrelid = a.attrelid AND v.adnum = a.attnum
LEFT JOIN pg_constraint AS not_valid
    ON not_valid.conrelid = a.attrelid AND not_valid.conkey[1] = a.attnum
   AND not_valid.contype = 'n' AND NOT not_valid.convalidated
LEFT JOIN pg_description AS d
    ON d.classoid = 'pg_class'::regclass AND d.objoid = a.attrelid AND d.objsubid = a.attnum
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f')
  AND c.relpersistence <> 't'
  AND (n.nspname NOT LIKE 'pg\_%' AND n.nspname <> 'information_schema' OR c.relname = ANY ($1))
  AND a.attnum > 0
  AND NOT a.attisdropped
ORDER BY a.attrelid, a.attnum
