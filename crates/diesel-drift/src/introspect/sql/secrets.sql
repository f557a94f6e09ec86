-- Goes before a query: what the names and the values of secrets look like, and what is none under any name. A value that
-- matches is replaced here, so that it never leaves the database: passwords, keys, tokens; addresses and connection strings
-- that hold one. `password_required 'false'` is a fact.
WITH secret (name, value, harmless) AS (
    VALUES (
        'pass|pwd|secret|token|key|credential|auth',
        '://[^@]*:[^@]*@|(pass|pwd|secret|token|key|credential)\w*\s*=',
        '^(true|false|on|off|yes|no)$'
    )
)
