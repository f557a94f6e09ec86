//! How a server is set up that lives for one run.

/// Settings of a server that the harness starts. Durability is off: the database dies with the run. `logical` lets
/// migrations make publications and replication slots in silence. There are many locks, because a chain may make thousands of tables in
/// one transaction: together with the connections, of which tests in parallel hold pools, they are 100,000. No statement is logged, because it may hold a password.
pub(super) const SETTINGS: [(&str, &str); 16] = [
    ("fsync", "off"),
    ("full_page_writes", "off"),
    ("synchronous_commit", "off"),
    ("wal_level", "logical"),
    ("wal_init_zero", "off"),
    ("wal_recycle", "off"),
    ("max_wal_size", "256MB"),
    ("checkpoint_timeout", "1h"),
    ("autovacuum", "off"),
    ("jit", "off"),
    ("max_connections", "400"),
    ("max_locks_per_transaction", "256"),
    ("timezone", "UTC"),
    ("log_timezone", "UTC"),
    ("lc_messages", "C"),
    ("log_min_error_statement", "panic"),
];
