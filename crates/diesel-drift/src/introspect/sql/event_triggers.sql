SELECT t.evtname AS name,
       t.evtevent AS event,
       (SELECT json_agg(tag ORDER BY tag COLLATE "C") FROM unnest(t.evttags) AS tag) AS tags,
       t.evtfoid::regprocedure::text AS function,
       t.evtenabled AS enabled,
       pg_get_userbyid(t.evtowner) AS owner,
       d.description AS comment
FROM pg_event_trigger AS t
LEFT JOIN pg_description AS d ON d.classoid = 'pg_event_trigger'::regclass AND d.objoid = t.oid AND d.objsubid = 0
WHERE NOT EXISTS (
    SELECT FROM pg_depend AS e
    WHERE e.classid = 'pg_event_trigger'::regclass AND e.objid = t.oid AND e.refclassid = 'pg_extension'::regclass AND e.deptype = 'e'
)
