//! Names that nothing bears.

use super::{findings, read};
use crate::catalog::{
    Catalog, Column, DataType, EnumType, ForeignKey, Privileges, QualifiedName, Relation, Trigger,
};
use crate::finding::Severity;
use crate::rules::own::{Objects, find};

/// The names that are told; a rule that looks at nothing says so besides.
fn told(lines: &str) -> Vec<String> {
    let rules = read(&format!(
        "[[rule]]\nid = \"x\"\nbecause = \"why\"\n{lines}\n"
    ))
    .unwrap_or_else(|error| panic!("{lines}: {error}"));
    let found = findings(&rules)
        .into_iter()
        .filter(|it| it.kind.id == "rule-unused");
    let found = found.filter(|it| it.attribute.is_some());
    found
        .map(|finding| {
            assert_eq!(
                finding.severity,
                Severity::Note,
                "{lines}: {}",
                finding.message()
            );
            format!("{} - {}", finding.message(), finding.help[0])
        })
        .collect()
}

#[test]
fn what_nothing_is_called_is_told_wherever_it_stands() {
    for (lines, name, hint) in [
        (
            "every = \"column\"\nmust_not = { data_type = \"citxt\" }",
            "`data_type` `citxt`",
            "no type is called so here: ",
        ),
        (
            "every = \"column\"\nmust_not = { data_type = { one_of = [\"text\", \"moood[]\"] } }",
            "`data_type` `moood[]`",
            "nothing is called so (did you mean `mood`?)",
        ),
        (
            "every = \"column\"\nmust_not = { data_type = \"mony\" }",
            "`data_type` `mony`",
            "nothing is called so (did you mean `money`?)",
        ),
        // Patterns.
        (
            "every = \"table\"\nmust_not = { column = { name = \"creat_id\" } }",
            "`name` `creat_id`",
            "(did you mean `crate_id`?)",
        ),
        (
            "every = \"table\"\nmust_not = { name = { one_of = [\"owners\", \"vresions\"] }, comment = \"x\" }",
            "`name` `vresions`",
            "(did you mean `versions`?)",
        ),
        (
            "every = \"table\"\nmust_not = { schema = \"pblic\" }",
            "`schema` `pblic`",
            "(did you mean `public`?)",
        ),
        (
            "every = \"column\"\nmust_not = { table = { name = \"public.owners\" } }",
            "`name` `public.owners`",
            "write `schema = \"public\"` and `name = \"owners\"`",
        ),
        (
            "every = \"column\"\nmust_not = { name = \"owners.crate_id\" }",
            "`name` `owners.crate_id`",
            "write `table = { name = \"owners\" }` and `name = \"crate_id\"`",
        ),
        (
            "every = \"column\"\nmust_not = { name = \"cr*_id\" }",
            "`name` `cr*_id`",
            "(did you mean `cr.*_id`?)",
        ),
        (
            "every = \"column\"\nmust_not = { name = \"%_at_all\" }",
            "`name` `%_at_all`",
            "a regex for the whole name, in which any text is `.*`",
        ),
        (
            "every = \"column\"\nmust_not = { data_type = { not = \"jsno\" }, name = \"no\" }",
            "`data_type` `jsno`",
            "(did you mean `json`?)",
        ),
        (
            "every = \"foreign-key\"\nmust_not = { target = \"crate\" }",
            "`target` `crate`",
            "(did you mean `crates`?)",
        ),
        (
            "every = \"foreign-key\"\nmust_not = { target = \"app.crates\" }",
            "`target` `app.crates`",
            "no object is called so here",
        ),
        (
            "every = \"foreign-key\"\nmust_not = { columns = [\"crates_id\"] }",
            "`columns` `crates_id`",
            "(did you mean `crate_id`?)",
        ),
        (
            "every = \"index\"\nmust_not = { columns = { contains = \"crate_ids\" } }",
            "`columns` `crate_ids`",
            "(did you mean `crate_id`?)",
        ),
        (
            "every = \"table\"\nmust_not = { owner = \"deplyo\" }",
            "`owner` `deplyo`",
            "nothing here is owned by such a role",
        ),
        (
            "every = \"table\"\nmust_not = { inherits = { contains = \"cratse\" } }",
            "`inherits` `cratse`",
            "(did you mean `crates`?)",
        ),
        (
            "every = \"table\"\nmust_not = { privileges = { contains = \"app_wr\" } }",
            "`privileges` `app_wr`",
            "or granted to it",
        ),
        (
            "every = \"table\"\nmust_not = { privileges = { app_wr = { contains = \"DELETE\" } } }",
            "`privileges` `app_wr`",
            "or granted to it",
        ),
        (
            "every = \"foreign-key\"\nmust_not = { on_delete_columns = { contains = \"crate_idd\" } }",
            "`on_delete_columns` `crate_idd`",
            "(did you mean `crate_id`?)",
        ),
        (
            "every = \"publication\"\nwhere = { tables = { contains = \"public.cratse\" } }\nmust = { all_tables = true }",
            "`tables` `public.cratse`",
            "(did you mean `public.crates`?)",
        ),
        (
            "every = \"table\"\nmust_not = { trigger = { function = \"tuoch\" } }",
            "`function` `tuoch`",
            "no object is called so here",
        ),
    ] {
        let told = told(lines);
        assert_eq!(told.len(), 1, "{lines}: {told:?}");
        assert!(
            told[0].starts_with(&format!(
                "rule `x` asks for {name}, and nothing is called so"
            )),
            "{told:?}"
        );
        assert!(told[0].contains(hint), "{told:?}");
    }
}

