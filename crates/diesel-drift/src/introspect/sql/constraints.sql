-- Constraints of relations, whatever their kind. Left out: the copies of a foreign key that PostgreSQL keeps for each
-- partition of the table that it points to, and NOT NULL (told by the column and by not_nulls.sql).
-- A check comes as its tree: check_expressions.sql deparses each distinct one.
--
-- A column that an older server lacks resolves to the one in `absent`.
SELECT con.oid, con.relation, con.name, con.kind, con.columns, con.index, con.target, con.target_columns,
       nullif(con.match_type, ' ') AS match_type, nullif(con.on_update, ' ') AS on_update,
       nullif(con.on_delete, ' ') AS on_delete, con.on_delete_columns, con.deferrable, con.initially_deferred,
       con.validated, con.no_inherit, con.enforced, con.period, con.inherited,
       CASE WHEN con.kind = 'c' THEN con.expression_tree::text END AS expression_tree,
       CASE WHEN con.kind = 'x' THEN
           regexp_replace(pg_get_constraintdef(con.oid), '( DEFERRABLE)?( INITIALLY DEFERRED)?$', '') END AS definition,
       d.description AS comment
FROM (VALUES (NULL::int2[], true, false)) AS absent (confdelsetcols, conenforced, conperiod)
CROSS JOIN LATERAL (
    SELECT c.oid,
           c.conrelid AS relation,
           c.conname AS name,
           c.contype AS kind,
           c.conkey AS columns,
           c.conindid AS index,
           c.confrelid AS target,
           c.confkey AS target_columns,
           c.confmatchtype AS match_type,
           c.confupdtype AS on_update,
           c.confdeltype AS on_delete,
           confdelsetcols AS on_delete_columns,
           c.condeferrable AS deferrable,
           c.condeferred AS initially_deferred,
           c.convalidated AS validated,
           c.connoinherit AS no_inherit,
           conenforced AS enforced,
           conperiod AS period,
           c.coninhcount > 0 AND NOT c.conislocal AS inherited,
           c.conbin AS expression_tree,
           c.conparentid AS parent
    FROM pg_constraint AS c
    WHERE c.conrelid <> 0
      AND c.contype IN ('p', 'u', 'f', 'c', 'x')
) AS con
LEFT JOIN pg_description AS d
    ON d.classoid = 'pg_constraint'::regclass AND d.objoid = con.oid AND d.objsubid = 0
WHERE con.parent = 0
   OR (SELECT parent.conrelid FROM pg_constraint AS parent WHERE parent.oid = con.parent) IS DISTINCT FROM con.relation
