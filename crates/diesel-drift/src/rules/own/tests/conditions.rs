//! Every form of a condition, and every class.

use super::{
    Catalog, OWNERS, Objects, QualifiedName, Routine, STATS, VERSIONS, broken, find, read,
};

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
        ("foreign_key = { target = \"owners\" }", &none),
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
        ("table = { privileges = { contains = \"PUBLIC\" } }", &none),
        (
            "table = { privileges = { PUBLIC = { present = false } } }",
            &all,
        ),
        (
            "table = { kind = \"table\", persistence = { not = \"unlogged\" } }",
            &all,
        ),
        ("table = { column = { name = \"id\" } }", &all),
        // Operators in operators, and several at once.
        (
            "data_type = { not = { one_of = [\"text\", \"bigint\"] } }",
            &all,
        ),
        ("data_type = { not = { matches = \"int\" } }", &none),
        ("data_type = { matches = \"^int\", not = \"bigint\" }", &all),
        ("data_type = { matches = \"^int\", not = \"int4\" }", &none),
        (
            "data_type = { one_of = [\"text\", { matches = \"^int4$\" }] }",
            &all,
        ),
        ("default = { not = { present = true } }", &all),
        (
            "index = { columns = { contains = [\"crate_id\", \"id\"] } }",
            &[OWNERS],
        ),
        (
            "index = { columns = { contains = \"crate_id\", nulls = \"first\" } }",
            &[VERSIONS],
        ),
        // A word, and what goes with it.
        ("table = { replica_identity = \"full\" }", &none),
        ("table = { replica_identity = \"index\" }", &[STATS]),
        (
            "table = { replica_identity = { index = \"stats_key\" } }",
            &[STATS],
        ),
        ("table = { replica_identity = { index = \"x\" } }", &none),
        (
            "table = { replica_identity = { not = \"index\" } }",
            &[OWNERS, VERSIONS],
        ),
        // SQL's spelling of a word.
        ("foreign_key = { on_delete = \"NO ACTION\" }", &[OWNERS]),
        // None of which, and one for each.
        (
            "foreign_key = { present = false, on_delete = \"cascade\" }",
            &[OWNERS, STATS],
        ),
        (
            "table = { column = [{ name = \"id\" }, { name = \"crate_id\" }] }",
            &all,
        ),
        (
            "table = { column = [{ name = \"id\" }, { name = \"no_such\" }] }",
            &none,
        ),
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
fn a_list_without_an_order_is_equal_in_any() {
    let with = |test: &str| broken(&format!("every = \"trigger\"\nmust_not = {{ {test} }}"));
    const AUDIT: &str = "public.versions.touch";
    for (test, breaks) in [
        ("events = [\"update\", \"delete\"]", &[AUDIT][..]),
        ("events = [\"delete\", \"update\"]", &[AUDIT]),
        ("events = [\"delete\"]", &[]),
        ("events = [\"insert\", \"delete\", \"update\"]", &[]),
        ("events = { not = [\"update\", \"delete\"] }", &[]),
        ("events = { contains = [\"update\", \"delete\"] }", &[AUDIT]),
        ("events = { contains = [\"update\", \"insert\"] }", &[]),
        // The order of arguments means something.
        ("arguments = [\"a\", \"b\"]", &[AUDIT]),
        ("arguments = [\"b\", \"a\"]", &[]),
    ] {
        assert_eq!(with(test), breaks, "{test}");
    }
}

#[test]
fn types_and_expressions_are_meant_by_any_of_their_names() {
    let with = |test: &str| {
        broken(&format!(
            "every = \"column\"\nwhere = {{ name = \"created_at\" }}\nmust = {{ {test} }}"
        ))
    };
    for test in [
        "data_type = \"timestamptz\"",
        "data_type = { matches = \"^timestamptz$\" }",
        "data_type = { matches = \"with time zone\" }",
        "data_type = { contains = \"timestamptz\" }",
        "default = \"now()\"",
        "default = \"CURRENT_TIMESTAMP\"",
        "default = \"transaction_timestamp()\"",
    ] {
        assert_eq!(with(test), Vec::<String>::new(), "{test}");
    }
    for test in [
        "data_type = \"timestamp\"",
        "data_type = \"timestamptz(3)\"",
        "default = \"clock_timestamp()\"",
    ] {
        assert_eq!(with(test), ["public.crates.created_at"], "{test}");
    }
}

/// `SET search_path = ''` is kept as an empty name; any other setting's empty text as it is.
#[test]
fn an_empty_list_of_names_is_as_postgresql_keeps_it() {
    let function = |name: &str, setting: &str, value: &str| Routine {
        name: QualifiedName::new("public", name),
        settings: [(setting.to_owned(), value.to_owned())].into(),
        ..Routine::default()
    };
    let catalog = Catalog {
        functions: vec![
            function("none", "search_path", "\"\""),
            function("some", "search_path", "public"),
            function("nameless", "application_name", ""),
            function("named", "application_name", "\"\""),
        ],
        ..Catalog::default()
    };
    for (settings, broken) in [
        ("search_path = \"\"", &["some"][..]),
        ("search_path = \"''\"", &["some"]),
        ("search_path = '\"\"'", &["some"]),
        ("search_path = { not = \"\" }", &["none"]),
        ("search_path = { one_of = [\"\", \"public\"] }", &[]),
        ("application_name = \"\"", &["named"]),
    ] {
        let setting = settings.split(' ').next().unwrap();
        let text = format!(
            "[[rule]]\nid = \"x\"\nbecause = \"why\"\nevery = \"function\"\n\
             where = {{ settings = {{ contains = \"{setting}\" }} }}\nmust = {{ settings = {{ {settings} }} }}\n"
        );
        let rules = read(&text).unwrap_or_else(|error| panic!("{settings}: {error}"));
        let found = find(&[&rules[0]], &Objects::of(&catalog));
        let found: Vec<String> = found.iter().map(|it| it.subject.to_string()).collect();
        let expected = broken.iter().map(|name| format!("public.{name}"));
        assert_eq!(found, expected.collect::<Vec<_>>(), "{settings}");
    }
}
