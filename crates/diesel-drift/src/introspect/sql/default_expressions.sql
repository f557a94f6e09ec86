-- Defaults and expressions of generated columns ($1) as SQL, each over a table ($2) with the columns that it names; 0 for none.
SELECT v.oid,
       pg_get_expr(v.adbin, used.relation) AS expression
FROM unnest($1, $2) AS used (oid, relation)
JOIN pg_attrdef AS v ON v.oid = used.oid
