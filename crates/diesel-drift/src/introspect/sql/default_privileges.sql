SELECT a.tableoid AS class,
       a.oid,
       pg_get_userbyid(a.defaclrole) AS role,
       n.nspname AS schema,
       CASE a.defaclobjtype
           WHEN 'r' THEN 'TABLES'
           WHEN 'S' THEN 'SEQUENCES'
           WHEN 'f' THEN 'FUNCTIONS'
           WHEN 'T' THEN 'TYPES'
           WHEN 'n' THEN 'SCHEMAS'
           WHEN 'L' THEN 'LARGE OBJECTS'
           ELSE a.defaclobjtype::text
       END AS objects
FROM pg_default_acl AS a
LEFT JOIN pg_namespace AS n ON n.oid = a.defaclnamespace
WHERE NOT EXISTS (
    SELECT FROM pg_depend AS e
    WHERE e.classid = 'pg_default_acl'::regclass AND e.objid = a.oid AND e.refclassid = 'pg_extension'::regclass AND e.deptype = 'e'
)
