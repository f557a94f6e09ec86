-- The schema public belongs to whom initdb gives it, and says what initdb says, in any release.
SELECT n.tableoid AS class,
       n.oid,
       n.nspname AS name,
       CASE WHEN n.nspname <> 'public' OR n.nspowner <> 10 AND o.name <> 'pg_database_owner' THEN o.name END AS owner,
       CASE WHEN n.nspname = 'public' THEN nullif(d.description, 'standard public schema') ELSE d.description END AS comment
FROM pg_namespace AS n
CROSS JOIN LATERAL (SELECT pg_get_userbyid(n.nspowner) AS name) AS o
LEFT JOIN pg_description AS d ON d.classoid = 'pg_namespace'::regclass AND d.objoid = n.oid AND d.objsubid = 0
WHERE n.nspname NOT LIKE 'pg\_%'
  AND n.nspname <> 'information_schema'
  AND NOT EXISTS (
      SELECT FROM pg_depend AS e
      WHERE e.classid = 'pg_namespace'::regclass AND e.objid = n.oid AND e.refclassid = 'pg_extension'::regclass AND e.deptype = 'e'
  )
