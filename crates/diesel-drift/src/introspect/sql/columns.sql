-- Columns of the relations that relations.sql reads. PostgreSQL finds them by the numbers of their relations: the columns of indexes,
-- catalogs and TOAST tables, which are more, are not looked at.
--
-- A column that an older server lacks resolves to the one in `absent`.
SELECT a.relation,
       a.number,
       a.name,
       a.type,
       a.modifier,
       a.collation,
       a.not_null,
       a.identity,
       a.generated,
       a.of_parents,
       a.storage,
       nullif(a.compression, '') AS compression,
       nullif(a.statistics, -1) AS statistics,
       a.options,
       CASE WHEN a.server_options IS NOT NULL THEN (
           SELECT json_object_agg(o.option_name,
               CASE WHEN o.option_name || '=' || o.option_value ~* s.pattern THEN '<secret>' ELSE coalesce(o.option_value, '') END)
           FROM pg_options_to_table(a.server_options) AS o
           CROSS JOIN secret AS s
       )::text END AS server_options
FROM (VALUES (''::"char")) AS absent (attcompression)
CROSS JOIN LATERAL (
    SELECT a.attrelid AS relation,
           a.attnum AS number,
           a.attname AS name,
           a.atttypid AS type,
           a.atttypmod AS modifier,
           a.attcollation AS collation,
           a.attnotnull AS not_null,
           a.attidentity AS identity,
           a.attgenerated AS generated,
           a.attinhcount > 0 AND NOT a.attislocal AS of_parents,
           a.attstorage AS storage,
           attcompression AS compression,
           a.attstattarget::int4 AS statistics,
           a.attoptions AS options,
           a.attfdwoptions AS server_options
    FROM pg_attribute AS a
    WHERE a.attrelid = ANY (ARRAY(
              SELECT c.oid
              FROM pg_class AS c
              JOIN pg_namespace AS n ON n.oid = c.relnamespace
              WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f')
                AND c.relpersistence <> 't'
                AND (n.nspname NOT LIKE 'pg\_%' AND n.nspname <> 'information_schema' OR c.relname = ANY ($1))
          ))
      AND a.attnum > 0
      AND NOT a.attisdropped
) AS a
