-- Checks ($1) as SQL, each over a table ($2) with the columns that it names.
SELECT c.oid,
       pg_get_expr(c.conbin, used.relation) AS expression
FROM unnest($1, $2) AS used (oid, relation)
JOIN pg_constraint AS c ON c.oid = used.oid
