-- The role that owns most of the project's objects; the database's owner where there are none, or as many.
SELECT pg_get_userbyid(candidate.owner) AS owner
FROM (
    SELECT d.datdba AS owner, 0 AS objects, true AS owns_database
    FROM pg_database AS d
    WHERE d.datname = current_database()
    UNION ALL
    SELECT o.owner, count(*), o.owner = (SELECT d.datdba FROM pg_database AS d WHERE d.datname = current_database())
    FROM (
        SELECT tableoid AS class, oid, relowner AS owner FROM pg_class
        WHERE relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND relpersistence <> 't'
        UNION ALL
        SELECT tableoid, oid, proowner FROM pg_proc
        UNION ALL
        SELECT tableoid, oid, typowner FROM pg_type WHERE typtype IN ('e', 'd', 'r')
        UNION ALL
        SELECT tableoid, oid, nspowner FROM pg_namespace WHERE nspname NOT LIKE 'pg\_%'
    ) AS o
    WHERE o.oid >= 16384 -- below it is initdb's
      AND NOT EXISTS (
          SELECT FROM pg_depend AS e
          WHERE e.classid = o.class AND e.objid = o.oid AND e.refclassid = 'pg_extension'::regclass AND e.deptype = 'e'
      )
    GROUP BY o.owner
) AS candidate
ORDER BY candidate.objects DESC, candidate.owns_database DESC, owner
LIMIT 1
