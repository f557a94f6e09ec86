-- Those catalogs that hold anything beside what initdb made: nothing is read from the others, which in most databases are most.
SELECT 'pg_am' AS catalog WHERE EXISTS (SELECT FROM pg_am WHERE oid >= 16384)
UNION ALL
SELECT 'pg_cast' AS catalog WHERE EXISTS (SELECT FROM pg_cast WHERE oid >= 16384)
UNION ALL
SELECT 'pg_collation' AS catalog WHERE EXISTS (SELECT FROM pg_collation WHERE oid >= 16384)
UNION ALL
SELECT 'pg_conversion' AS catalog WHERE EXISTS (SELECT FROM pg_conversion WHERE oid >= 16384)
UNION ALL
SELECT 'pg_default_acl' AS catalog WHERE EXISTS (SELECT FROM pg_default_acl WHERE oid >= 16384)
UNION ALL
SELECT 'pg_event_trigger' AS catalog WHERE EXISTS (SELECT FROM pg_event_trigger WHERE oid >= 16384)
UNION ALL
SELECT 'pg_foreign_data_wrapper' AS catalog WHERE EXISTS (SELECT FROM pg_foreign_data_wrapper WHERE oid >= 16384)
UNION ALL
SELECT 'pg_foreign_server' AS catalog WHERE EXISTS (SELECT FROM pg_foreign_server WHERE oid >= 16384)
UNION ALL
SELECT 'pg_language' AS catalog WHERE EXISTS (SELECT FROM pg_language WHERE oid >= 16384)
UNION ALL
SELECT 'pg_opclass' AS catalog WHERE EXISTS (SELECT FROM pg_opclass WHERE oid >= 16384)
UNION ALL
SELECT 'pg_operator' AS catalog WHERE EXISTS (SELECT FROM pg_operator WHERE oid >= 16384)
UNION ALL
SELECT 'pg_opfamily' AS catalog WHERE EXISTS (SELECT FROM pg_opfamily WHERE oid >= 16384)
UNION ALL
SELECT 'pg_policy' AS catalog WHERE EXISTS (SELECT FROM pg_policy WHERE oid >= 16384)
UNION ALL
SELECT 'pg_proc' AS catalog WHERE EXISTS (SELECT FROM pg_proc WHERE oid >= 16384)
UNION ALL
SELECT 'pg_publication' AS catalog WHERE EXISTS (SELECT FROM pg_publication WHERE oid >= 16384)
UNION ALL
SELECT 'pg_rewrite' AS catalog WHERE EXISTS (SELECT FROM pg_rewrite WHERE oid >= 16384)
UNION ALL
SELECT 'pg_statistic_ext' AS catalog WHERE EXISTS (SELECT FROM pg_statistic_ext WHERE oid >= 16384)
UNION ALL
SELECT 'pg_transform' AS catalog WHERE EXISTS (SELECT FROM pg_transform WHERE oid >= 16384)
UNION ALL
SELECT 'pg_ts_config' AS catalog WHERE EXISTS (SELECT FROM pg_ts_config WHERE oid >= 16384)
UNION ALL
SELECT 'pg_ts_dict' AS catalog WHERE EXISTS (SELECT FROM pg_ts_dict WHERE oid >= 16384)
UNION ALL
SELECT 'pg_ts_parser' AS catalog WHERE EXISTS (SELECT FROM pg_ts_parser WHERE oid >= 16384)
UNION ALL
SELECT 'pg_ts_template' AS catalog WHERE EXISTS (SELECT FROM pg_ts_template WHERE oid >= 16384)
