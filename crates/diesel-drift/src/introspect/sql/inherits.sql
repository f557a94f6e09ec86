-- Parents of tables, and the partitioned tables of partitions. Indexes inherit too, and are left to whoever reads.
SELECT i.inhrelid AS child,
       i.inhparent AS parent
FROM pg_inherits AS i
ORDER BY i.inhrelid, i.inhseqno
