-- Procedural languages; most are an extension's.
SELECT l.tableoid AS class,
       l.oid,
       l.lanname AS name,
       l.lanpltrusted AS trusted,
       nullif(l.lanplcallfoid::regprocedure::text, '-') AS handler,
       nullif(l.laninline::regprocedure::text, '-') AS inline,
       nullif(l.lanvalidator::regprocedure::text, '-') AS validator,
       pg_get_userbyid(l.lanowner) AS owner,
       d.description AS comment
FROM pg_language AS l
LEFT JOIN pg_description AS d ON d.classoid = 'pg_language'::regclass AND d.objoid = l.oid AND d.objsubid = 0
WHERE l.lanispl
  AND NOT EXISTS (
      SELECT FROM pg_depend AS e
      WHERE e.classid = 'pg_language'::regclass AND e.objid = l.oid AND e.refclassid = 'pg_extension'::regclass AND e.deptype = 'e'
  )
