use super::*;
use crate::catalog::{
    Catalog, Check, Column, DataType, Domain, DomainCheck, EnumType, ForeignKey, Index,
    IndexColumn, IndexTerm, Key, Nulls, Partition, QualifiedName, ReferentialAction, Relation,
    RelationKind, Trigger,
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
    let stats = relation("stats", columns());
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

/// What breaks the one rule with these lines, by name; a rule that is unused says so.
fn broken(lines: &str) -> Vec<String> {
    let rules = read(&format!(
        "[[rule]]\nid = \"x\"\nbecause = \"why\"\n{lines}\n"
    ))
    .unwrap_or_else(|error| panic!("{lines}: {error}"));
    let objects = catalog().objects().unwrap();
    let findings = rules[0].find(&objects);
    (findings.iter())
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
    let findings = rules[0].find(&catalog().objects().unwrap());
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
fn every_form_of_a_condition() {
    let with = |test: &str| {
        broken(&format!(
            "every = \"column\"\nwhere = {{ name = \"crate_id\" }}\nmust_not = {{ {test} }}"
        ))
    };
    let all = [OWNERS, STATS, VERSIONS];
    let none: [&str; 0] = [];
    for (test, breaks) in [
        // A name is matched as a whole.
        ("name = \"crate\"", &none[..]),
        ("name = \"crate_.*\"", &all),
        ("name = { matches = \"ate\" }", &all),
        ("name = { not = \"x.*\" }", &all),
        ("name = { one_of = [\"id\", \"crate_id\"] }", &all),
        ("schema = \"public\"", &all),
        ("schema = \"pub\"", &none),
        // Values, and what stands for them where nothing is said.
        ("not_null = true", &all),
        ("not_null = false", &none),
        ("inherited = false", &all),
        ("data_type = \"int4\"", &all),
        ("data_type = \"integer\"", &all),
        ("data_type = { one_of = [\"bigint\", \"int\"] }", &all),
        ("data_type = { not = \"int4\" }", &none),
        ("data_type = { matches = \"^int\" }", &all),
        ("default = { present = true }", &none),
        ("default = { present = false }", &all),
        ("foreign_key = {}", &[OWNERS, VERSIONS]),
        ("foreign_key = { present = false }", &[STATS]),
        ("foreign_key = { on_delete = \"no_action\" }", &[OWNERS]),
        (
            "foreign_key = { on_delete = { not = \"no_action\" } }",
            &[VERSIONS],
        ),
        ("foreign_key = { target = \"crates\" }", &[OWNERS, VERSIONS]),
        (
            "foreign_key = { target = \"public.crates\" }",
            &[OWNERS, VERSIONS],
        ),
        ("foreign_key = { target = \"rates\" }", &none),
        (
            "foreign_key = { columns = [\"crate_id\"] }",
            &[OWNERS, VERSIONS],
        ),
        ("foreign_key = { columns = { contains = \"id\" } }", &none),
        ("foreign_key = { table = { name = \"owners\" } }", &[OWNERS]),
        // Those of keys among them.
        ("index = {}", &[OWNERS, VERSIONS]),
        ("index = { unique = true }", &[OWNERS]),
        (
            "index = { method = \"btree\", unique = false }",
            &[VERSIONS],
        ),
        ("index = { columns = [\"crate_id\"] }", &[VERSIONS]),
        (
            "index = { columns = { contains = \"crate_id\" } }",
            &[OWNERS, VERSIONS],
        ),
        ("index = { columns = { nulls = \"first\" } }", &[VERSIONS]),
        ("index = { columns = { term = \"id\" } }", &[OWNERS]),
        (
            "index = { columns = { term = { matches = \"^crate\" }, nulls = { present = false } } }",
            &[OWNERS],
        ),
        ("primary_key = {}", &[OWNERS]),
        ("unique_constraint = {}", &none),
        ("table = { comment = { present = true } }", &[OWNERS]),
        (
            "table = { comment = { contains = \"publish\" } }",
            &[OWNERS],
        ),
        ("table = { trigger = { name = \"touch\" } }", &[VERSIONS]),
        ("table = { trigger = { timing = \"after\" } }", &none),
        ("table = { options = [] }", &all),
        ("table = { privileges = { contains = \"app\" } }", &none),
        (
            "table = { privileges = { app = { present = false } } }",
            &all,
        ),
        (
            "table = { kind = \"table\", persistence = { not = \"unlogged\" } }",
            &all,
        ),
        ("table = { column = { name = \"id\" } }", &all),
        // All of it has to hold.
        (
            "primary_key = {}, foreign_key = { on_delete = \"cascade\" }",
            &none,
        ),
    ] {
        assert_eq!(with(test), breaks, "{test}");
    }
}

#[test]
fn every_class_can_be_looked_at() {
    for (lines, breaks) in [
        (
            "every = \"table\"\nmust = { comment = { present = true } }",
            vec!["public.crates", "public.stats", "public.versions"],
        ),
        (
            "every = \"table\"\nwhere = { partition_of = { present = true } }\nmust = { comment = { present = true } }",
            vec!["public.stats_1"],
        ),
        (
            "every = \"view\"\nmust_not = {name = \".*\"}",
            vec!["public.all_versions"],
        ),
        (
            "every = \"column\"\nwhere = { view = {} }\nmust_not = { name = \"crate_id\" }",
            vec!["public.all_versions.crate_id"],
        ),
        (
            "every = \"foreign-key\"\nmust_not = { on_delete = \"cascade\" }",
            vec!["public.versions.versions_crate_id_fkey"],
        ),
        (
            "every = \"index\"\nmust = { unique = true }",
            vec!["public.versions.versions_crate_id_idx"],
        ),
        (
            "every = \"trigger\"\nmust = { name = \".*_trigger\" }",
            vec!["public.versions.touch"],
        ),
        (
            "every = \"primary-key\"\nmust = { columns = [\"id\"] }",
            vec!["public.owners.owners_pkey"],
        ),
        (
            "every = \"check-constraint\"\nmust = { expression = { matches = \"< 9\" } }",
            vec!["public.crates.crates_check"],
        ),
        (
            "every = \"check-constraint\"\nwhere = { domain = { name = \"email\" } }\nmust = { not_valid = true }",
            vec!["public.email.email_check"],
        ),
        (
            "every = \"enum\"\nmust = { labels = { contains = \"good\" } }",
            vec!["public.mood"],
        ),
        (
            "every = \"enum\"\nmust_not = { labels = [\"sad\", \"ok\"] }",
            vec!["public.mood"],
        ),
        (
            "every = \"function\"\nmust = { volatility = \"stable\" }",
            vec!["rule `x` looks at nothing"],
        ),
    ] {
        assert_eq!(broken(lines), breaks, "{lines}");
    }
    for class in crate::catalog::class::CLASSES {
        let rule = format!(
            "every = \"{}\"\nwhere = {{}}\nmust = {{ name = \"a\" }}",
            class.id
        );
        broken(&rule);
    }
}

#[test]
fn a_rule_that_says_nothing_about_anything_is_a_finding() {
    assert_eq!(
        broken("every = \"column\"\nwhere = { name = \"crates_id\" }\nmust = { foreign_key = {} }"),
        ["rule `x` looks at nothing"]
    );
}

#[test]
fn what_is_misspelt_is_an_error_with_its_line_and_what_there_is() {
    let head = "[[rule]]\nid = \"x\"\nbecause = \"why\"\nevery = \"column\"\n";
    for (rest, message) in [
        (
            "must = { foreign_ky = {} }",
            "drift.toml:5: a column has no `foreign_ky`; it has name, schema, data_type, not_null, ",
        ),
        (
            "must = { foreign_key = { ondelete = \"cascade\" } }",
            "drift.toml:5: a foreign key has no `ondelete`; it has name, schema, columns, ",
        ),
        (
            "must = { foreign_key = { on_delete = \"cascde\" } }",
            "drift.toml:5: `on_delete` is one of no_action, restrict, cascade, set_null, set_default",
        ),
        (
            "[rule.must]\nforeign_key = {}\nnot_null = \"yes\"",
            "drift.toml:7: `not_null` is true or false",
        ),
        (
            "where = { table = { nam = \"x\" } }\nmust = { not_null = true }",
            "drift.toml:5: a table has no `nam`; it has ",
        ),
        (
            "must = { name = \"(\" }",
            "drift.toml:5: this is no pattern: ",
        ),
        (
            "must = { name = { matches = \"[\" } }",
            "drift.toml:5: this is no pattern: ",
        ),
        (
            "must = { foreign_key = { columns = \"id\" } }",
            "drift.toml:5: `columns` is a list: ",
        ),
        (
            "must = { foreign_key = \"cascade\" }",
            "drift.toml:5: `foreign_key` takes a table: ",
        ),
        (
            "must = { foreign_key = { present = 1 } }",
            "drift.toml:5: `present` is true or false",
        ),
        (
            "must = { default = { matches = \"a\", not = \"b\" } }",
            "drift.toml:5: `default` takes a value, or a table with one of matches, ",
        ),
        (
            "must = { default = { match = \"a\" } }",
            "drift.toml:5: `default` takes a value, or a table with one of matches, ",
        ),
        (
            "must = { not_null = { matches = \"a\" } }",
            "drift.toml:5: `not_null` is no text that could match",
        ),
        (
            "must = { not_null = { contains = \"a\" } }",
            "drift.toml:5: `not_null` contains nothing",
        ),
        (
            "must = { statistics = \"many\" }",
            "drift.toml:5: `statistics` is a number",
        ),
        (
            "must = { index = { columns = { nuls = \"first\" } } }",
            "drift.toml:5: `columns` has no `nuls`; it has term, ",
        ),
        (
            "must = { index = { columns = { nulls = \"frst\" } } }",
            "drift.toml:5: `nulls` is one of first, last",
        ),
        ("must = {}", "drift.toml:5: `must` is empty"),
        ("must = 1", "drift.toml:5: `must` takes a table"),
        (
            "",
            "drift.toml:1: a `[[rule]]` needs a `must` or a `must_not`",
        ),
        (
            "wher = {}\nmust = { not_null = true }",
            "drift.toml:5: unknown field `wher`",
        ),
        (
            "severity = \"fatal\"\nmust = { not_null = true }",
            "drift.toml:5: unknown variant `fatal`",
        ),
    ] {
        let error = read(&format!("{head}{rest}\n")).unwrap_err();
        assert!(error.starts_with(message), "{rest}: {error}");
    }
    let whole = format!("{head}must = {{ not_null = true }}\n");
    for (text, message) in [
        (
            whole.replace("column", "colum"),
            "drift.toml:4: there is no class `colum`; the classes are database, ",
        ),
        (
            whole.replace("\"x\"", "\"column-missing\""),
            "drift.toml:2: `column-missing` is a kind of diesel-drift's own",
        ),
        (
            whole.replace("\"x\"", "\"Not kebab\""),
            "drift.toml:2: `Not kebab` is no id",
        ),
        (
            whole.replace("\"why\"", "\" \""),
            "drift.toml:3: a `[[rule]]` needs a `because`",
        ),
        (
            whole.replace("because = \"why\"\n", ""),
            "drift.toml:1: missing field `because`",
        ),
        (
            whole.replace("id = \"x\"\n", ""),
            "drift.toml:1: missing field `id`",
        ),
        (
            format!("{whole}\n{whole}"),
            "drift.toml:8: there are two rules `x`",
        ),
    ] {
        let error = read(&text).unwrap_err();
        assert!(error.starts_with(message), "{error}");
    }
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
