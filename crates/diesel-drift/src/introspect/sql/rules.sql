-- Rules, apart from those that make views.
SELECT w.ev_class AS relation,
       json_build_object(
           'name', w.rulename,
           'definition', pg_get_ruledef(w.oid),
           'enabled', CASE w.ev_enabled WHEN 'O' THEN 'origin' WHEN 'D' THEN 'disabled' WHEN 'R' THEN 'replica' WHEN 'A' THEN 'always' END,
           'comment', d.description
       )::text AS object
FROM pg_rewrite AS w
JOIN pg_class AS c ON c.oid = w.ev_class
JOIN pg_namespace AS n ON n.oid = c.relnamespace
LEFT JOIN pg_description AS d ON d.classoid = 'pg_rewrite'::regclass AND d.objoid = w.oid AND d.objsubid = 0
WHERE w.rulename <> '_RETURN'
  AND n.nspname NOT LIKE 'pg\_%'
  AND n.nspname <> 'information_schema'
