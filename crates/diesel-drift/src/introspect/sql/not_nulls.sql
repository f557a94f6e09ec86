-- What NOT NULL constraints say beyond that they are there, where they say anything: of columns since PostgreSQL 18, of
-- domains since 17.
SELECT n.relation,
       n.number,
       n.domain,
       n.not_valid,
       nullif(n.name, n.usual_name) AS name,
       n.no_inherit,
       n.inherited,
       n.comment
FROM (
    SELECT c.conrelid AS relation,
           coalesce(c.conkey[1], 0::int2) AS number,
           c.contypid AS domain,
           NOT c.convalidated AS not_valid,
           c.conname AS name,
           CASE
               WHEN c.conrelid <> 0 AND NOT c.conislocal THEN c.conname
               -- Where that would be too long, PostgreSQL shortens the longer part.
               WHEN octet_length(usual.name) > 63 THEN c.conname
               ELSE usual.name
           END AS usual_name,
           c.connoinherit AS no_inherit,
           c.conrelid <> 0 AND NOT c.conislocal AND NOT r.relispartition AS inherited,
           d.description AS comment
    FROM pg_constraint AS c
    LEFT JOIN pg_class AS r ON r.oid = c.conrelid
    LEFT JOIN pg_attribute AS a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
    LEFT JOIN pg_type AS t ON t.oid = c.contypid
    LEFT JOIN pg_description AS d
        ON d.classoid = 'pg_constraint'::regclass AND d.objoid = c.oid AND d.objsubid = 0
    CROSS JOIN LATERAL (
        SELECT concat_ws('_', r.relname, a.attname, t.typname, 'not_null') AS name
    ) AS usual
    WHERE c.contype = 'n'
) AS n
WHERE n.not_valid
   OR n.name <> n.usual_name
   OR n.no_inherit
   OR n.inherited
   OR n.comment IS NOT NULL
