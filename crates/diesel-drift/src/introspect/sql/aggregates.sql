SELECT p.tableoid AS class,
       p.oid,
       json_build_object('schema', n.nspname, 'name', p.proname) AS name,
       '(' || types.list || ')' AS signature,
       a.aggkind AS kind,
       nullif(pg_get_function_arguments(p.oid), types.list) AS arguments,
       a.aggnumdirectargs AS direct_arguments,
       pg_get_function_result(p.oid) AS returns,
       a.aggtransfn::regprocedure::text AS transition_function,
       format_type(a.aggtranstype, NULL) AS state_type,
       a.aggtransspace AS state_space,
       a.agginitval AS initial_value,
       nullif(a.aggfinalfn::regprocedure::text, '-') AS final_function,
       a.aggfinalextra AS final_extra,
       nullif(a.aggfinalmodify, usual.modify) AS final_modify,
       nullif(a.aggcombinefn::regprocedure::text, '-') AS combine_function,
       nullif(a.aggserialfn::regprocedure::text, '-') AS serial_function,
       nullif(a.aggdeserialfn::regprocedure::text, '-') AS deserial_function,
       nullif(a.aggmtransfn::regprocedure::text, '-') AS moving_transition_function,
       nullif(a.aggminvtransfn::regprocedure::text, '-') AS moving_inverse_function,
       CASE WHEN a.aggmtranstype <> 0 THEN format_type(a.aggmtranstype, NULL) END AS moving_state_type,
       a.aggmtransspace AS moving_state_space,
       a.aggminitval AS moving_initial_value,
       nullif(a.aggmfinalfn::regprocedure::text, '-') AS moving_final_function,
       a.aggmfinalextra AS moving_final_extra,
       nullif(a.aggmfinalmodify, usual.modify) AS moving_final_modify,
       CASE WHEN a.aggsortop <> 0 THEN a.aggsortop::regoperator::text END AS sort_operator,
       p.proparallel AS parallel,
       pg_get_userbyid(p.proowner) AS owner,
       d.description AS comment
FROM pg_aggregate AS a
JOIN pg_proc AS p ON p.oid = a.aggfnoid
JOIN pg_namespace AS n ON n.oid = p.pronamespace
CROSS JOIN LATERAL (
    SELECT coalesce(string_agg(format_type(t.type, NULL), ', ' ORDER BY t.place), '') AS list
    FROM unnest(p.proargtypes) WITH ORDINALITY AS t (type, place)
) AS types
CROSS JOIN LATERAL (
    SELECT CASE a.aggkind WHEN 'n' THEN 'r'::"char" ELSE 'w' END AS modify
) AS usual
LEFT JOIN pg_description AS d ON d.classoid = 'pg_proc'::regclass AND d.objoid = p.oid AND d.objsubid = 0
WHERE n.nspname NOT LIKE 'pg\_%'
  AND n.nspname <> 'information_schema'
  AND NOT EXISTS (
      SELECT FROM pg_depend AS e
      WHERE e.classid = 'pg_proc'::regclass AND e.objid = p.oid AND e.deptype IN ('e', 'i')
  )
