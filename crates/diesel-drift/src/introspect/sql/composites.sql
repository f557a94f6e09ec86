-- Composite types that are no relation's row type.
SELECT c.oid,
       c.reltype AS type,
       pg_get_userbyid(t.typowner) AS owner,
       n.nspname AS schema,
       c.relname AS name,
       d.description AS comment
FROM pg_class AS c
JOIN pg_namespace AS n ON n.oid = c.relnamespace
JOIN pg_type AS t ON t.oid = c.reltype
LEFT JOIN pg_description AS d ON d.classoid = 'pg_type'::regclass AND d.objoid = c.reltype AND d.objsubid = 0
WHERE c.relkind = 'c'
  AND n.nspname NOT LIKE 'pg\_%'
  AND n.nspname <> 'information_schema'
  AND NOT EXISTS (
      SELECT FROM pg_depend AS e
      WHERE e.refclassid = 'pg_extension'::regclass AND e.deptype = 'e'
        AND (e.classid = 'pg_type'::regclass AND e.objid = c.reltype
            OR e.classid = 'pg_class'::regclass AND e.objid = c.oid)
  )
