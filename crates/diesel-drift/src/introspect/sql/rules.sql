-- Rules, apart from those that make views.
SELECT w.ev_class AS relation,
       w.rulename AS name,
       pg_get_ruledef(w.oid) AS definition,
       w.ev_enabled AS enabled,
       d.description AS comment
FROM pg_rewrite AS w
JOIN pg_class AS c ON c.oid = w.ev_class
JOIN pg_namespace AS n ON n.oid = c.relnamespace
LEFT JOIN pg_description AS d ON d.classoid = 'pg_rewrite'::regclass AND d.objoid = w.oid AND d.objsubid = 0
WHERE w.rulename <> '_RETURN'
  AND n.nspname NOT LIKE 'pg\_%'
  AND n.nspname <> 'information_schema'
