//! Reading, ordering and applying a chain of migrations, through `diesel_migrations`.
