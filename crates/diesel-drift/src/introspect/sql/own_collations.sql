-- The locale has had three places: collcollate before 15, colliculocale before 17, colllocale.
SELECT json_build_object('schema', n.nspname, 'name', c.collname) AS name,
       c.collprovider AS provider,
       coalesce(
           to_jsonb(c) ->> 'colllocale',
           to_jsonb(c) ->> 'colliculocale',
           CASE WHEN c.collprovider = 'i' THEN c.collcollate END
       ) AS locale,
       CASE WHEN c.collprovider = 'c' THEN c.collcollate END AS collate,
       CASE WHEN c.collprovider = 'c' THEN c.collctype END AS ctype,
       c.collicurules AS icu_rules, -- since 16
       NOT c.collisdeterministic AS nondeterministic,
       CASE WHEN c.collencoding NOT IN (-1, db.encoding) THEN pg_encoding_to_char(c.collencoding) END AS encoding,
       pg_get_userbyid(c.collowner) AS owner,
       d.description AS comment
FROM pg_collation AS c
JOIN pg_namespace AS n ON n.oid = c.collnamespace
JOIN pg_database AS db ON db.datname = current_database()
LEFT JOIN pg_description AS d ON d.classoid = 'pg_collation'::regclass AND d.objoid = c.oid AND d.objsubid = 0
WHERE n.nspname NOT LIKE 'pg\_%'
  AND n.nspname <> 'information_schema'
  AND NOT EXISTS (
      SELECT FROM pg_depend AS e
      WHERE e.classid = 'pg_collation'::regclass AND e.objid = c.oid AND e.refclassid = 'pg_extension'::regclass AND e.deptype = 'e'
  )
