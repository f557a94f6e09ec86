-- The triggers that hold rows to a constraint, where they are not enabled as PostgreSQL makes them.
SELECT t.tgconstraint AS constraint,
       p.proname AS function,
       t.tgenabled AS enabled
FROM pg_trigger AS t
JOIN pg_constraint AS c ON c.oid = t.tgconstraint
JOIN pg_proc AS p ON p.oid = t.tgfoid
WHERE t.tgisinternal
  AND t.tgenabled <> 'O'
  AND c.contype IN ('f', 'p', 'u', 'x')
