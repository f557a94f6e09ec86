-- Types of system schemas and of extensions whose name is wanted ($1), apart from enums and domains.
SELECT n.nspname AS schema,
       t.typname AS name
FROM pg_type AS t
JOIN pg_namespace AS n ON n.oid = t.typnamespace
WHERE t.typname = ANY ($1)
  AND t.typtype NOT IN ('e', 'd')
  AND n.nspname NOT LIKE 'pg\_temp\_%'
  AND n.nspname NOT LIKE 'pg\_toast%'
  AND (n.nspname LIKE 'pg\_%'
      OR n.nspname = 'information_schema'
      OR EXISTS (
          SELECT FROM pg_depend AS e
          WHERE e.classid = 'pg_type'::regclass AND e.objid = t.oid AND e.refclassid = 'pg_extension'::regclass AND e.deptype = 'e'
      ))
