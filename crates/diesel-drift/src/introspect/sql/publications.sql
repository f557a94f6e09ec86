SELECT p.pubname AS name,
       p.puballtables AS all_tables,
       (SELECT json_agg(n.nspname ORDER BY n.nspname) FROM pg_publication_namespace AS s JOIN pg_namespace AS n ON n.oid = s.pnnspid WHERE s.pnpubid = p.oid) AS schemas, -- since 15
       (
           SELECT json_object_agg(
               format('%I.%I', n.nspname, c.relname),
               '{}'::jsonb
                   || jsonb_build_object('columns', (SELECT json_agg(a.attname ORDER BY a.attname) FROM pg_attribute AS a WHERE a.attrelid = r.prrelid AND a.attnum = ANY (r.prattrs))) -- since 15
                   || jsonb_build_object('filter', pg_get_expr(r.prqual, r.prrelid)) -- since 15
           )
           FROM pg_publication_rel AS r
           JOIN pg_class AS c ON c.oid = r.prrelid
           JOIN pg_namespace AS n ON n.oid = c.relnamespace
           WHERE r.prpubid = p.oid
       ) AS tables,
       CASE WHEN NOT (p.pubinsert AND p.pubupdate AND p.pubdelete AND p.pubtruncate) THEN ARRAY(
           SELECT published.command
           FROM (VALUES
               ('delete', p.pubdelete), ('insert', p.pubinsert), ('truncate', p.pubtruncate), ('update', p.pubupdate)
           ) AS published (command, is_published)
           WHERE published.is_published
           ORDER BY 1
       ) END AS publish,
       p.pubviaroot AS via_partition_root,
       p.pubgencols AS generated_columns, -- since 18
       pg_get_userbyid(p.pubowner) AS owner,
       d.description AS comment
FROM pg_publication AS p
LEFT JOIN pg_description AS d ON d.classoid = 'pg_publication'::regclass AND d.objoid = p.oid AND d.objsubid = 0
WHERE NOT EXISTS (
    SELECT FROM pg_depend AS e
    WHERE e.classid = 'pg_publication'::regclass AND e.objid = p.oid AND e.refclassid = 'pg_extension'::regclass AND e.deptype = 'e'
)
