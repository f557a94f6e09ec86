-- Row-level security policies. 0 among the roles is PUBLIC, and then it is the only one.
SELECT p.polrelid AS relation,
       p.polname AS name,
       NOT p.polpermissive AS restrictive,
       p.polcmd AS command,
       ARRAY(SELECT pg_get_userbyid(role) FROM unnest(p.polroles) AS role WHERE role <> 0) AS roles,
       pg_get_expr(p.polqual, p.polrelid) AS using,
       pg_get_expr(p.polwithcheck, p.polrelid) AS check,
       d.description AS comment
FROM pg_policy AS p
LEFT JOIN pg_description AS d ON d.classoid = 'pg_policy'::regclass AND d.objoid = p.oid AND d.objsubid = 0
