SELECT c.oid,
       n.nspname AS schema,
       c.collname AS name
FROM pg_collation AS c
JOIN pg_namespace AS n ON n.oid = c.collnamespace
