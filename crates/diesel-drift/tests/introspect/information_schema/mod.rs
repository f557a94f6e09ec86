//! Holds every fact that `information_schema` states about a database against the [`Catalog`] of it, both ways round.
//!
//! A fact is one row of a view without what is null. Each view is written a second time from the catalog; a row that only
//! one side has is a disagreement. What is left out is listed in [`VIEWS`], with the reason beside it.

mod constraints;
mod relations;
mod types;

use diesel::connection::SimpleConnection;
use diesel::sql_types::Text;
use diesel::{PgConnection, QueryableByName, RunQueryDsl};
use diesel_drift::catalog::Catalog;
use diesel_drift::introspect::{Wanted, introspect};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// One row as JSON, without nulls and with its fields in alphabetical order.
type Fact = String;

/// A view of `information_schema`, and the same from the catalog.
struct View {
    name: &'static str,
    /// The column that holds the schema of what a row is about.
    schema: &'static str,
    /// Columns that the catalog has nothing to say about, and why.
    without: &'static [(&'static str, &'static str)],
    /// Rows (a condition) that the catalog has nothing to say about, and why.
    except: &'static [(&'static str, &'static str)],
    /// What is read in another way than the view shows it: a JSON object that each row is overwritten with.
    instead: &'static str,
    from_catalog: fn(&Catalog) -> Vec<Value>,
}

const UPDATABLE: &str =
    "worked out by PostgreSQL from a view's query, rules and triggers; stored nowhere";
const NUMBERED: &str = "a number that dropped columns leave gaps in; the order is held as `place`";
const OWNER: &str = "who owns what is not read yet";
const CONSTANT: &str = "says nothing: the same for every row";

/// PostgreSQL keeps a copy of a foreign key for each partition of the table that it points to.
const COPY: (&str, &str) = (
    "(constraint_schema::text, constraint_name::text) IN (
        SELECT n.nspname, c.conname FROM pg_constraint AS c
        JOIN pg_constraint AS parent ON parent.oid = c.conparentid AND parent.conrelid = c.conrelid
        JOIN pg_namespace AS n ON n.oid = c.connamespace)",
    "the copy of a foreign key for a partition of its target: no constraint that anybody made",
);

/// Shown as a check with a name made of numbers, or since PostgreSQL 18 (17 for domains) with its own.
const NOT_NULL: (&str, &str) = (
    r"constraint_name ~ '^\d+_\d+_\d+_not_null$' OR (constraint_schema::text, constraint_name::text) IN (
        SELECT n.nspname, c.conname FROM pg_constraint AS c
        JOIN pg_namespace AS n ON n.oid = c.connamespace WHERE c.contype = 'n')",
    "NOT NULL is a column's or a domain's own, and held as is_nullable",
);

const AS_SHOWN: &str = "'{}'::jsonb";

/// Before PostgreSQL 17 the clause is cut out of the whole definition, with one pair of parentheses more and what follows.
const CHECK_CLAUSE: &str = r"jsonb_build_object('check_clause', CASE
    WHEN current_setting('server_version_num')::int >= 170000 THEN check_clause
    ELSE regexp_replace(check_clause, '^\((.*)\)( NO INHERIT)?( NOT VALID)?$', '\1') END)";

/// The view asks whether the domain has elements, which since PostgreSQL 14 no domain has, and not whether its base does.
const DOMAIN_TYPE: &str = "CASE WHEN EXISTS (
        SELECT FROM pg_type AS t JOIN pg_namespace AS n ON n.oid = t.typnamespace
        WHERE n.nspname = udt_schema AND t.typname = udt_name AND t.typelem <> 0 AND t.typlen = -1)
    THEN jsonb_build_object('data_type', 'ARRAY') ELSE '{}' END";

/// Before PostgreSQL 15 nulls were always distinct, and the view did not say so.
const NULLS_DISTINCT: &str =
    "CASE WHEN current_setting('server_version_num')::int < 150000 AND constraint_type = 'UNIQUE'
    THEN jsonb_build_object('nulls_distinct', 'YES') ELSE '{}' END";

const ELEMENT_PLACE: &str = "jsonb_build_object('place', (
    SELECT count(*) FROM pg_attribute AS a JOIN pg_class AS c ON c.oid = a.attrelid
    JOIN pg_namespace AS n ON n.oid = c.relnamespace
    WHERE object_type <> 'DOMAIN' AND n.nspname = object_schema AND c.relname = object_name
      AND a.attnum BETWEEN 1 AND collection_type_identifier::text::int AND NOT a.attisdropped))";

