SELECT c.oid,
       pg_get_userbyid(c.relowner) AS role,
       n.nspname AS schema,
       c.relname AS name,
       nullif(format_type(s.seqtypid, NULL), 'bigint') AS data_type,
       nullif(s.seqstart, CASE WHEN s.seqincrement > 0 THEN s.seqmin ELSE s.seqmax END) AS start,
       nullif(s.seqincrement, 1) AS increment,
       nullif(s.seqmin, CASE WHEN s.seqincrement > 0 THEN 1 ELSE -type.greatest - 1 END) AS min,
       nullif(s.seqmax, CASE WHEN s.seqincrement > 0 THEN type.greatest ELSE -1 END) AS max,
       nullif(s.seqcache, 1) AS cache,
       s.seqcycle AS cycle,
       c.relpersistence AS persistence,
       owner.refobjid AS owner,
       owner.refobjsubid AS owner_column,
       d.description AS comment
FROM pg_sequence AS s
JOIN (VALUES ('int2'::regtype, 32767), ('int4', 2147483647), ('int8', 9223372036854775807)) AS type (oid, greatest)
    ON type.oid = s.seqtypid
JOIN pg_class AS c ON c.oid = s.seqrelid
JOIN pg_namespace AS n ON n.oid = c.relnamespace
LEFT JOIN pg_depend AS owner
    ON owner.classid = 'pg_class'::regclass AND owner.objid = c.oid AND owner.objsubid = 0
   AND owner.refclassid = 'pg_class'::regclass AND owner.refobjsubid > 0 AND owner.deptype IN ('a', 'i')
LEFT JOIN pg_description AS d ON d.classoid = 'pg_class'::regclass AND d.objoid = c.oid AND d.objsubid = 0
WHERE n.nspname NOT LIKE 'pg\_%'
  AND n.nspname <> 'information_schema'
  AND NOT EXISTS (
      SELECT FROM pg_depend AS e
      WHERE e.classid = 'pg_class'::regclass AND e.objid = c.oid AND e.refclassid = 'pg_extension'::regclass AND e.deptype = 'e'
  )
