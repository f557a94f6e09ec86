-- The types that columns, domains and ranges are made of ($1), with their modifiers ($2), each pair once: format_type
-- is what costs. A true array type is its element type's typarray; int2vector and the like are not.
SELECT used.type,
       used.modifier,
       format_type(used.type, used.modifier) AS sql,
       n.nspname AS schema,
       coalesce(element.typname, t.typname) AS name,
       element.oid IS NOT NULL AS array,
       CASE coalesce(element.oid, t.oid)
           WHEN 'pg_catalog.varchar'::regtype THEN nullif(used.modifier, -1) - 4
           WHEN 'pg_catalog.bpchar'::regtype THEN nullif(used.modifier, -1) - 4
           WHEN 'pg_catalog.bit'::regtype THEN nullif(used.modifier, -1)
           WHEN 'pg_catalog.varbit'::regtype THEN nullif(used.modifier, -1)
       END AS length,
       t.typcollation AS collation,
       t.typstorage AS storage
FROM unnest($1, $2) AS used (type, modifier)
JOIN pg_type AS t ON t.oid = used.type
LEFT JOIN pg_type AS element ON element.oid = t.typelem AND element.typarray = t.oid
JOIN pg_namespace AS n ON n.oid = coalesce(element.typnamespace, t.typnamespace)
