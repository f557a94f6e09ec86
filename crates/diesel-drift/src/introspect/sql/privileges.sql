-- Every access control list of the database, each distinct one once, with the objects that have it and with what PostgreSQL
-- grants by itself: acldefault, what initdb or an extension's script left (pg_init_privs), what initdb grants on
-- information_schema, of which it keeps no note, and for the schema public what initdb gives it, also where it was dropped and made
-- anew.
--
-- A list that is null says the same as acldefault, and is not looked at.
WITH object AS (
    SELECT tableoid AS class, oid, 0 AS part, CASE relkind WHEN 'S' THEN 's' ELSE 'r' END AS type, relowner AS owner,
           acldefault(CASE relkind WHEN 'S' THEN 's'::"char" ELSE 'r' END, relowner)
               || CASE WHEN relnamespace = to_regnamespace('information_schema')
                       THEN ARRAY[makeaclitem(0, relowner, 'SELECT', false)] ELSE '{}' END AS usual,
           relacl AS acl
    FROM pg_class
    WHERE relacl IS NOT NULL
    UNION ALL
    SELECT 'pg_class'::regclass, a.attrelid, a.attnum, 'c', a.owner, acldefault('c', a.owner), a.attacl
    FROM (
        SELECT attrelid, attnum, attacl, (SELECT c.relowner FROM pg_class AS c WHERE c.oid = attrelid) AS owner
        FROM pg_attribute
    ) AS a
    WHERE a.attacl IS NOT NULL
    UNION ALL
    SELECT tableoid, oid, 0, 'n', nspowner,
           CASE
               WHEN nspname = 'information_schema'
                   THEN acldefault('n', nspowner) || makeaclitem(0, nspowner, 'USAGE', false)
               WHEN nspname <> 'public' THEN acldefault('n', nspowner)
               WHEN current_setting('server_version_num')::int4 >= 150000
                   THEN acldefault('n', nspowner) || makeaclitem(0, nspowner, 'USAGE', false)
               ELSE acldefault('n', nspowner)
                   || makeaclitem(0, nspowner, 'USAGE', false) || makeaclitem(0, nspowner, 'CREATE', false)
           END,
           coalesce(nspacl, acldefault('n', nspowner))
    FROM pg_namespace
    WHERE nspacl IS NOT NULL OR nspname = 'public'
    UNION ALL
    SELECT tableoid, oid, 0, 'T', typowner, acldefault('T', typowner), typacl
    FROM pg_type WHERE typacl IS NOT NULL
    UNION ALL
    SELECT tableoid, oid, 0, 'f', proowner, acldefault('f', proowner), proacl
    FROM pg_proc WHERE proacl IS NOT NULL
    UNION ALL
    SELECT tableoid, oid, 0, 'l', lanowner, acldefault('l', lanowner), lanacl
    FROM pg_language WHERE lanacl IS NOT NULL
    UNION ALL
    SELECT tableoid, oid, 0, 'F', fdwowner, acldefault('F', fdwowner), fdwacl
    FROM pg_foreign_data_wrapper WHERE fdwacl IS NOT NULL
    UNION ALL
    SELECT tableoid, oid, 0, 'S', srvowner, acldefault('S', srvowner), srvacl
    FROM pg_foreign_server WHERE srvacl IS NOT NULL
    UNION ALL
    SELECT tableoid, oid, 0, 'd', datdba, acldefault('d', datdba), datacl
    FROM pg_database WHERE datacl IS NOT NULL AND datname = current_database()
    UNION ALL
    -- Default privileges: of the whole database they stand for acldefault, of one schema they come on top.
    SELECT d.tableoid, d.oid, 0, letter.type::text, d.defaclrole,
           CASE WHEN d.defaclnamespace = 0 THEN acldefault(letter.type, d.defaclrole) END, d.defaclacl
    FROM pg_default_acl AS d
    CROSS JOIN LATERAL (
        SELECT CASE d.defaclobjtype WHEN 'S' THEN 's' ELSE d.defaclobjtype END AS type
    ) AS letter
),
list AS (
    SELECT o.type, o.owner, o.acl,
           CASE WHEN o.class = 'pg_namespace'::regclass AND o.oid = to_regnamespace('public') THEN o.usual
                ELSE coalesce(i.initprivs, o.usual) END AS usual,
           array_agg(o.class) AS classes, array_agg(o.oid) AS objects, array_agg(o.part) AS parts
    FROM object AS o
    LEFT JOIN pg_init_privs AS i ON i.classoid = o.class AND i.objoid = o.oid AND i.objsubid = o.part
    GROUP BY 1, 2, 3, 4
)
SELECT l.classes, l.objects, l.parts,
       json_build_object(
           'owner', pg_get_userbyid(l.owner),
           'every', CASE WHEN l.type = 'c' THEN '["SELECT", "INSERT", "UPDATE", "REFERENCES"]' ELSE (
               SELECT json_agg(x.privilege_type) FROM aclexplode(acldefault(l.type::"char", l.owner)) AS x
               WHERE x.grantee = l.owner
           ) END,
           'usual', (
               SELECT json_agg(json_build_object(
                   'grantee', CASE WHEN x.grantee <> 0 THEN pg_get_userbyid(x.grantee) END,
                   'grantor', pg_get_userbyid(x.grantor), 'privilege', x.privilege_type, 'grantable', x.is_grantable))
               FROM aclexplode(l.usual) AS x
           ),
           'actual', (
               SELECT json_agg(json_build_object(
                   'grantee', CASE WHEN x.grantee <> 0 THEN pg_get_userbyid(x.grantee) END,
                   'grantor', pg_get_userbyid(x.grantor), 'privilege', x.privilege_type, 'grantable', x.is_grantable))
               FROM aclexplode(l.acl) AS x
           )
       )::text AS list
FROM list AS l
