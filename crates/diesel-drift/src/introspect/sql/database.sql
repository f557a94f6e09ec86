SELECT db.tableoid AS class,
       db.oid,
       json_build_object(
           'environment', json_build_object(
               'owner', pg_get_userbyid(db.datdba),
               'encoding', pg_encoding_to_char(db.encoding),
               'provider', db.datlocprovider, -- since 15
               'collation_version', db.datcollversion, -- since 15
               'actual_collation_version', nullif(pg_database_collation_actual_version(db.oid), db.datcollversion), -- since 15
               'icu_rules', db.daticurules, -- since 16
               'collate', db.datcollate,
               'ctype', db.datctype,
               'locale', coalesce(to_jsonb(db) ->> 'datlocale', to_jsonb(db) ->> 'daticulocale'),
               'outdated_collations', (
                   SELECT json_object_agg(u.name, u.versions)
                   FROM (
                       SELECT format('%I.%I', n.nspname, c.collname) AS name,
                              format('%s, now %s', c.collversion, pg_collation_actual_version(c.oid)) AS versions
                       FROM pg_collation AS c
                       JOIN pg_namespace AS n ON n.oid = c.collnamespace
                       WHERE CASE
                           WHEN c.collversion IS NULL THEN false
                           WHEN n.nspname = 'pg_catalog' AND c.oid NOT IN (
                               SELECT e.refobjid FROM pg_depend AS e WHERE e.refclassid = 'pg_collation'::regclass
                           ) THEN false
                           ELSE c.collversion <> pg_collation_actual_version(c.oid)
                       END
                   ) AS u
               ),
               'tablespace', (
                   SELECT t.spcname FROM pg_tablespace AS t WHERE t.oid = db.dattablespace AND t.spcname <> 'pg_default'
               ),
               'connection_limit', nullif(db.datconnlimit, -1),
               'connections_not_allowed', NOT db.datallowconn,
               'is_template', db.datistemplate
           ),
           'settings', (
               SELECT json_object_agg(x.name, x.value) FROM setting AS x WHERE x.role = 0
           ),
           'role_settings', (
               SELECT json_object_agg(r.role, r.settings)
               FROM (
                   SELECT pg_get_userbyid(x.role) AS role, json_object_agg(x.name, x.value) AS settings
                   FROM setting AS x
                   WHERE x.role <> 0
                   GROUP BY x.role
               ) AS r
           ),
           'comment', (
               SELECT d.description FROM pg_shdescription AS d -- initdb's says nothing
               WHERE d.classoid = 'pg_database'::regclass AND d.objoid = db.oid
                 AND d.description NOT IN ('default administrative connection database', 'default template for new databases')
           ),
           'security_labels', (
               SELECT json_agg(json_build_object('name', i.type || ' ' || i.identity, 'provider', l.provider, 'label', l.label)
                   ORDER BY (i.type || ' ' || i.identity) COLLATE "C", l.provider COLLATE "C")
               FROM (
                   SELECT s.classoid, s.objoid, s.objsubid, s.provider, s.label FROM pg_seclabel AS s
                   UNION ALL
                   SELECT s.classoid, s.objoid, 0, s.provider, s.label FROM pg_shseclabel AS s
                   WHERE s.classoid = 'pg_database'::regclass AND s.objoid = db.oid
               ) AS l
               CROSS JOIN LATERAL pg_identify_object(l.classoid, l.objoid, l.objsubid) AS i
           )
       ) AS database
FROM pg_database AS db
WHERE db.datname = current_database()
