SELECT d.objoid AS relation,
       d.objsubid::int2 AS number,
       d.description AS comment
FROM pg_description AS d
WHERE d.classoid = 'pg_class'::regclass
  AND d.objsubid > 0
