-- The view shows everybody that a mapping exists, and its options to whom this condition, which is the view's, lets see
-- them; to others they are null, as they are where there are none.
SELECT m.srvname AS name,
       ' FOR ' || CASE WHEN m.umuser = 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(m.umuser)) END AS signature,
       (
           SELECT json_object_agg(o.option_name,
               CASE WHEN o.option_name || '=' || o.option_value ~* s.pattern THEN '<secret>' ELSE coalesce(o.option_value, '') END)
           FROM pg_options_to_table(m.umoptions) AS o
       ) AS options,
       NOT (
           m.umuser <> 0 AND pg_get_userbyid(m.umuser) = current_user
               AND (pg_has_role(f.srvowner, 'USAGE') OR has_server_privilege(f.oid, 'USAGE'))
           OR m.umuser = 0 AND pg_has_role(f.srvowner, 'USAGE')
           OR (SELECT r.rolsuper FROM pg_roles AS r WHERE r.rolname = current_user)
       ) AS options_not_visible
FROM pg_user_mappings AS m
JOIN pg_foreign_server AS f ON f.oid = m.srvid
CROSS JOIN secret AS s
WHERE NOT EXISTS (
    SELECT FROM pg_depend AS e
    WHERE e.classid = 'pg_user_mapping'::regclass AND e.objid = m.umid AND e.refclassid = 'pg_extension'::regclass AND e.deptype = 'e'
)
