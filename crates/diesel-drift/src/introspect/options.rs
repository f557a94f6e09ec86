//! Lists of `name=value`.

/// Storage parameters in a fixed order: PostgreSQL keeps the order in which they were set.
pub(super) fn sorted_options(options: Option<Vec<String>>) -> Vec<String> {
    let mut options = options.unwrap_or_default();
    options.sort();
    options
}
