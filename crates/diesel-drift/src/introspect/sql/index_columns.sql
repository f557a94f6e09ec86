-- What key columns of indexes have of their own, where they have anything.
SELECT a.attrelid AS index,
       a.attnum AS number,
       nullif(a.attstattarget::int4, -1) AS statistics,
       a.attoptions AS options
FROM pg_attribute AS a
JOIN pg_class AS c ON c.oid = a.attrelid
WHERE c.relkind IN ('i', 'I')
  AND a.attnum > 0
  AND (a.attstattarget > -1 OR a.attoptions IS NOT NULL)
