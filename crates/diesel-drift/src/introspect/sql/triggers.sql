-- Triggers that somebody made. What a partition has from its parent is the parent's, unless it is enabled otherwise.
-- A definition comes only where it is needed: for a condition and for arguments.
SELECT t.tgrelid AS relation,
       CASE WHEN t.tgqual IS NOT NULL OR t.tgnargs > 0 THEN pg_get_triggerdef(t.oid) END AS definition,
       json_build_object(
           'name', t.tgname,
           'timing', CASE WHEN t.tgtype & 2 > 0 THEN 'before' WHEN t.tgtype & 64 > 0 THEN 'instead_of' ELSE 'after' END,
           'events', array_remove(ARRAY[
               CASE WHEN t.tgtype & 4 > 0 THEN 'insert' END,
               CASE WHEN t.tgtype & 8 > 0 THEN 'delete' END,
               CASE WHEN t.tgtype & 16 > 0 THEN 'update' END,
               CASE WHEN t.tgtype & 32 > 0 THEN 'truncate' END
           ], NULL),
           'columns', ARRAY(
               SELECT a.attname FROM pg_attribute AS a
               WHERE a.attrelid = t.tgrelid AND a.attnum = ANY (t.tgattr)
               ORDER BY a.attname COLLATE "C"
           ),
           'for_each_row', t.tgtype & 1 > 0,
           'function', json_build_object('schema', n.nspname, 'name', p.proname),
           'old_table', t.tgoldtable,
           'new_table', t.tgnewtable,
           'constraint', t.tgconstraint <> 0,
           'references', CASE WHEN r.oid IS NOT NULL THEN json_build_object('schema', rn.nspname, 'name', r.relname) END,
           'deferrable', t.tgdeferrable,
           'initially_deferred', t.tginitdeferred,
           'enabled', CASE t.tgenabled WHEN 'O' THEN 'origin' WHEN 'D' THEN 'disabled' WHEN 'R' THEN 'replica' WHEN 'A' THEN 'always' END,
           'inherited', t.tgparentid <> 0,
           'comment', d.description
       )::text AS object
FROM pg_trigger AS t
JOIN pg_proc AS p ON p.oid = t.tgfoid
JOIN pg_namespace AS n ON n.oid = p.pronamespace
LEFT JOIN pg_trigger AS parent ON parent.oid = t.tgparentid
LEFT JOIN pg_constraint AS c ON c.oid = t.tgconstraint
LEFT JOIN pg_class AS r ON r.oid = t.tgconstrrelid
LEFT JOIN pg_namespace AS rn ON rn.oid = r.relnamespace
LEFT JOIN pg_description AS d ON d.classoid = 'pg_trigger'::regclass AND d.objoid = t.oid AND d.objsubid = 0
WHERE c.contype IS DISTINCT FROM 'f' AND c.contype IS DISTINCT FROM 'p'
  AND c.contype IS DISTINCT FROM 'u' AND c.contype IS DISTINCT FROM 'x'
  AND CASE WHEN t.tgparentid = 0 THEN NOT t.tgisinternal ELSE t.tgenabled <> parent.tgenabled END
