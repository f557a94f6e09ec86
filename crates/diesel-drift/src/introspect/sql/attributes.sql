-- Attributes of composite types, in order.
SELECT a.attrelid AS composite,
       a.attname AS name,
       a.atttypid AS type,
       a.atttypmod AS modifier,
       a.attcollation AS collation,
       d.description AS comment
FROM pg_class AS c
JOIN pg_attribute AS a ON a.attrelid = c.oid
LEFT JOIN pg_description AS d
    ON d.classoid = 'pg_class'::regclass AND d.objoid = a.attrelid AND d.objsubid = a.attnum
WHERE c.relkind = 'c'
  AND a.attnum > 0
  AND NOT a.attisdropped
ORDER BY a.attrelid, a.attnum