const VIEWS: &[View] = &[
    View {
        name: "schemata",
        schema: "schema_name",
        without: &[("catalog_name", CONSTANT), ("schema_owner", OWNER)],
        except: &[],
        instead: AS_SHOWN,
        from_catalog: relations::schemata,
    },
    View {
        name: "tables",
        schema: "table_schema",
        without: &[("is_insertable_into", UPDATABLE)],
        except: &[],
        instead: AS_SHOWN,
        from_catalog: relations::tables,
    },
    View {
        name: "columns",
        schema: "table_schema",
        without: &[
            ("ordinal_position", NUMBERED),
            ("dtd_identifier", NUMBERED),
            ("is_updatable", UPDATABLE),
        ],
        except: &[],
        instead: "jsonb_build_object('place', row_number() OVER (PARTITION BY table_schema, table_name ORDER BY ordinal_position))",
        from_catalog: relations::columns,
    },
    View {
        name: "views",
        schema: "table_schema",
        without: &[
            ("is_updatable", UPDATABLE),
            ("is_insertable_into", UPDATABLE),
            ("is_trigger_updatable", UPDATABLE),
            ("is_trigger_deletable", UPDATABLE),
            ("is_trigger_insertable_into", UPDATABLE),
        ],
        except: &[],
        instead: AS_SHOWN,
        from_catalog: relations::views,
    },
    View {
        name: "sequences",
        schema: "sequence_schema",
        without: &[],
        except: &[],
        instead: AS_SHOWN,
        from_catalog: relations::sequences,
    },
    View {
        name: "table_constraints",
        schema: "table_schema",
        without: &[],
        except: &[COPY, NOT_NULL],
        instead: NULLS_DISTINCT,
        from_catalog: constraints::table_constraints,
    },
    View {
        name: "key_column_usage",
        schema: "table_schema",
        without: &[],
        except: &[COPY],
        instead: AS_SHOWN,
        from_catalog: constraints::key_column_usage,
    },
    View {
        name: "referential_constraints",
        schema: "constraint_schema",
        without: &[],
        except: &[
            COPY,
            (
                "unique_constraint_name IS NULL AND (constraint_schema::text, constraint_name::text) IN (
                    SELECT n.nspname, c.conname FROM pg_constraint AS c
                    JOIN pg_namespace AS n ON n.oid = c.connamespace WHERE c.conparentid <> 0)",
                "a partition's foreign key: the view looks for its target's key where only the partitioned table's has it",
            ),
        ],
        instead: AS_SHOWN,
        from_catalog: constraints::referential_constraints,
    },
    View {
        name: "constraint_table_usage",
        schema: "table_schema",
        without: &[],
        except: &[COPY],
        instead: AS_SHOWN,
        from_catalog: constraints::constraint_table_usage,
    },
    View {
        name: "constraint_column_usage",
        schema: "table_schema",
        without: &[],
        except: &[
            COPY,
            NOT_NULL,
            (
                "(constraint_schema::text, constraint_name::text) IN (
                    SELECT n.nspname, c.conname FROM pg_constraint AS c
                    JOIN pg_namespace AS n ON n.oid = c.connamespace WHERE c.contype = 'c')",
                "which columns a check names is read out of its expression, which is held under check_constraints",
            ),
        ],
        instead: AS_SHOWN,
        from_catalog: constraints::constraint_column_usage,
    },
    View {
        name: "check_constraints",
        schema: "constraint_schema",
        without: &[],
        except: &[NOT_NULL],
        instead: CHECK_CLAUSE,
        from_catalog: constraints::check_constraints,
    },
    View {
        name: "domains",
        schema: "domain_schema",
        without: &[("dtd_identifier", CONSTANT)],
        except: &[],
        instead: DOMAIN_TYPE,
        from_catalog: types::domains,
    },
    View {
        name: "domain_constraints",
        schema: "domain_schema",
        without: &[],
        except: &[NOT_NULL],
        instead: AS_SHOWN,
        from_catalog: types::domain_constraints,
    },
    View {
        name: "user_defined_types",
        schema: "user_defined_type_schema",
        without: &[],
        except: &[],
        instead: AS_SHOWN,
        from_catalog: types::user_defined_types,
    },
    View {
        name: "attributes",
        schema: "udt_schema",
        without: &[("ordinal_position", NUMBERED), ("dtd_identifier", NUMBERED)],
        except: &[],
        instead: "jsonb_build_object('place', row_number() OVER (PARTITION BY udt_schema, udt_name ORDER BY ordinal_position))",
        from_catalog: types::attributes,
    },
    View {
        name: "element_types",
        schema: "object_schema",
        without: &[
            ("collection_type_identifier", NUMBERED),
            ("dtd_identifier", NUMBERED),
        ],
        except: &[("object_type = 'ROUTINE'", "functions are not read yet")],
        instead: ELEMENT_PLACE,
        from_catalog: types::element_types,
    },
];

