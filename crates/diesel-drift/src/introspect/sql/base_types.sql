-- Base types without the arrays that belong to other types, and shells, of which nothing else is known.
SELECT t.tableoid AS class,
       t.oid,
       json_build_object('schema', n.nspname, 'name', t.typname) AS name,
       pg_get_userbyid(t.typowner) AS owner,
       NOT t.typisdefined AS shell,
       CASE WHEN t.typisdefined THEN t.typinput::regprocedure::text END AS input,
       CASE WHEN t.typisdefined THEN t.typoutput::regprocedure::text END AS output,
       nullif(t.typreceive::regprocedure::text, '-') AS receive,
       nullif(t.typsend::regprocedure::text, '-') AS send,
       nullif(t.typmodin::regprocedure::text, '-') AS modifier_input,
       nullif(t.typmodout::regprocedure::text, '-') AS modifier_output,
       nullif(t.typanalyze::regprocedure::text, '-') AS analyze,
       nullif(t.typsubscript::regprocedure::text, '-') AS subscript, -- since 14
       CASE WHEN t.typisdefined THEN nullif(t.typlen, -1) END AS length,
       t.typisdefined AND t.typbyval AS passed_by_value,
       CASE t.typalign WHEN 'c' THEN 'char' WHEN 's' THEN 'int2' WHEN 'd' THEN 'double' END AS alignment,
       CASE t.typstorage WHEN 'e' THEN 'external' WHEN 'm' THEN 'main' WHEN 'x' THEN 'extended' END AS storage,
       CASE WHEN t.typtype = 'b' THEN nullif(t.typcategory, 'U') END AS category,
       t.typispreferred AS preferred,
       nullif(t.typdelim, ',') AS delimiter,
       t.typdefault AS default,
       CASE WHEN t.typelem <> 0 THEN format_type(t.typelem, NULL) END AS element,
       t.typcollation <> 0 AS collatable,
       d.description AS comment
FROM pg_type AS t
JOIN pg_namespace AS n ON n.oid = t.typnamespace
LEFT JOIN pg_description AS d ON d.classoid = 'pg_type'::regclass AND d.objoid = t.oid AND d.objsubid = 0
WHERE (t.typtype = 'b' OR t.typtype = 'p' AND NOT t.typisdefined)
  AND n.nspname NOT LIKE 'pg\_%'
  AND n.nspname <> 'information_schema'
  AND t.oid NOT IN (SELECT element.typarray FROM pg_type AS element)
  AND NOT EXISTS (
      SELECT FROM pg_depend AS e
      WHERE e.classid = 'pg_type'::regclass AND e.objid = t.oid AND e.refclassid = 'pg_extension'::regclass AND e.deptype = 'e'
  )
