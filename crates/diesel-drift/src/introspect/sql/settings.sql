-- Goes before a query, after secrets.sql: what ALTER DATABASE and ALTER ROLE … IN DATABASE set.
, setting AS (
    SELECT r.setrole AS role,
           split_part(item, '=', 1) AS name,
           CASE WHEN item ~* s.pattern THEN '<secret>' ELSE substr(item, strpos(item, '=') + 1) END AS value
    FROM pg_db_role_setting AS r
    CROSS JOIN unnest(r.setconfig) AS item
    CROSS JOIN secret AS s
    WHERE r.setdatabase = (SELECT db.oid FROM pg_database AS db WHERE db.datname = current_database())
)