#[derive(QueryableByName)]
#[diesel(check_for_backend(diesel::pg::Pg))]
struct Row {
    #[diesel(sql_type = Text)]
    row: String,
}

/// What `information_schema` and the catalog of the database behind `connection` do not agree on, a sentence each.
///
/// `information_schema` shows everything to a superuser only.
pub fn disagreements(connection: &mut PgConnection) -> Vec<String> {
    let catalog = introspect(connection, &Wanted::default()).unwrap().catalog;
    connection.batch_execute("SET search_path = ''").unwrap();
    VIEWS
        .iter()
        .flat_map(|view| {
            let stated = stated(connection, view);
            let read: BTreeSet<Fact> = (view.from_catalog)(&catalog)
                .into_iter()
                .map(|row| fact(row, view))
                .collect();
            let only = |who: &str, facts: Vec<&Fact>| -> Vec<String> {
                let sentence = |fact| format!("{}: only {who} says {fact}", view.name);
                facts.into_iter().map(sentence).collect()
            };
            let mut sentences = only("information_schema", stated.difference(&read).collect());
            sentences.extend(only("the catalog", read.difference(&stated).collect()));
            sentences
        })
        .collect()
}

/// The number of facts that each view states about the database behind `connection`.
pub fn counts(connection: &mut PgConnection) -> Vec<(&'static str, usize)> {
    VIEWS
        .iter()
        .map(|view| (view.name, stated(connection, view).len()))
        .collect()
}

/// The facts of a view. What an extension owns is not the project's.
fn stated(connection: &mut PgConnection, view: &View) -> BTreeSet<Fact> {
    let View {
        name,
        schema,
        instead,
        ..
    } = view;
    let except: String = view
        .except
        .iter()
        .map(|(condition, _)| format!(" AND NOT ({condition})"))
        .collect();
    let query = format!(
        "SELECT (to_jsonb(v) || {instead})::text AS row FROM information_schema.{name} AS v
         WHERE {schema} NOT LIKE 'pg\\_%' AND {schema} <> 'information_schema'{except}
           AND NOT EXISTS (
               SELECT FROM pg_depend AS e JOIN pg_class AS c ON c.oid = e.objid JOIN pg_namespace AS n ON n.oid = c.relnamespace
               WHERE e.classid = 'pg_class'::regclass AND e.deptype = 'e' AND n.nspname = v.{schema}
                 AND c.relname = to_jsonb(v) ->> 'table_name')"
    );
    let rows: Vec<Row> = diesel::sql_query(query).load(connection).unwrap();
    rows.iter()
        .map(|row| fact(serde_json::from_str(&row.row).unwrap(), view))
        .collect()
}

/// A row as a fact: without nulls, the name of the database, and what the view is taken without.
fn fact(row: Value, view: &View) -> Fact {
    let Value::Object(fields) = row else {
        panic!("{row} is no row of {}", view.name);
    };
    let is_held = |name: &str| {
        let left_out = view.without.iter().any(|(without, _)| *without == name);
        !left_out && !name.ends_with("_catalog")
    };
    let held: BTreeMap<String, Value> = fields
        .into_iter()
        .filter(|(name, value)| !value.is_null() && is_held(name))
        .collect();
    serde_json::to_string(&held).unwrap()
}

/// `YES` or `NO`.
fn yes_or_no(yes: bool) -> &'static str {
    if yes { "YES" } else { "NO" }
}

/// Adds the fields of one row to another's.
fn with(mut row: Value, more: Value) -> Value {
    if let (Value::Object(row), Value::Object(more)) = (&mut row, more) {
        row.extend(more);
    }
    row
}
