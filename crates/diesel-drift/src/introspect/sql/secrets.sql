-- Goes before a query: what an option or a setting that holds a secret looks like, as `name=value`. The value of one that
-- matches is replaced here, so that it never leaves the database: passwords, keys, tokens by their name, unless the value is
-- a truth value (`password_required=false`), and not what only sounds like it (`author`, `password_encryption`); addresses and connection strings that hold one.
WITH secret (pattern) AS (
    VALUES (
        '^(?!password_encryption=)[^=]*(passw|passphrase|passfile|pwd|secret|token|credential|(api|access|private)_?key)'
        || '[^=]*=(?!(true|false|on|off|yes|no)$)'
        || '|^([^=]*[^a-z=])?(key|auth|pass)[^a-z=]*=(?!(true|false|on|off|yes|no)$)'
        || '|://[^@]*:[^@]*@|=.*(pass|pwd|secret|token|key|credential)\w*\s*='
    )
)
