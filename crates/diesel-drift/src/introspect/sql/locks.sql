-- Who locks what, of the relations of this database, in the one mode that keeps others from reading.
SELECT n.nspname AS schema, c.relname AS name, l.pid
FROM pg_locks AS l
JOIN pg_class AS c ON c.oid = l.relation
JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
  AND l.locktype = 'relation'
  AND l.mode = 'AccessExclusiveLock'
  AND l.granted
  AND l.pid <> pg_backend_pid()
  AND c.relkind <> 'i'
ORDER BY n.nspname, c.relname, l.pid
LIMIT 3
