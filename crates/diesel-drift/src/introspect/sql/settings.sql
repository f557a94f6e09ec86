-- Goes before a query, after secrets.sql: what ALTER DATABASE and ALTER ROLE … IN DATABASE set.
, setting AS (
    SELECT r.setrole AS role,
           pair.name,
           CASE
               WHEN pair.value !~* s.harmless AND (pair.name ~* s.name OR pair.value ~* s.value) THEN '<secret>'
               ELSE pair.value
           END AS value
    FROM pg_db_role_setting AS r
    CROSS JOIN unnest(r.setconfig) AS item
    CROSS JOIN LATERAL (
        SELECT split_part(item, '=', 1) AS name, substr(item, strpos(item, '=') + 1) AS value
    ) AS pair
    CROSS JOIN secret AS s
    WHERE r.setdatabase = (SELECT db.oid FROM pg_database AS db WHERE db.datname = current_database())
)
