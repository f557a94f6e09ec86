-- Triggers that somebody made. What a partition has from its parent is the parent's, unless it is enabled otherwise.
-- The text comes only where it is needed: for a condition and for arguments.
SELECT t.tgrelid AS relation,
       CASE WHEN t.tgqual IS NOT NULL OR t.tgnargs > 0 THEN pg_get_triggerdef(t.oid) END AS text,
       t.tgname AS name,
       CASE WHEN t.tgtype & 2 > 0 THEN 'before' WHEN t.tgtype & 64 > 0 THEN 'instead_of' ELSE 'after' END AS timing,
       array_remove(ARRAY[
           CASE WHEN t.tgtype & 4 > 0 THEN 'insert' END,
           CASE WHEN t.tgtype & 8 > 0 THEN 'delete' END,
           CASE WHEN t.tgtype & 16 > 0 THEN 'update' END,
           CASE WHEN t.tgtype & 32 > 0 THEN 'truncate' END
       ], NULL) AS events,
       CASE WHEN t.tgattr <> '' THEN ARRAY(
           SELECT a.attname FROM pg_attribute AS a
           WHERE a.attrelid = t.tgrelid AND a.attnum = ANY (t.tgattr)
           ORDER BY a.attname COLLATE "C"
       ) END AS update_of,
       t.tgtype & 1 > 0 AS for_each_row,
       json_build_object('schema', n.nspname, 'name', p.proname) AS function,
       t.tgoldtable AS old_table,
       t.tgnewtable AS new_table,
       t.tgconstraint <> 0 AS constraint,
       CASE WHEN r.oid IS NOT NULL THEN json_build_object('schema', rn.nspname, 'name', r.relname) END AS references,
       t.tgdeferrable AS deferrable,
       t.tginitdeferred AS initially_deferred,
       t.tgenabled AS enabled,
       t.tgparentid <> 0 AS inherited,
       depends.extensions AS depends_on_extensions,
       d.description AS comment
FROM pg_trigger AS t
JOIN pg_proc AS p ON p.oid = t.tgfoid
JOIN pg_namespace AS n ON n.oid = p.pronamespace
LEFT JOIN pg_trigger AS parent ON parent.oid = t.tgparentid
LEFT JOIN pg_constraint AS c ON c.oid = t.tgconstraint
LEFT JOIN pg_class AS r ON r.oid = t.tgconstrrelid
LEFT JOIN pg_namespace AS rn ON rn.oid = r.relnamespace
LEFT JOIN (
    SELECT e.objid AS oid, array_agg(x.extname ORDER BY x.extname) AS extensions
    FROM pg_depend AS e
    JOIN pg_extension AS x ON x.oid = e.refobjid
    WHERE e.classid = 'pg_trigger'::regclass AND e.refclassid = 'pg_extension'::regclass AND e.deptype = 'x'
    GROUP BY e.objid
) AS depends ON depends.oid = t.oid
LEFT JOIN pg_description AS d ON d.classoid = 'pg_trigger'::regclass AND d.objoid = t.oid AND d.objsubid = 0
-- The first condition is said again by the last: it keeps the four triggers of every foreign key out of the joins.
WHERE (t.tgparentid <> 0 OR NOT t.tgisinternal)
  AND coalesce(c.contype, 't') = 't'
  AND CASE WHEN t.tgparentid = 0 THEN NOT t.tgisinternal ELSE t.tgenabled <> parent.tgenabled END
