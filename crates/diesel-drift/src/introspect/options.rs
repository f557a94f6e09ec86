//! Lists of `name=value`.

/// Storage parameters that are true or false: PostgreSQL keeps the word that was written. `vacuum_index_cleanup` can be `auto` too.
const SWITCHES: [&str; 9] = [
    "autosummarize",
    "autovacuum_enabled",
    "deduplicate_items",
    "fastupdate",
    "security_barrier",
    "security_invoker",
    "user_catalog_table",
    "vacuum_index_cleanup",
    "vacuum_truncate",
];

/// Storage parameters in a fixed order and a fixed word for each truth: PostgreSQL keeps the order in which they were set.
pub(super) fn sorted_options(options: Option<Vec<String>>) -> Vec<String> {
    let mut options: Vec<_> = options.into_iter().flatten().map(plain).collect();
    options.sort();
    options
}

fn plain(option: String) -> String {
    let switch = option
        .split_once('=')
        .filter(|(name, _)| SWITCHES.contains(name));
    match switch.and_then(|(name, value)| Some((name, truth(value)?))) {
        Some((name, truth)) => format!("{name}={truth}"),
        None => option,
    }
}

/// What PostgreSQL's `parse_bool` makes of a word: any beginning of these, as long as it is of one only.
fn truth(word: &str) -> Option<bool> {
    let word = word.to_ascii_lowercase();
    match word.as_str() {
        "" | "o" => None,
        "1" | "on" => Some(true),
        "0" | "of" | "off" => Some(false),
        _ if "true".starts_with(&word) || "yes".starts_with(&word) => Some(true),
        _ if "false".starts_with(&word) || "no".starts_with(&word) => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::sorted_options;

    #[test]
    fn neither_order_nor_the_word_for_a_truth_counts() {
        let options = |options: &[&str]| {
            sorted_options(Some(
                options.iter().map(|&option| option.to_owned()).collect(),
            ))
        };
        assert_eq!(
            options(&["security_invoker=ON", "fillfactor=1", "fastupdate=n"]),
            ["fastupdate=false", "fillfactor=1", "security_invoker=true"]
        );
        assert_eq!(
            options(&["vacuum_index_cleanup=auto", "check_option=local"]),
            ["check_option=local", "vacuum_index_cleanup=auto"]
        );
    }
}
