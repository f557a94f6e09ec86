-- Checks ($1) as SQL. PostgreSQL has to open a check's table for its columns' names, which is what costs.
SELECT c.oid,
       pg_get_expr(c.conbin, c.conrelid) AS expression
FROM pg_constraint AS c
WHERE c.oid = ANY ($1)
