-- Goes before a query, after secrets.sql: what ALTER DATABASE and ALTER ROLE … IN DATABASE set.
, setting AS (
    SELECT r.setrole AS role,
           split_part(s, '=', 1) AS name,
           CASE WHEN split_part(s, '=', 1) ~* secret.name OR s ~* secret.value THEN '<secret>'
                ELSE substr(s, strpos(s, '=') + 1)
           END AS value
    FROM pg_db_role_setting AS r
    CROSS JOIN unnest(r.setconfig) AS s
    CROSS JOIN secret
    WHERE r.setdatabase = (SELECT db.oid FROM pg_database AS db WHERE db.datname = current_database())
)
