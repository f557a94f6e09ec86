//! Diesel CLI's Rust identifiers for SQL names (`infer_schema_internals/inference.rs` of Diesel CLI 2.3).

/// The identifier that Diesel CLI makes of a schema's or table's name: `my-schema` becomes `my_schema`, `type` `type_`.
///
/// Diesel CLI writes a schema as this identifier, and has no attribute to give its SQL name.
#[must_use]
pub fn rust_identifier(sql_name: &str) -> String {
    let mut name = String::new();
    let mut replaced = false;
    for c in sql_name.chars() {
        let maps = c.is_ascii_alphanumeric() || c == '_';
        if name.is_empty() && c.is_ascii_digit() {
            // Identifiers do not begin with digits.
            name.push('_');
        }
        if maps {
            name.push(c);
        } else if !replaced {
            name.push('_');
        }
        replaced = !maps;
    }
    let reserved = syn::parse_str::<syn::Ident>(&name).is_err()
        || ["table", "columns", "is_nullable"].contains(&name.as_str())
        || (name.starts_with("__") && !name.ends_with('_'));
    if reserved {
        name.push('_');
    }
    name
}

/// Whether Diesel itself has a SQL type of that name, so that a `table!` needs no import for it.
#[must_use]
pub fn is_diesel_type(rust_name: &str) -> bool {
    super::types::builtin(rust_name).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[rstest::rstest]
    #[case("users", "users")]
    #[case("my-schema", "my_schema")]
    #[case("user-has::complex>>>role", "user_has_complex_role")]
    #[case("1st", "_1st")]
    #[case("2024", "_2024")]
    #[case("type", "type_")]
    #[case("self", "self_")]
    #[case("table", "table_")]
    #[case("__x", "__x_")]
    #[case("CustomSchema", "CustomSchema")]
    fn identifiers_are_diesel_clis(#[case] sql_name: &str, #[case] expected: &str) {
        assert_eq!(rust_identifier(sql_name), expected);
    }
}
