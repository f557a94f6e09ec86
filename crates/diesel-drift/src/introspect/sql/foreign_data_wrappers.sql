SELECT w.tableoid AS class,
       w.oid,
       w.fdwname AS name,
       nullif(w.fdwhandler::regprocedure::text, '-') AS handler,
       nullif(w.fdwvalidator::regprocedure::text, '-') AS validator,
       (
           SELECT json_object_agg(o.option_name,
               CASE WHEN o.option_name || '=' || o.option_value ~* s.pattern THEN '<secret>' ELSE coalesce(o.option_value, '') END)
           FROM pg_options_to_table(w.fdwoptions) AS o
       ) AS options,
       pg_get_userbyid(w.fdwowner) AS owner,
       d.description AS comment
FROM pg_foreign_data_wrapper AS w
CROSS JOIN secret AS s
LEFT JOIN pg_description AS d
    ON d.classoid = 'pg_foreign_data_wrapper'::regclass AND d.objoid = w.oid AND d.objsubid = 0
WHERE NOT EXISTS (
    SELECT FROM pg_depend AS e
    WHERE e.classid = 'pg_foreign_data_wrapper'::regclass AND e.objid = w.oid AND e.refclassid = 'pg_extension'::regclass AND e.deptype = 'e'
)
