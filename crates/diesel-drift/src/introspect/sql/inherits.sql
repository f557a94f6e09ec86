-- Parents of tables, and the partitioned tables of partitions. Indexes inherit too, and are told by indexes.sql.
--
-- A column that an older server lacks resolves to the one in `absent`.
SELECT i.child,
       i.parent,
       i.detach_pending
FROM (VALUES (false)) AS absent (inhdetachpending)
CROSS JOIN LATERAL (
    SELECT x.inhrelid AS child,
           x.inhparent AS parent,
           inhdetachpending AS detach_pending,
           x.inhseqno AS place
    FROM pg_inherits AS x
) AS i
ORDER BY i.child, i.place
