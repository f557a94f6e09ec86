mod conditions;
mod errors;
mod indexes;
mod keys;
mod names;

use super::*;
use crate::catalog::{
    Catalog, Check, Column, DataType, Database, Domain, DomainCheck, EnumType, Extension,
    ForeignKey, Index, IndexColumn, IndexTerm, Key, Nulls, Partition, QualifiedName,
    ReferentialAction, Relation, RelationKind, ReplicaIdentity, Routine, Schema, Trigger,
    TriggerEvent,
};
use crate::project::DriftToml;
use std::path::Path;

fn read(text: &str) -> Result<Vec<OwnRule>, String> {
    DriftToml::parse(Path::new("drift.toml"), text)
        .map(|toml| toml.rules)
        .map_err(|error| error.to_string())
}

fn column(name: &str, sql: &str, not_null: bool) -> Column {
    Column {
        name: name.into(),
        data_type: DataType {
            sql: sql.into(),
            schema: "pg_catalog".into(),
            ..DataType::default()
        },
        not_null,
        ..Column::default()
    }
}

fn key(table: &str, column: &str, on_delete: ReferentialAction) -> ForeignKey {
    ForeignKey {
        name: format!("{table}_{column}_fkey"),
        columns: vec![column.into()],
        target: QualifiedName::new("public", "crates"),
        target_columns: vec!["id".into()],
        on_delete,
        ..ForeignKey::default()
    }
}

fn relation(name: &str, columns: Vec<Column>) -> Relation {
    Relation {
        name: QualifiedName::new("public", name),
        columns,
        ..Relation::default()
    }
}

/// `crates (id)`, and three tables with a `crate_id`: `versions` cascades, `owners` does not, `stats` has no key.
fn catalog() -> Catalog {
    let columns = || {
        vec![
            column("id", "integer", true),
            column("crate_id", "integer", true),
        ]
    };
    let mut versions = relation("versions", columns());
    versions.foreign_keys = vec![key("versions", "crate_id", ReferentialAction::Cascade)];
    versions.indexes = vec![Index {
        name: "versions_crate_id_idx".into(),
        columns: vec![IndexColumn {
            term: IndexTerm::Column("crate_id".into()),
            nulls: Some(Nulls::First),
            ..IndexColumn::default()
        }],
        ..Index::default()
    }];
    versions.triggers = vec![Trigger {
        name: "touch".into(),
        events: vec![TriggerEvent::Delete, TriggerEvent::Update],
        arguments: vec!["a".into(), "b".into()],
        ..Trigger::default()
    }];
    let mut owners = relation("owners", columns());
    owners.foreign_keys = vec![key("owners", "crate_id", ReferentialAction::NoAction)];
    owners.primary_key = Some(Key {
        name: "owners_pkey".into(),
        columns: vec!["crate_id".into(), "id".into()],
        ..Key::default()
    });
    owners.comment = Some("who may publish".into());
    let mut stats = relation("stats", columns());
    stats.replica_identity = Some(ReplicaIdentity::Index("stats_key".into()));
    let mut view = relation("all_versions", vec![column("crate_id", "integer", false)]);
    view.kind = RelationKind::View;
    let mut partition = relation("stats_1", columns());
    partition.partition_of = Some(Partition::default());
    let mut crates = relation("crates", vec![column("id", "integer", true)]);
    crates.columns.push(Column {
        default: Some("now()".into()),
        ..column("created_at", "timestamp with time zone", true)
    });
    crates.checks = vec![Check {
        name: "crates_check".into(),
        expression: "(id > 0)".into(),
        ..Check::default()
    }];
    Catalog {
        relations: vec![view, crates, owners, stats, partition, versions],
        enums: vec![EnumType {
            name: QualifiedName::new("public", "mood"),
            labels: vec!["sad".into(), "ok".into()],
            ..EnumType::default()
        }],
        domains: vec![Domain {
            name: QualifiedName::new("public", "email"),
            checks: vec![DomainCheck {
                name: "email_check".into(),
                ..DomainCheck::default()
            }],
            ..Domain::default()
        }],
        ..Catalog::default()
    }
}

