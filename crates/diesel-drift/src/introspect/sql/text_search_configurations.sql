-- Only PostgreSQL's own parser (3722) is asked for the names of its tokens: another's code is not to be run.
SELECT json_build_object('schema', n.nspname, 'name', c.cfgname) AS name,
       json_build_object('schema', parser_schema.nspname, 'name', parser.prsname) AS parser,
       (
           SELECT json_object_agg(token.name, token.dictionaries)
           FROM (
               SELECT coalesce(t.alias, m.maptokentype::text) AS name,
                      json_agg(m.mapdict::regdictionary::text ORDER BY m.mapseqno) AS dictionaries
               FROM pg_ts_config_map AS m
               LEFT JOIN ts_token_type('pg_catalog.default') AS t ON t.tokid = m.maptokentype AND c.cfgparser = 3722
               WHERE m.mapcfg = c.oid
               GROUP BY 1
           ) AS token
       ) AS mappings,
       pg_get_userbyid(c.cfgowner) AS owner,
       d.description AS comment
FROM pg_ts_config AS c
JOIN pg_namespace AS n ON n.oid = c.cfgnamespace
JOIN pg_ts_parser AS parser ON parser.oid = c.cfgparser
JOIN pg_namespace AS parser_schema ON parser_schema.oid = parser.prsnamespace
LEFT JOIN pg_description AS d ON d.classoid = 'pg_ts_config'::regclass AND d.objoid = c.oid AND d.objsubid = 0
WHERE n.nspname NOT LIKE 'pg\_%'
  AND n.nspname <> 'information_schema'
  AND NOT EXISTS (
      SELECT FROM pg_depend AS e
      WHERE e.classid = 'pg_ts_config'::regclass AND e.objid = c.oid AND e.refclassid = 'pg_extension'::regclass AND e.deptype = 'e'
  )
