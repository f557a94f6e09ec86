-- What the connection has by itself: read before anything is pinned.
SELECT current_setting('server_version_num')::int4 AS server_version,
       current_schemas(false) AS search_path