/// What rules find in [`catalog`].
fn findings(rules: &[OwnRule]) -> Vec<Finding> {
    let catalog = catalog();
    find(&rules.iter().collect::<Vec<_>>(), &Objects::of(&catalog))
}

/// What breaks the one rule with these lines, by name; a rule that is unused says so.
fn broken(lines: &str) -> Vec<String> {
    let rules = read(&format!(
        "[[rule]]\nid = \"x\"\nbecause = \"why\"\n{lines}\n"
    ))
    .unwrap_or_else(|error| panic!("{lines}: {error}"));
    (findings(&rules).iter())
        .map(|finding| match finding.kind.id {
            "x" => finding.subject.to_string(),
            _ => finding.message(),
        })
        .collect()
}

const OWNERS: &str = "public.owners.crate_id";
const STATS: &str = "public.stats.crate_id";
const VERSIONS: &str = "public.versions.crate_id";

#[test]
fn the_rule_of_crates_io() {
    let rule = "every = \"column\"\nwhere = { name = \"crate_id\" }\nmust = { foreign_key = { on_delete = \"cascade\" } }";
    assert_eq!(broken(rule), [OWNERS, STATS]);
    assert_eq!(
        broken(&format!("{rule}\nexcept = [\"stats.crate_id\"]")),
        [OWNERS]
    );
    assert_eq!(
        broken(&format!(
            "{rule}\nexcept = [\"public.stats.crate_id\", \"owners.crate_id\"]"
        )),
        Vec::<String>::new()
    );
    assert_eq!(
        broken(&format!(
            "{rule}\nexcept = [\"crate_id\", \"stat.crate_id\"]"
        )),
        [
            OWNERS,
            STATS,
            "rule `x` excepts `crate_id`, and looks at nothing of that name",
            "rule `x` excepts `stat.crate_id`, and looks at nothing of that name"
        ]
    );
}

#[test]
fn a_finding_says_what_is_expected_and_what_is_there() {
    let rules = read(
        "[[rule]]\nid = \"crate-fk-cascades\"\nbecause = \"deleting a crate must delete what belongs to it\"\nseverity = \"warning\"\n\
         every = \"column\"\nwhere = { name = \"crate_id\" }\nmust = { foreign_key = { on_delete = \"cascade\" }, not_null = false }\n",
    )
    .unwrap();
    let findings = findings(&rules);
    assert_eq!(findings[0].severity, Severity::Warning);
    assert_eq!(
        findings[0].message(),
        "column `public.owners.crate_id` breaks `crate-fk-cascades`: deleting a crate must delete what belongs to it"
    );
    assert_eq!(
        findings[0].help,
        [
            "expected: foreign_key = { on_delete = \"cascade\" }, not_null = false; there is: \
          foreign key `owners_crate_id_fkey`: `on_delete` is `no_action`; `not_null` is `true`"
        ]
    );
    assert_eq!(
        findings[0].declared.as_deref(),
        Some("foreign_key = { on_delete = \"cascade\" }, not_null = false")
    );
    assert_eq!(
        findings[1].live.as_deref(),
        Some("no foreign key; `not_null` is `true`")
    );
    // One definition is one kind, however often it is read.
    let again = kind_of(
        "crate-fk-cascades",
        "deleting a crate must delete what belongs to it",
        Severity::Warning,
    );
    assert!(std::ptr::eq(again, rules[0].kind));
}

#[test]
fn an_exception_from_what_is_not_asked_for_is_superfluous_and_one_from_nothing_is_wrong() {
    let rules = read(
        "[[rule]]\nid = \"x\"\nbecause = \"why\"\nevery = \"column\"\nwhere = { name = \"crate_id\" }\nmust = { not_null = true }\n\
         except = [\"versions.id\", \"versions.idd\"]\n",
    )
    .unwrap();
    let findings = findings(&rules);
    let severities: Vec<Severity> = findings.iter().map(|finding| finding.severity).collect();
    assert_eq!(severities, [Severity::Note, Severity::Warning]);
}

