-- Where Diesel records the migrations that were applied, and whether this role may read it. What else carries the name is told by
-- what is missing; a table under row-level security may show a part only, and reading it would run its policies.
SELECT n.nspname AS schema,
       c.relkind IN ('r', 'p') AND coalesce(columns.complete, false) AS genuine,
       has_schema_privilege(n.oid, 'USAGE') AND coalesce(columns.readable, false) AS readable,
       row_security_active(c.oid) AS filtered
FROM pg_class AS c
JOIN pg_namespace AS n ON n.oid = c.relnamespace
CROSS JOIN LATERAL (
    SELECT count(*) = 2 AS complete,
           bool_and(has_column_privilege(a.attrelid, a.attnum, 'SELECT')) AS readable
    FROM pg_attribute AS a
    WHERE a.attrelid = c.oid
      AND NOT a.attisdropped
      AND (a.attname = 'version' AND a.atttypid IN ('pg_catalog.varchar'::regtype, 'pg_catalog.text'::regtype)
          OR a.attname = 'run_on' AND a.atttypid IN ('pg_catalog.timestamp'::regtype, 'pg_catalog.timestamptz'::regtype))
) AS columns
WHERE c.relname = '__diesel_schema_migrations'
  AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
  AND c.relpersistence <> 't'
ORDER BY n.nspname
