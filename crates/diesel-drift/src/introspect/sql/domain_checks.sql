SELECT c.contypid AS domain,
       c.conname AS name,
       pg_get_expr(c.conbin, 0) AS expression,
       c.convalidated AS validated,
       d.description AS comment
FROM pg_constraint AS c
LEFT JOIN pg_description AS d
    ON d.classoid = 'pg_constraint'::regclass AND d.objoid = c.oid AND d.objsubid = 0
WHERE c.contypid <> 0
  AND c.contype = 'c'
