-- What the connection has by itself: read before anything is pinned, so that nothing may be looked up on its search_path.
SELECT pg_catalog.current_setting('server_version_num')::pg_catalog.int4 AS server_version,
       pg_catalog.current_schemas(false) AS search_path
