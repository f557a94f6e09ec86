SELECT format('FOR %s LANGUAGE %I', format_type(t.trftype, NULL), l.lanname) AS name,
       nullif(t.trffromsql::regprocedure::text, '-') AS from_sql,
       nullif(t.trftosql::regprocedure::text, '-') AS to_sql,
       d.description AS comment
FROM pg_transform AS t
JOIN pg_language AS l ON l.oid = t.trflang
LEFT JOIN pg_description AS d ON d.classoid = 'pg_transform'::regclass AND d.objoid = t.oid AND d.objsubid = 0
WHERE NOT EXISTS (
    SELECT FROM pg_depend AS e
    WHERE e.classid = 'pg_transform'::regclass AND e.objid = t.oid AND e.refclassid = 'pg_extension'::regclass AND e.deptype = 'e'
)