#[test]
fn what_is_there_or_postgresql_s_own_is_not_told() {
    for lines in [
        "every = \"column\"\nmust_not = { data_type = \"money\" }",
        "every = \"column\"\nmust_not = { data_type = \"varchar(3)[]\" }",
        "every = \"column\"\nmust_not = { data_type = \"mood\" }",
        "every = \"column\"\nmust_not = { data_type = \"public.mood[]\" }",
        "every = \"column\"\nmust_not = { data_type = { matches = \"citxt\" } }",
        "every = \"foreign-key\"\nmust_not = { target = \"stats\" }",
        "every = \"index\"\nmust_not = { columns = { contains = \"lower(crate)\" } }",
        "every = \"column\"\nmust_not = { name = \"no_such\" }",
        "every = \"table\"\nmust_not = { name = \"owner\" }",
        "every = \"table\"\nmust_not = { name = \"crates_old\", schema = \"app\" }",
        "every = \"table\"\nmust_not = { name = \"tmp_.*\", schema = \"app|old\" }",
        "every = \"table\"\nmust_not = { name = \"a.b\" }",
        "every = \"table\"\nmust_not = { privileges = { contains = \"PUBLIC\" } }",
        "every = \"table\"\nmust_not = { privileges = { contains = \"public\" } }",
        "every = \"table\"\nmust_not = { privileges = { OWNER = { contains = \"DELETE\" } } }",
        "every = \"table\"\nmust_not = { comment = { contains = \"crate_idd\" } }",
        "every = \"function\"\nwhere = { settings = { contains = \"search_pth\" } }\nmust_not = { strict = true }",
        "every = \"enum\"\nmust_not = { labels = { contains = \"glad\" } }",
    ] {
        assert_eq!(told(lines), Vec::<String>::new(), "{lines}");
    }
}

