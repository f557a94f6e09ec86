-- Those of the objects ($1 catalogs, $2 numbers, $3 parts) that PostgreSQL or an extension made, and which it was. initdb makes
-- the schema public and databases for others to change, and keeps no record of what it grants on information_schema.
SELECT o.class,
       o.oid,
       o.part,
       x.extname::text AS extension,
       i.type || ' ' || i.identity AS name
FROM unnest($1, $2, $3) AS o (class, oid, part)
LEFT JOIN pg_depend AS e
    ON e.classid = o.class AND e.objid = o.oid AND e.objsubid = 0
   AND e.refclassid = 'pg_extension'::regclass AND e.deptype = 'e'
LEFT JOIN pg_extension AS x ON x.oid = e.refobjid
CROSS JOIN LATERAL pg_identify_object(o.class, o.oid, o.part) AS i
WHERE (
      x.oid IS NOT NULL
      OR o.oid < 16384
      AND o.class <> 'pg_database'::regclass
      AND (o.class <> 'pg_namespace'::regclass OR o.oid <> 2200)
  )
  AND (x.oid IS NOT NULL OR i.identity NOT LIKE 'information\_schema%')
