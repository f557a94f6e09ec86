-- Goes before a query: what the names and the values of secrets look like. A value that matches is replaced here, so that
-- it never leaves the database: passwords, keys, tokens; addresses that hold a password; connection strings.
WITH secret (name, value) AS (
    VALUES ('pass|pwd|secret|token|key|credential|auth', '://[^/@]*:[^/@]*@|passw(or)?d\s*=|pwd\s*=')
)
