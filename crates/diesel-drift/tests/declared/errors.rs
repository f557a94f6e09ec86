//! Input that is not right: one sentence with file and line.

use diesel_drift::declared::{DeclaredError, SchemaSource, read};

use crate::support::{error, project, try_read};

#[test]
fn a_table_twice_in_one_module() {
    let message = error(
        "diesel::table! { users { id -> Integer } }\n  diesel::table! { users { id -> Integer } }",
    );
    assert_eq!(
        message,
        "src/schema.rs:2:20: table `users` is declared twice in one module; remove one `table!`"
    );
}

#[test]
fn a_column_twice_in_one_table() {
    let message = error("table! { users {\n id -> Integer,\n id -> Text } }");
    assert_eq!(
        message,
        "src/schema.rs:3:2: column `id` is declared twice in table `users`; remove one"
    );
}

#[test]
fn a_key_that_is_no_column() {
    let message = error("table! { users (type) { r#type -> Integer } }");
    assert!(message.starts_with("src/schema.rs:1:16: "), "{message}");
    let message = error("table! { users (uuid) { id -> Integer } }");
    assert!(
        message.starts_with("src/schema.rs:1:17: the primary key of table `users` names `uuid`"),
        "{message}"
    );
    let message = error("table! { users { name -> Integer } }");
    assert!(
        message.starts_with("src/schema.rs:1:10: table `users` names no primary key"),
        "{message}"
    );
    assert!(error("table! { users () { id -> Integer } }").contains("is empty"));
}

#[test]
fn a_table_that_diesel_does_not_accept() {
    let message = error("\n\ndiesel::table! { users { id Integer } }");
    assert!(
        message
            .starts_with("src/schema.rs:3:29: Diesel does not accept this `table!`: expected `->`"),
        "{message}"
    );
    // At its end the macro has no token to point at.
    let message = error("\n diesel::table! { users }");
    assert!(message.starts_with("src/schema.rs:2:2: "), "{message}");
    let message = error("table! { users { id -> Integer, #[max_length = \"a\"] b -> Text } }");
    assert!(message.contains("max_length"), "{message}");
    let message =
        error("table! { users { id -> Integer, #[max_length = 99999999999] b -> Text } }");
    assert!(message.contains("max_length"), "{message}");
}

#[test]
fn a_joinable_that_diesel_does_not_accept() {
    let message = error("diesel::joinable!(a => b (c));");
    assert!(
        message.starts_with("src/schema.rs:1:1: Diesel does not accept this `joinable!`"),
        "{message}"
    );
}

#[test]
fn what_is_not_rust() {
    let message = error("table! { users { id -> Integer } }\nstruct {");
    assert!(message.starts_with("src/schema.rs:2:8: "), "{message}");
    let message = error("table! { users { id -> Integer }\n");
    assert!(message.starts_with("src/schema.rs:"), "{message}");
    let message = error("<<<<<<< HEAD\ntable! { users { id -> Integer } }");
    assert!(message.starts_with("src/schema.rs:1:1: "), "{message}");
}

#[test]
fn nothing_makes_it_panic() {
    let mut texts = vec![
        "\u{feff}\u{feff}".to_owned(),
        "#!".to_owned(),
        "table!".to_owned(),
        "table! {".to_owned(),
        "table! { \0 }".to_owned(),
        "\"".to_owned(),
    ];
    for times in [300, 950, 1_900, 9_000, 40_000] {
        let within = |open: &str, inside: &str, close: &str| {
            format!("{}{inside}{}", open.repeat(times), close.repeat(times))
        };
        texts.push(format!("const A: () = {};", within("(", "", ")")));
        texts.push(format!("const A: () = {};", within("{", "", "}")));
        texts.push(format!("const A: () = {};", within("!", "a", "")));
        texts.push(format!("const A: () = {};", within("- ", "1", "")));
        texts.push(format!("const A: () = {};", within("return ", "1", "")));
        texts.push(format!("const A: () = {};", within("|| ", "1", "")));
        texts.push(format!("const A: () = {};", within("1 + ", "1", "")));
        texts.push(format!("const A: () = {};", within("a.", "a", "")));
        texts.push(format!("const A: () = {};", within("a = ", "a", "")));
        texts.push(format!(
            "const A: () = {};",
            within("if a {} else ", "{}", "")
        ));
        texts.push(format!("type A = {};", within("A<", "A", ">")));
        texts.push(format!("type A = {};", within("&", "A", "")));
        texts.push(within("mod a { ", "", "}"));
        texts.push(format!("use {}", within("a::", "a;", "")));
        let ty = within("Nullable<", "Text", ">");
        texts.push(format!("table! {{ t {{ id -> {ty} }} }}"));
    }
    for text in texts {
        let _ = try_read(&[("src/schema.rs", &text)], &["src/schema.rs"]);
    }
}

#[test]
fn a_missing_file_and_one_that_is_not_text() {
    let missing = try_read(&[], &["src/schema.rs"]).unwrap_err();
    assert!(matches!(missing, DeclaredError::Io { .. }));
    assert!(
        missing
            .to_string()
            .starts_with("src/schema.rs: cannot be read: ")
    );

    let dir = project(&[]);
    let path = dir.path().join("schema.rs");
    std::fs::write(&path, b"table! { \xff }").unwrap();
    let error = read(dir.path(), &[SchemaSource { path, patch: None }]).unwrap_err();
    assert!(error.to_string().starts_with("schema.rs: cannot be read: "));
}

#[test]
fn a_missing_patch() {
    let dir = project(&[("schema.rs", "table! { users { id -> Integer } }")]);
    let source = SchemaSource {
        path: dir.path().join("schema.rs"),
        patch: Some(dir.path().join("gone.patch")),
    };
    let error = read(dir.path(), &[source]).unwrap_err();
    assert!(
        error
            .to_string()
            .starts_with("gone.patch: cannot be read: ")
    );
}

#[test]
fn a_schema_file_without_a_table_is_a_notice() {
    let reading = try_read(&[("src/schema.rs", "// nothing")], &["src/schema.rs"]).unwrap();
    assert_eq!(reading.notices, ["src/schema.rs: no `table!` is in it"]);
}
