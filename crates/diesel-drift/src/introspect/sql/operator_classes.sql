SELECT o.oid,
       n.nspname AS schema,
       o.opcname AS name,
       o.opcmethod AS method,
       o.opcintype AS input,
       o.opcdefault AS by_default
FROM pg_opclass AS o
JOIN pg_namespace AS n ON n.oid = o.opcnamespace
