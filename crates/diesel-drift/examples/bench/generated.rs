//! A schema of many tables, as migrations and as the `schema.rs` that agrees with them: for each table 10 columns, 2 indexes
//! beside the primary key's, a foreign key and a check, and for every 20 tables an enum.
//!
//! Every check is another expression, which is the dear case: equal ones are deparsed once. No table has a sequence, because
//! `pg_dump` asks for each by itself.

use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::Path;

/// So many tables share an enum.
const TABLES_FOR_AN_ENUM: usize = 20;

/// So many tables are made in one transaction: each takes locks, and the server's table of them is small.
const TABLES_FOR_A_BATCH: usize = 100;

/// Makes the tables, a batch of statements at a time.
pub fn batches(tables: usize) -> impl Iterator<Item = String> {
    (0..tables).step_by(TABLES_FOR_A_BATCH).map(move |first| {
        let last = tables.min(first + TABLES_FOR_A_BATCH);
        (first..last).map(statements).collect()
    })
}

fn statements(n: usize) -> String {
    let (kind, parent, length) = (n / TABLES_FOR_AN_ENUM, parent(n), n % 50 + 10);
    let mut sql = String::new();
    if n.is_multiple_of(TABLES_FOR_AN_ENUM) {
        sql += &format!("CREATE TYPE kind_{kind} AS ENUM ('new', 'open', 'closed', 'kept');\n");
    }
    sql += &format!(
        "CREATE TABLE table_{n} (
    id bigint PRIMARY KEY,
    parent_id bigint REFERENCES table_{parent},
    name text NOT NULL,
    code varchar({length}) NOT NULL,
    kind kind_{kind} NOT NULL DEFAULT 'new',
    amount numeric(12, 2) NOT NULL DEFAULT 0,
    active boolean NOT NULL DEFAULT true,
    tags text[],
    note jsonb,
    created_at timestamptz NOT NULL DEFAULT now(),
    CHECK (amount >= {n})
);
CREATE INDEX ON table_{n} (parent_id);
CREATE INDEX ON table_{n} (kind, created_at DESC);
"
    );
    sql
}

/// The table that a table's foreign key points to: itself for the first.
fn parent(n: usize) -> usize {
    n.saturating_sub(1)
}

/// Writes a migration for each table into a project.
pub fn write_migrations(root: &Path, tables: usize) -> io::Result<()> {
    (0..tables).try_for_each(|n| {
        let directory = root.join(format!("migrations/{n:014}_table_{n}"));
        fs::create_dir_all(&directory)?;
        fs::write(directory.join("up.sql"), statements(n))?;
        fs::write(
            directory.join("down.sql"),
            format!("DROP TABLE table_{n};\n"),
        )
    })
}

/// Writes a project with that `schema.rs` into `root`.
pub fn write_project(root: &Path, tables: usize) -> io::Result<()> {
    fs::create_dir_all(root.join("src"))?;
    fs::write(
        root.join("diesel.toml"),
        "[print_schema]\nfile = \"src/schema.rs\"\n",
    )?;
    fs::write(root.join("src/schema.rs"), schema_rs(tables))
}

fn schema_rs(tables: usize) -> String {
    let mut text = "pub mod sql_types {\n".to_owned();
    for kind in 0..tables.div_ceil(TABLES_FOR_AN_ENUM) {
        // Writing to a string cannot fail.
        let _ = write!(
            text,
            "    #[derive(diesel::query_builder::QueryId, diesel::sql_types::SqlType)]
    #[diesel(postgres_type(name = \"kind_{kind}\"))]
    pub struct Kind{kind};

"
        );
    }
    text += "}\n";
    for n in 0..tables {
        let _ = write!(
            text,
            "
diesel::table! {{
    use diesel::sql_types::*;
    use super::sql_types::Kind{kind};

    table_{n} (id) {{
        id -> Int8,
        parent_id -> Nullable<Int8>,
        name -> Text,
        #[max_length = {length}]
        code -> Varchar,
        kind -> Kind{kind},
        amount -> Numeric,
        active -> Bool,
        tags -> Nullable<Array<Nullable<Text>>>,
        note -> Nullable<Jsonb>,
        created_at -> Timestamptz,
    }}
}}
",
            kind = n / TABLES_FOR_AN_ENUM,
            length = n % 50 + 10,
        );
    }
    for n in 1..tables {
        let _ = writeln!(
            text,
            "diesel::joinable!(table_{n} -> table_{} (parent_id));",
            parent(n)
        );
    }
    text
}
