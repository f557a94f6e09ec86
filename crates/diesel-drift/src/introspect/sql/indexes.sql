-- Indexes. Plain columns come as numbers; only expressions are deparsed.
--
-- A column that an older server lacks resolves to the one in `absent`.
SELECT i.relation,
       i.oid,
       c.relname AS name,
       am.amname AS method,
       c.reloptions AS options,
       s.spcname AS tablespace,
       parent_schema.nspname AS parent_schema,
       parent.relname AS parent_name,
       i.columns,
       i.key_columns,
       i.operator_classes,
       i.collations,
       i.flags,
       CASE WHEN i.has_expressions THEN ARRAY(
           SELECT pg_get_indexdef(i.oid, n, false) FROM generate_series(1, i.key_columns) AS n
           WHERE i.columns[n - 1] = 0 ORDER BY n
       ) END AS expressions,
       CASE WHEN i.has_expressions THEN ARRAY(
           SELECT a.atttypid FROM pg_attribute AS a
           WHERE a.attrelid = i.oid AND a.attnum BETWEEN 1 AND i.key_columns AND i.columns[a.attnum - 1] = 0
           ORDER BY a.attnum
       ) END AS expression_types,
       CASE WHEN i.has_expressions THEN ARRAY(
           SELECT t.typcollation FROM pg_attribute AS a JOIN pg_type AS t ON t.oid = a.atttypid
           WHERE a.attrelid = i.oid AND a.attnum BETWEEN 1 AND i.key_columns AND i.columns[a.attnum - 1] = 0
           ORDER BY a.attnum
       ) END AS expression_collations,
       i.is_unique,
       i.nulls_not_distinct,
       pg_get_expr(i.predicate_tree, i.relation) AS predicate,
       i.valid,
       i.clustered,
       i.replica_identity,
       depends.extensions AS depends_on_extensions,
       d.description AS comment
FROM (VALUES (false)) AS absent (indnullsnotdistinct)
CROSS JOIN LATERAL (
    SELECT x.indexrelid AS oid,
           x.indrelid AS relation,
           x.indkey AS columns,
           x.indnkeyatts AS key_columns,
           x.indclass AS operator_classes,
           x.indcollation AS collations,
           x.indoption AS flags,
           x.indisunique AS is_unique,
           indnullsnotdistinct AS nulls_not_distinct,
           x.indisvalid AND x.indisready AS valid,
           x.indisclustered AS clustered,
           x.indisreplident AS replica_identity,
           x.indexprs IS NOT NULL AS has_expressions,
           x.indpred AS predicate_tree
    FROM pg_index AS x
) AS i
JOIN pg_class AS c ON c.oid = i.oid
JOIN pg_am AS am ON am.oid = c.relam
LEFT JOIN pg_tablespace AS s ON s.oid = c.reltablespace
LEFT JOIN pg_inherits AS inherits ON inherits.inhrelid = i.oid
LEFT JOIN pg_class AS parent ON parent.oid = inherits.inhparent
LEFT JOIN pg_namespace AS parent_schema ON parent_schema.oid = parent.relnamespace
LEFT JOIN (
    SELECT e.objid AS oid, array_agg(x.extname ORDER BY x.extname) AS extensions
    FROM pg_depend AS e
    JOIN pg_extension AS x ON x.oid = e.refobjid
    WHERE e.classid = 'pg_class'::regclass AND e.refclassid = 'pg_extension'::regclass AND e.deptype = 'x'
    GROUP BY e.objid
) AS depends ON depends.oid = i.oid
LEFT JOIN pg_description AS d ON d.classoid = 'pg_class'::regclass AND d.objoid = i.oid AND d.objsubid = 0
WHERE c.relnamespace <> 'pg_toast'::regnamespace
