-- Row-level security policies. 0 among the roles is PUBLIC, and then it is the only one.
SELECT p.polrelid AS relation,
       json_build_object(
           'name', p.polname,
           'restrictive', NOT p.polpermissive,
           'command', CASE p.polcmd
               WHEN '*' THEN 'all' WHEN 'r' THEN 'select' WHEN 'a' THEN 'insert' WHEN 'w' THEN 'update' WHEN 'd' THEN 'delete'
           END,
           'roles', ARRAY(SELECT pg_get_userbyid(role) FROM unnest(p.polroles) AS role WHERE role <> 0),
           'using', pg_get_expr(p.polqual, p.polrelid),
           'check', pg_get_expr(p.polwithcheck, p.polrelid),
           'comment', d.description
       )::text AS object
FROM pg_policy AS p
LEFT JOIN pg_description AS d ON d.classoid = 'pg_policy'::regclass AND d.objoid = p.oid AND d.objsubid = 0
