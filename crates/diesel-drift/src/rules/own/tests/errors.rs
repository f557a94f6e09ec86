//! What is wrong in a rule: a sentence with its line.

use super::read;
use crate::rules::trial::refused;

#[test]
fn what_is_misspelt_is_an_error_with_its_line_and_what_there_is() {
    let head = "[[rule]]\nid = \"x\"\nbecause = \"why\"\nevery = \"column\"\n";
    for (rest, message) in [
        (
            "must = { foreign_ky = {} }",
            "drift.toml:5: a column has no `foreign_ky` (did you mean `foreign_key`?); it has name, schema, data_type, not_null, ",
        ),
        (
            "must = { foreign_key = { ondelete = \"cascade\" } }",
            "drift.toml:5: a foreign key has no `ondelete` (did you mean `on_delete`?); it has name, schema, columns, ",
        ),
        (
            "must = { foreign_key = { on_delete = \"cascde\" } }",
            "drift.toml:5: `on_delete` is one of no_action, restrict, cascade, set_null, set_default, and not `cascde`",
        ),
        (
            "[rule.must]\nforeign_key = {}\nnot_null = \"yes\"",
            "drift.toml:7: `not_null` is true or false",
        ),
        (
            "where = { table = { nam = \"x\" } }\nmust = { not_null = true }",
            "drift.toml:5: a table has no `nam` (did you mean `name`?); it has ",
        ),
        (
            "must = { name = \"(a\" }",
            "drift.toml:5: `(a` is no pattern: unclosed group",
        ),
        (
            "must = { name = { matches = \"[\" } }",
            "drift.toml:5: `[` is no pattern: unclosed character class",
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
            "must = { default = { match = \"a\" } }",
            "drift.toml:5: `default` has no `match` (did you mean `matches`?): `default` takes a value, or a table with matches, ",
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
            "drift.toml:5: `columns` has no `nuls` (did you mean `nulls`?); it has term, ",
        ),
        (
            "must = { index = { columns = { nulls = \"frst\" } } }",
            "drift.toml:5: `nulls` is one of first, last, and not `frst`",
        ),
        // One value and several.
        (
            "must = { foreign_key = { on_delete = [\"cascade\", \"restrict\"] } }",
            "drift.toml:5: `on_delete` is one value: any of several is `on_delete = { one_of = [\"cascade\", \"restrict\"] }`",
        ),
        (
            "must = { data_type = [\"text\"] }",
            "drift.toml:5: `data_type` is one value: any of several is `data_type = { one_of = [\"text\"] }`",
        ),
        (
            "must = { foreign_key = { columns = \"id\" } }",
            "drift.toml:5: `columns` is a list: write `columns = [\"id\"]`, or `columns = { contains = \"id\" }`",
        ),
        (
            "must = { data_type = { one_of = \"text\" } }",
            "drift.toml:5: `one_of` is a list: write `one_of = [\"text\"]`",
        ),
        (
            "must = { foreign_key = [] }",
            "drift.toml:5: `foreign_key` takes a table: ",
        ),
        // What never holds, and what always does.
        (
            "must_not = { data_type = \"intgr\" }",
            "drift.toml:5: there is no type `intgr` (did you mean `integer`?); one of your own is written with its schema, as `public.intgr`",
        ),
        (
            "must_not = { data_type = { not = { one_of = [\"text\", \"varchr(9)\"] } } }",
            "drift.toml:5: there is no type `varchr(9)` (did you mean `varchar`?)",
        ),
        (
            "where = { data_type = \"timestmap\" }\nmust = { not_null = true }",
            "drift.toml:5: there is no type `timestmap` (did you mean `timestamp`?)",
        ),
        (
            "must_not = { data_type = \"bigserial\" }",
            "drift.toml:5: `data_type` is never `bigserial`: a column that was declared so is `bigint`, with a `default` that matches `nextval`",
        ),
        (
            "must = { default = \"none\" }",
            "drift.toml:5: `default` is never \"none\": that there is none is `default = { present = false }`",
        ),
        (
            "must_not = { default = \"draft\" }",
            "drift.toml:5: `default` is never `draft`, which is no expression: the text is `default = \"'draft'\"`, what a function gives `default = \"draft()\"`",
        ),
        (
            "must_not = { default = { one_of = [\"true\", \"CURRENT_USER\", \"now\"] } }",
            "drift.toml:5: `default` is never `now`, which is no expression",
        ),
        (
            "must = { data_type = \"bigin\" }",
            "drift.toml:5: there is no type `bigin` (did you mean `bigint`?)",
        ),
        (
            "must = { comment = \"\" }",
            "drift.toml:5: `comment` is never \"\": that there is none is `comment = { present = false }`",
        ),
        (
            "must = { identity = { not = \"none\" } }",
            "drift.toml:5: `identity` is never \"none\": that there is none is `identity = { present = false }`",
        ),
        (
            "must = { data_type = { one_of = [] } }",
            "drift.toml:5: `one_of` of `data_type` is empty: nothing is one of none",
        ),
        (
            "must = { default = { matches = \"\" } }",
            "drift.toml:5: `matches` of `default` is empty, which everything matches",
        ),
        (
            "must = { default = { contains = \"\" } }",
            "drift.toml:5: `contains` of `default` is empty, which everything contains",
        ),
        (
            "must = { name = \"\" }",
            "drift.toml:5: `name` is empty, as no name is",
        ),
        (
            "must = { default = {} }",
            "drift.toml:5: `default` takes a value, or a table with matches, ",
        ),
        (
            "must = { table = { replica_identity = \"ful\" } }",
            "drift.toml:5: `replica_identity` is one of nothing, full, index, and not `ful`",
        ),
        (
            "must = { table = { replica_identity = { indx = \"i\" } } }",
            "drift.toml:5: `replica_identity` has no `indx` (did you mean `index`?); it has nothing, full, index",
        ),
        (
            "must = { comment = true }",
            "drift.toml:5: `comment` is a text; whether there is one is `comment = { present = true }`",
        ),
        (
            "must = { identity = false }",
            "drift.toml:5: `identity` is one of always, by_default; whether there is any is `identity = { present = false }`",
        ),
        (
            "must = { default = 0 }",
            "drift.toml:5: `default` is a text: write `default = \"0\"`",
        ),
        (
            "must = { type = \"text\" }",
            "drift.toml:5: a column has no `type` (did you mean `data_type`?); it has ",
        ),
        // What is said twice.
        (
            "must = { table = { trigger = { events = [\"update\", \"update\"] } } }",
            "drift.toml:5: `events` has \"update\" twice",
        ),
        (
            "must = { data_type = { one_of = [\"text\", \"text\"] } }",
            "drift.toml:5: `one_of` has \"text\" twice",
        ),
        (
            "must = { not_null = true }\nexcept = [\"a.b\",\n\"a.b\"]",
            "drift.toml:7: `except` has `a.b` twice",
        ),
        // What is of another form.
        (
            "must = { not_null = true }\nexcept = \"a.b\"",
            "drift.toml:6: `except` is a list: write `except = [\"a.b\"]`",
        ),
        (
            "must = { not_null = true }\nexcept = [1]",
            "drift.toml:6: `except` lists names as findings print them, and no 1",
        ),
        (
            "must = { not_null = true }\nseverity = \"off\"",
            "drift.toml:6: `severity` is error, warning or note, and not `off`; a rule is switched off in `[levels]`",
        ),
        (
            "must = { table = \"posts\" }",
            "drift.toml:5: `table` takes a table: `table = { name = \"…\" }`",
        ),
        (
            "must = { name = \"(a)(\" }",
            "drift.toml:5: `(a)(` is no pattern: unclosed group",
        ),
        // One that what is put around it would mend.
        (
            "must = { name = \"a)|(?:b\" }",
            "drift.toml:5: `a)|(?:b` is no pattern: unopened group",
        ),
        ("must = {}", "drift.toml:5: `must` is empty"),
        ("must = 1", "drift.toml:5: `must` takes a table"),
        (
            "",
            "drift.toml:1: a `[[rule]]` needs a `must` or a `must_not`",
        ),
        (
            "wher = {}\nmust = { not_null = true }",
            "drift.toml:5: a `[[rule]]` has no `wher` (did you mean `where`?); it has id, because, severity, every, where, must, must_not, except",
        ),
        (
            "severity = \"fatal\"\nmust = { not_null = true }",
            "drift.toml:5: `severity` is error, warning or note, and not `fatal`; ",
        ),
    ] {
        refused(read(&format!("{head}{rest}\n")), message);
    }
    let whole = format!("{head}must = {{ not_null = true }}\n");
    for (text, message) in [
        (
            whole.replace("column", "colum"),
            "drift.toml:4: there is no class `colum` (did you mean `column`?); the classes are database, ",
        ),
        (
            whole.replace("\"column\"", "\"foreign_key\""),
            "drift.toml:4: there is no class `foreign_key` (did you mean `foreign-key`?); the classes are",
        ),
        (
            whole.replace("\"column\"", "[\"column\"]"),
            "drift.toml:4: `every` is one class: write a `[[rule]]` for each",
        ),
        (
            whole.replace("every = \"column\"\n", ""),
            "drift.toml:1: a `[[rule]]` needs `every`: the class of objects that it looks at, as `table`, ",
        ),
        (
            whole.replace("\"why\"", "7"),
            "drift.toml:3: `because` is a text, `because = \"…\"`, and no 7",
        ),
        (
            whole.replace("[[rule]]", "[rule]"),
            "drift.toml:1: `[rule]` is one table: write `[[rule]]` above each rule, with two brackets",
        ),
        (
            "rule = [1]\n".to_owned(),
            "drift.toml:1: a `[[rule]]` is a table, and no 1",
        ),
        (
            "rule = 1\n".to_owned(),
            "drift.toml:1: `rule` is 1: write `[[rule]]` above each rule",
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
            "drift.toml:1: a `[[rule]]` needs `because`: what goes wrong where it is broken",
        ),
        (
            whole.replace("id = \"x\"\n", ""),
            "drift.toml:1: a `[[rule]]` needs `id`: the name that ",
        ),
        (
            format!("{whole}\n{whole}"),
            "drift.toml:8: there are two rules `x`",
        ),
    ] {
        refused(read(&text), message);
    }
}

#[test]
fn all_rules_that_are_wrong_are_told_at_once() {
    let rule = |id: &str, must: &str| {
        format!(
            "[[rule]]\nid = \"{id}\"\nbecause = \"why\"\nevery = \"column\"\nmust = {{ {must} }}\n"
        )
    };
    let text = [
        rule("a", "not_nul = true"),
        rule("b", "not_null = true"),
        rule("c", "not_null = 1"),
        rule("b", "not_null = true").replace("because", "becaus"),
        rule("b", "not_null = true"),
    ]
    .concat();
    let error = read(&text).unwrap_err();
    let lines: Vec<&str> = error.lines().collect();
    assert_eq!(lines.len(), 4, "{error}");
    for (line, begin) in lines.iter().zip([
        "drift.toml:5: a column has no `not_nul` (did you mean `not_null`?)",
        "drift.toml:15: `not_null` is true or false",
        "drift.toml:18: a `[[rule]]` has no `becaus` (did you mean `because`?)",
        "drift.toml:22: there are two rules `b`",
    ]) {
        assert!(line.starts_with(begin), "{line}");
    }
}