/// The types of extensions, and functions that only triggers name.
#[test]
fn names_come_from_everything_that_the_catalog_says() {
    let mut posts = Relation {
        name: QualifiedName::new("app", "posts"),
        columns: vec![Column {
            name: "title".into(),
            data_type: DataType {
                sql: "public.citext".into(),
                schema: "public".into(),
                ..DataType::default()
            },
            ..Column::default()
        }],
        owner: Some("app_owner".into()),
        ..Relation::default()
    };
    posts.triggers.push(Trigger {
        name: "touch".into(),
        function: QualifiedName::new("ext", "moddatetime"),
        ..Trigger::default()
    });
    posts.foreign_keys.push(ForeignKey {
        name: "key".into(),
        target: QualifiedName::new("elsewhere", "users"),
        ..ForeignKey::default()
    });
    let catalog = Catalog {
        relations: vec![posts],
        enums: vec![EnumType {
            name: QualifiedName::new("app", "Mood"),
            ..EnumType::default()
        }],
        ..Catalog::default()
    };
    let objects = Objects::of(&catalog);
    for lines in [
        "must_not = { column = { data_type = \"citext\" } }",
        "must_not = { column = { data_type = \"Mood\" } }",
        "must_not = { column = { data_type = \"app.\\\"Mood\\\"\" } }",
        "must_not = { trigger = { function = \"moddatetime()\" }, name = \"x\" }",
        "must_not = { foreign_key = { target = \"users\" }, name = \"x\" }",
        "must_not = { owner = \"app_owner\", name = \"x\" }",
    ] {
        let text = format!("[[rule]]\nid = \"x\"\nbecause = \"why\"\nevery = \"table\"\n{lines}\n");
        let rules = read(&text).unwrap();
        let found = find(&[&rules[0]], &objects);
        let unused = found
            .iter()
            .filter(|it| it.kind.id == "rule-unused")
            .count();
        assert_eq!(unused, 0, "{lines}: {found:?}");
    }
    let text = "[[rule]]\nid = \"x\"\nbecause = \"why\"\nevery = \"table\"\nmust_not = { column = { data_type = \"citext\" } }\n";
    let rules = read(text).unwrap();
    // What nothing says a schema of is meant in any.
    assert_eq!(find(&[&rules[0]], &objects)[0].kind.id, "x");
}

/// What it owns is not said to be its, so no rule finds it by its name: one that keeps it out holds for ever.
#[test]
fn the_usual_owner_has_no_name() {
    let mut catalog = super::catalog();
    catalog.database.usual_owner = "ann".into();
    catalog.relations[1].owner = Some("bob".into());
    catalog.relations[2].privileges =
        Privileges([("ann".to_owned(), vec!["SELECT".into()])].into());
    let objects = Objects::of(&catalog);
    let told = |lines: &str| {
        let text = format!("[[rule]]\nid = \"x\"\nbecause = \"why\"\n{lines}\n");
        let rules = read(&text).unwrap();
        let found = find(&[&rules[0]], &objects).into_iter();
        let unused = found.filter(|it| it.kind.id == "rule-unused");
        unused.map(|it| (it.severity, it.help)).collect::<Vec<_>>()
    };
    let usual = told("every = \"table\"\nmust_not = { owner = \"ann\" }");
    assert_eq!(usual.len(), 1);
    assert_eq!(usual[0].0, Severity::Warning);
    assert!(
        usual[0].1[0].starts_with("`ann` is the usual owner, who"),
        "{usual:?}"
    );
    assert!(
        usual[0].1[0].ends_with("`owner = { present = false }`"),
        "{usual:?}"
    );
    let unknown = told("every = \"table\"\nmust = { owner = { one_of = [\"bob\", \"deploy\"] } }");
    assert_eq!(unknown.len(), 1);
    assert_eq!(unknown[0].0, Severity::Note);
    assert!(
        unknown[0].1[1].starts_with("the usual owner, who"),
        "{unknown:?}"
    );
    // Where it has a name.
    for lines in [
        "every = \"table\"\nmust_not = { owner = \"bob\" }",
        "every = \"table\"\nmust_not = { privileges = { contains = \"ann\" } }",
        "every = \"database\"\nmust = { usual_owner = \"ann\" }",
    ] {
        assert_eq!(told(lines), [], "{lines}");
    }
}
