-- Relations outside of system schemas, and those inside whose name is wanted ($1).
SELECT c.oid,
       n.nspname AS schema,
       c.relname AS name,
       n.nspname NOT LIKE 'pg\_%'
           AND n.nspname <> 'information_schema'
           AND NOT EXISTS (
               SELECT FROM pg_depend AS e
               WHERE e.classid = 'pg_class'::regclass AND e.objid = c.oid AND e.refclassid = 'pg_extension'::regclass AND e.deptype = 'e'
           ) AS own,
       c.relkind AS kind,
       c.relpersistence AS persistence,
       c.reloptions AS options,
       type_schema.nspname AS of_type_schema,
       type.typname AS of_type_name,
       CASE WHEN c.relkind = 'p' THEN pg_get_partkeydef(c.oid) END AS partition_key,
       CASE WHEN c.relispartition THEN pg_get_expr(c.relpartbound, c.oid) END AS partition_bound,
       CASE WHEN c.relkind IN ('v', 'm') THEN pg_get_viewdef(c.oid) END AS definition,
       d.description AS comment
FROM pg_class AS c
JOIN pg_namespace AS n ON n.oid = c.relnamespace
LEFT JOIN pg_type AS type ON type.oid = c.reloftype
LEFT JOIN pg_namespace AS type_schema ON type_schema.oid = type.typnamespace
LEFT JOIN pg_description AS d ON d.classoid = 'pg_class'::regclass AND d.objoid = c.oid AND d.objsubid = 0
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f')
  AND c.relpersistence <> 't'
  AND (n.nspname NOT LIKE 'pg\_%' AND n.nspname <> 'information_schema' OR c.relname = ANY ($1))