#[test]
fn an_exception_that_the_rule_holds_for_is_superfluous() {
    let rules = read(
        "[[rule]]\nid = \"x\"\nbecause = \"why\"\nevery = \"column\"\nwhere = { name = \"crate_id\" }\n\
         must = { foreign_key = {} }\nexcept = [\"stats.crate_id\", \"owners.crate_id\"]\n",
    )
    .unwrap();
    let [finding] = &findings(&rules)[..] else {
        panic!("{:?}", findings(&rules))
    };
    assert_eq!(finding.severity, Severity::Note);
    assert_eq!(
        finding.message(),
        "rule `x` excepts `owners.crate_id`, which keeps it anyway"
    );
}

#[test]
fn a_rule_that_looks_at_nothing_says_what_may_be_meant() {
    let told = |lines: &str| {
        let rules = read(&format!(
            "[[rule]]\nid = \"x\"\nbecause = \"why\"\n{lines}\n"
        ))
        .unwrap();
        let found = findings(&rules);
        assert_eq!(found.len(), 1, "{found:?}");
        found[0].help.join(" - ")
    };
    let where_ = |condition: &str| {
        told(&format!(
            "every = \"column\"\nwhere = {{ {condition} }}\nmust = {{ not_null = true }}"
        ))
    };
    for (condition, meant) in [
        (
            "table = { name = \"public.owners\" }",
            "write `schema = \"public\"` and `name = \"owners\"`",
        ),
        ("name = \"crates_id\"", "one is called `crate_id`"),
        ("name = \"cra*\"", "write `cra.*`"),
    ] {
        let told = where_(condition);
        assert!(told.contains(meant), "{told}");
    }
    assert_eq!(
        told("every = \"sequence\"\nmust = { cycle = false }"),
        "there is no sequence: correct it, or remove the rule"
    );
    assert_eq!(
        told(
            "every = \"index\"\nwhere = { table = { name = \"owners\" } }\nmust = { unique = true }"
        ),
        "no index of a table is as `where = { table = { name = \"owners\" } }` asks: correct it, or remove the rule; \
         the indexes of keys are looked at as `primary-key` and `unique-constraint`"
    );
}

#[test]
fn a_rule_that_says_nothing_about_anything_is_a_finding() {
    assert_eq!(
        broken("every = \"column\"\nwhere = { name = \"crates_id\" }\nmust = { foreign_key = {} }"),
        ["rule `x` looks at nothing"]
    );
}

#[test]
fn levels_and_suppressions_name_own_rules() {
    let text = "[levels]\nx = \"note\"\n\n[[suppress]]\nkind = \"x\"\nsubject = \"public.a\"\nreason = \"r\"\n\n\
                [[rule]]\nid = \"x\"\nbecause = \"why\"\nevery = \"table\"\nmust = { row_security = true }\n";
    let toml = DriftToml::parse(Path::new("drift.toml"), text).unwrap();
    assert_eq!(toml.policy.levels[0].0, toml.rules[0].kind);
    assert_eq!(toml.policy.suppressions[0].kind, toml.rules[0].kind);
    let unknown = text.replace("kind = \"x\"", "kind = \"y\"");
    let error = DriftToml::parse(Path::new("drift.toml"), &unknown).unwrap_err();
    assert!(
        error
            .to_string()
            .starts_with("drift.toml:5: there is no kind `y`")
    );
}

