-- Pins, for this transaction only, every setting that the deparse functions' text depends on, the limits, and a plan
-- without surprises: no worker processes on somebody's server, no compiling, and no nested loops over a catalog whose
-- statistics are missing because it was made a moment ago. Until then the search_path is somebody's: nothing may be looked up on it.
SELECT pg_catalog.count(pg_catalog.set_config(name, value, true)) AS pinned
FROM (VALUES
    ('search_path', ''),
    ('quote_all_identifiers', 'off'),
    ('standard_conforming_strings', 'on'),
    ('TimeZone', 'UTC'),
    ('DateStyle', 'ISO, YMD'),
    ('IntervalStyle', 'postgres'),
    ('bytea_output', 'hex'),
    ('extra_float_digits', '1'),
    ('lc_monetary', 'C'),
    ('xmlbinary', 'base64'),
    ('jit', 'off'),
    ('enable_nestloop', 'off'),
    ('max_parallel_workers_per_gather', '0'),
    ('work_mem', '64MB'),
    ('application_name', 'diesel-drift'),
    ('statement_timeout', $1),
    ('lock_timeout', $2),
    ('idle_in_transaction_session_timeout', $3)
) AS setting (name, value)
