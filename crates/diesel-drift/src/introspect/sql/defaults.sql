-- Defaults and expressions of generated columns as trees: default_expressions.sql deparses each distinct one.
SELECT v.oid,
       v.adrelid AS relation,
       v.adnum AS number,
       v.adbin::text AS tree
FROM pg_attrdef AS v
