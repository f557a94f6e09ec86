//! Lists of `name=value`.

/// Storage parameters in a fixed order: PostgreSQL keeps the order in which they were set.
pub(super) fn sorted_options(options: Option<Vec<String>>) -> Vec<String> {
    let mut options = options.unwrap_or_default();
    options.sort();
    options
}

/// Options of foreign servers and of what is on them, in a fixed order; of a secret, that it is set and no more.
pub(super) fn server_options(options: Option<Vec<String>>) -> Vec<String> {
    let mut options = sorted_options(options);
    for option in &mut options {
        let name = option.split_once('=').map_or("", |(name, _)| name);
        let lower = name.to_lowercase();
        if ["passw", "passphrase", "secret", "token", "credential"]
            .iter()
            .any(|word| lower.contains(word))
        {
            option.truncate(name.len());
        }
    }
    options
}

#[cfg(test)]
mod tests {
    use super::server_options;

    #[test]
    fn secrets_are_left_out() {
        let options = [
            "user=me",
            "password=s=1",
            "ssl_Passphrase=x",
            "host=a=b",
            "",
        ];
        assert_eq!(
            server_options(Some(options.map(str::to_owned).into())),
            ["", "host=a=b", "password", "ssl_Passphrase", "user=me"]
        );
    }
}
