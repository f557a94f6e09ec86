//! Names as Rust identifiers.

/// A name as a Rust identifier, by Diesel CLI's rule: what no identifier may hold becomes an underscore, and what Rust
/// reserves gets one at its end.
pub fn rust_identifier(name: &str) -> String {
    let mut identifier: String = name
        .chars()
        .map(|c| {
            if c.is_alphanumeric() || c == '_' {
                c
            } else {
                '_'
            }
        })
        .collect();
    if identifier.starts_with(|c: char| c.is_ascii_digit()) || identifier.is_empty() {
        identifier.insert(0, '_');
    }
    if syn::parse_str::<syn::Ident>(&identifier).is_err() {
        identifier.push('_');
    }
    identifier
}
