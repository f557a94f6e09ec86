-- Goes before a query: what classes and families (catalog, object) are made of, as SQL. Built-in members are nobody's here.
WITH member AS (
    SELECT e.refclassid AS catalog,
           e.refobjid AS object,
           json_agg(part.text ORDER BY part.kind, part.number, part.text COLLATE "C") AS list
    FROM (
        SELECT 'pg_amop'::regclass AS class,
               o.oid,
               1 AS kind,
               o.amopstrategy AS number,
               format('OPERATOR %s %s', o.amopstrategy, o.amopopr::regoperator)
                   || coalesce(' FOR ORDER BY ' || quote_ident(n.nspname) || '.' || quote_ident(f.opfname), '') AS text
        FROM pg_amop AS o
        LEFT JOIN pg_opfamily AS f ON f.oid = o.amopsortfamily
        LEFT JOIN pg_namespace AS n ON n.oid = f.opfnamespace
        WHERE o.oid >= 16384
        UNION ALL
        SELECT 'pg_amproc'::regclass,
               p.oid,
               2,
               p.amprocnum,
               format('FUNCTION %s (%s, %s) %s', p.amprocnum, format_type(p.amproclefttype, NULL),
                   format_type(p.amprocrighttype, NULL), p.amproc::regprocedure)
        FROM pg_amproc AS p
        WHERE p.oid >= 16384
    ) AS part
    JOIN pg_depend AS e ON e.classid = part.class AND e.objid = part.oid
    WHERE e.refclassid IN ('pg_opclass'::regclass, 'pg_opfamily'::regclass)
    GROUP BY e.refclassid, e.refobjid
)
