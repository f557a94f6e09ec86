-- Access methods, apart from initdb's.
SELECT a.amname AS name,
       a.amtype AS kind,
       a.amhandler::regprocedure::text AS handler,
       d.description AS comment
FROM pg_am AS a
LEFT JOIN pg_description AS d ON d.classoid = 'pg_am'::regclass AND d.objoid = a.oid AND d.objsubid = 0
WHERE a.oid >= 16384
  AND NOT EXISTS (
      SELECT FROM pg_depend AS e
      WHERE e.classid = 'pg_am'::regclass AND e.objid = a.oid AND e.refclassid = 'pg_extension'::regclass AND e.deptype = 'e'
  )
