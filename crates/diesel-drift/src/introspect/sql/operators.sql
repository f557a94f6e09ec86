-- Operators, apart from those that only others' commutators and negators name and nobody has made.
SELECT json_build_object('schema', n.nspname, 'name', o.oprname) AS name,
       format('(%s, %s)',
           CASE WHEN o.oprleft = 0 THEN 'NONE' ELSE format_type(o.oprleft, NULL) END,
           CASE WHEN o.oprright = 0 THEN 'NONE' ELSE format_type(o.oprright, NULL) END) AS signature,
       format_type(o.oprresult, NULL) AS returns,
       o.oprcode::regprocedure::text AS function,
       CASE WHEN o.oprcom <> 0 THEN o.oprcom::regoperator::text END AS commutator,
       CASE WHEN o.oprnegate <> 0 THEN o.oprnegate::regoperator::text END AS negator,
       nullif(o.oprrest::regprocedure::text, '-') AS restrict,
       nullif(o.oprjoin::regprocedure::text, '-') AS join,
       o.oprcanmerge AS merges,
       o.oprcanhash AS hashes,
       pg_get_userbyid(o.oprowner) AS owner,
       d.description AS comment
FROM pg_operator AS o
JOIN pg_namespace AS n ON n.oid = o.oprnamespace
LEFT JOIN pg_description AS d ON d.classoid = 'pg_operator'::regclass AND d.objoid = o.oid AND d.objsubid = 0
WHERE o.oprcode <> 0
  AND n.nspname NOT LIKE 'pg\_%'
  AND n.nspname <> 'information_schema'
  AND NOT EXISTS (
      SELECT FROM pg_depend AS e
      WHERE e.classid = 'pg_operator'::regclass AND e.objid = o.oid AND e.deptype IN ('e', 'i')
  )
