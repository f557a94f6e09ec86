-- Only columns that everybody may read, never subconninfo.
SELECT s.subname AS name,
       (SELECT json_agg(publication ORDER BY publication COLLATE "C") FROM unnest(s.subpublications) AS publication) AS publications,
       CASE
           WHEN s.subslotname IS NULL THEN to_json('none'::text)
           WHEN s.subslotname <> s.subname THEN json_build_object('named', s.subslotname)
       END AS slot_name,
       NOT s.subenabled AS disabled,
       s.subbinary AS binary, -- since 14
       CASE s.substream::text WHEN 'false' THEN 'f' WHEN 'true' THEN 't' ELSE s.substream::text END AS streaming, -- since 14
       nullif(s.subsynccommit, 'off') AS synchronous_commit, -- since 14
       d.description AS comment, -- since 14
       s.subtwophasestate <> 'd' AS two_phase, -- since 15
       s.subdisableonerr AS disable_on_error, -- since 15
       NOT s.subpasswordrequired AS password_not_required, -- since 16
       s.subrunasowner AS run_as_owner, -- since 16
       nullif(s.suborigin, 'any') AS origin, -- since 16
       s.subfailover AS failover, -- since 17
       pg_get_userbyid(s.subowner) AS owner
FROM pg_subscription AS s
LEFT JOIN pg_description AS d ON d.classoid = 'pg_subscription'::regclass AND d.objoid = s.oid AND d.objsubid = 0 -- since 14
WHERE s.subdbid = (SELECT db.oid FROM pg_database AS db WHERE db.datname = current_database())