#[test]
fn of_many_that_could_be_meant_the_nearest_are_told() {
    let told = |must: &str| {
        let lines =
            format!("every = \"table\"\nwhere = {{ name = \"versions\" }}\nmust = {{ {must} }}");
        let rules = read(&format!(
            "[[rule]]\nid = \"x\"\nbecause = \"why\"\n{lines}\n"
        ))
        .unwrap();
        let mut catalog = catalog();
        let versions = catalog.relations.last_mut().unwrap();
        for place in 0..6 {
            versions.triggers.push(Trigger {
                name: format!("other_{place}"),
                events: vec![TriggerEvent::Insert],
                for_each_row: place == 4,
                ..Trigger::default()
            });
        }
        let found = find(&[&rules[0]], &Objects::of(&catalog));
        found[0].live.clone().unwrap()
    };
    // The one of which the fewest tests do not hold, with those alone.
    assert_eq!(
        told(
            "trigger = { events = [\"update\", \"delete\"], for_each_row = true, timing = \"before\" }"
        ),
        "trigger `touch`: `for_each_row` is `false`; trigger `other_4`: `events` is `insert`; and 5 more"
    );
    assert_eq!(
        told("trigger = { present = false, timing = \"before\" }"),
        "trigger `touch`: `timing` is `before`; trigger `other_0`: `timing` is `before`; and 5 more"
    );
    assert_eq!(told("comment = \"x\""), "no `comment`");
    assert_eq!(
        told("trigger = { name = \"x\", timing = \"before\" }"),
        "none of that name among 7 triggers"
    );
    assert_eq!(
        told("trigger = { name = \"touch\", for_each_row = true }"),
        "trigger `touch`: `for_each_row` is `false`"
    );
    // Of several columns, the one of that name.
    assert_eq!(
        told("column = { name = \"crate_id\", not_null = false }"),
        "column `crate_id`: `not_null` is `true`"
    );
    assert_eq!(
        told("index = { name = \"x\" }"),
        "only index `versions_crate_id_idx`"
    );
    // Where it holds and must not, those for which it does.
    assert_eq!(
        told("trigger = { present = false, for_each_row = true }"),
        "trigger `other_4`: `for_each_row` is `true`"
    );
}

#[test]
fn a_condition_on_what_there_is_not_looks_at_nothing() {
    for condition in [
        "column = { name = \"no_such\" }",
        "foreign_key = { columns = { contains = \"no_such\" } }",
        "column = { data_type = \"citext\" }",
    ] {
        let told = broken(&format!(
            "every = \"table\"\nwhere = {{ {condition} }}\nmust = {{ comment = {{ present = true }} }}"
        ));
        assert_eq!(told[0], "rule `x` looks at nothing", "{condition}");
    }
}

#[test]
fn of_a_long_value_only_the_beginning_is_told() {
    let catalog = Catalog {
        functions: vec![Routine {
            name: QualifiedName::new("public", "touch"),
            body: Some(format!(
                "\nBEGIN\n  EXECUTE 'x';\n{}END\n",
                "  NULL;\n".repeat(60)
            )),
            ..Routine::default()
        }],
        ..Catalog::default()
    };
    let text = "[[rule]]\nid = \"x\"\nbecause = \"why\"\nevery = \"function\"\nmust_not = { body = { matches = \"EXECUTE\" } }\n";
    let rules = read(text).unwrap();
    let found = find(&[&rules[0]], &Objects::of(&catalog));
    let live = found[0].live.as_deref().unwrap();
    assert!(
        live.starts_with("`body` is `BEGIN EXECUTE 'x'; NULL; "),
        "{live}"
    );
    assert!(live.ends_with(" …`") && live.len() < 200, "{live}");
}

/// What is in no schema, and what has arguments.
#[test]
fn an_exception_reaches_every_class() {
    let catalog = Catalog {
        extensions: vec![Extension {
            name: "citext".into(),
            schema: "public".into(),
            ..Extension::default()
        }],
        functions: vec![Routine {
            name: QualifiedName::new("public", "touch"),
            signature: "(integer, text)".into(),
            ..Routine::default()
        }],
        database: Database {
            usual_owner: "ann".into(),
            ..Database::default()
        },
        schemas: vec![Schema {
            name: "two words".into(),
            ..Schema::default()
        }],
        ..Catalog::default()
    };
    for (every, names) in [
        ("extension", &["citext"][..]),
        (
            "function",
            &[
                "public.touch(integer, text)",
                "touch(integer, text)",
                "public.touch",
                "touch",
            ],
        ),
        ("schema", &["\\\"two words\\\"", "two words"]),
        ("database", &["database"]),
    ] {
        for name in names {
            let text = format!(
                "[[rule]]\nid = \"x\"\nbecause = \"why\"\nevery = \"{every}\"\n\
                 must = {{ comment = \"x\" }}\nexcept = [\"{name}\"]\n"
            );
            let rules = read(&text).unwrap();
            let found = find(&[&rules[0]], &Objects::of(&catalog));
            assert_eq!(found, [], "{every} {name}");
        }
    }
}
