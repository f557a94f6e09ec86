-- Enums, own and of extensions.
SELECT t.oid,
       pg_get_userbyid(t.typowner) AS owner,
       n.nspname AS schema,
       t.typname AS name,
       n.nspname NOT LIKE 'pg\_%'
           AND n.nspname <> 'information_schema'
           AND NOT EXISTS (
               SELECT FROM pg_depend AS e
               WHERE e.classid = 'pg_type'::regclass AND e.objid = t.oid AND e.refclassid = 'pg_extension'::regclass AND e.deptype = 'e'
           ) AS own,
       ARRAY(
           SELECT l.enumlabel FROM pg_enum AS l WHERE l.enumtypid = t.oid ORDER BY l.enumsortorder
       ) AS labels,
       d.description AS comment
FROM pg_type AS t
JOIN pg_namespace AS n ON n.oid = t.typnamespace
LEFT JOIN pg_description AS d ON d.classoid = 'pg_type'::regclass AND d.objoid = t.oid AND d.objsubid = 0
WHERE t.typtype = 'e'
