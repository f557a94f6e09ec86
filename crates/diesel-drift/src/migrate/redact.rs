//! Passwords taken out of text that is about to be shown.

use std::sync::LazyLock;

use percent_encoding::percent_decode_str;
use regex::Regex;

use super::statements::strings_with_word_before;

/// Each with three groups, of which the second is the password. (That they compile is what the tests below show.)
static PATTERNS: LazyLock<Vec<Regex>> = LazyLock::new(|| {
    [
        // scheme://user:PASSWORD@
        r#"([A-Za-z][A-Za-z0-9+.-]*://[^\s/:@'"]*:)([^\s@'"]*)(@)"#,
        // password=PASSWORD of a connection string or of a URL's query
        r#"(?i)(password\s*=\s*)('(?:[^'\\]|\\.)*'|[^\s&'"]+)()"#,
    ]
    .into_iter()
    .filter_map(|pattern| Regex::new(pattern).ok())
    .collect()
});

fn passwords(text: &str) -> impl Iterator<Item = regex::Match<'_>> {
    PATTERNS
        .iter()
        .flat_map(|pattern| pattern.captures_iter(text))
        .filter_map(|captures| captures.get(2))
}

/// Text without the passwords of the connection strings in it.
pub(super) fn text(text: &str) -> String {
    PATTERNS.iter().fold(text.to_owned(), |text, pattern| {
        pattern.replace_all(&text, "${1}***${3}").into_owned()
    })
}

/// Text without the passwords in it, and without the password of this connection string wherever it stands.
pub(super) fn text_of_connection(shown: &str, database_url: &str) -> String {
    let mut shown = text(shown);
    for secret in secrets(database_url) {
        shown = shown.replace(&secret, "***");
    }
    shown
}

/// The password of a connection string, as written and as meant, the longer first because one may be part of the other.
fn secrets(database_url: &str) -> Vec<String> {
    let mut secrets: Vec<String> = passwords(database_url)
        .map(|password| password.as_str().trim_matches('\''))
        .flat_map(|written| {
            let meant = percent_decode_str(written).decode_utf8_lossy();
            [written.to_owned(), meant.into_owned()]
        })
        .filter(|secret| !secret.is_empty())
        .collect();
    secrets.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
    secrets
}

/// SQL whose passwords (`PASSWORD '…'`, and those of connection strings) are stars, byte for byte, so that every place
/// in it stays what it was.
pub(super) fn sql(sql: &str) -> String {
    let mut masked = sql.as_bytes().to_vec();
    let mut mask = |start: usize, end: usize| {
        if let Some(bytes) = masked.get_mut(start..end) {
            bytes.fill(b'*');
        }
    };
    for (before, span) in strings_with_word_before(sql) {
        let text = &sql[span.clone()];
        if before.as_deref() == Some("password") {
            let quotes = text.len() - text.trim_start_matches(['E', 'e', '\'']).len();
            mask(span.start + quotes.max(1), span.end - 1);
        } else {
            passwords(text)
                .for_each(|secret| mask(span.start + secret.start(), span.start + secret.end()));
        }
    }
    String::from_utf8_lossy(&masked).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_of_connection_strings_are_taken_out() {
        for (shown, clean) in [
            (
                "to postgres://me:s3cret@h:1/d failed",
                "to postgres://me:***@h:1/d failed",
            ),
            ("postgres://me@h/d", "postgres://me@h/d"),
            (
                "host=h password=s3cret user=u",
                "host=h password=*** user=u",
            ),
            (
                "host=h PASSWORD = 'a b' user=u",
                "host=h PASSWORD = *** user=u",
            ),
            (
                "postgres:///d?password=x&user=y",
                "postgres:///d?password=***&user=y",
            ),
            ("postgres://u:a:b/c@h/d", "postgres://u:***@h/d"),
            ("postgres://:x@h/d", "postgres://:***@h/d"),
        ] {
            assert_eq!(text(shown), clean);
        }
    }

    #[test]
    fn the_connections_own_password_is_taken_out_everywhere() {
        let url = "postgres://me:p%40ss+1@h/d";
        assert_eq!(
            text_of_connection("raw p%40ss+1, meant p@ss+1.", url),
            "raw ***, meant ***."
        );
        assert_eq!(text_of_connection("h me d", "postgres://me@h/d"), "h me d");
        assert_eq!(
            text_of_connection("x hunter2", "host=h password=hunter2"),
            "x ***"
        );
    }

    #[test]
    fn passwords_in_sql_become_stars_of_the_same_length() {
        let written = "CREATE ROLE a PASSWORD 'gehèim'; SELECT 'password';\n\
            CREATE USER MAPPING FOR a SERVER s OPTIONS (user 'u', password 'abc');\n\
            CREATE SUBSCRIPTION s CONNECTION 'host=h password=abc' PUBLICATION p;";
        let masked = sql(written);
        assert_eq!(
            masked,
            "CREATE ROLE a PASSWORD '*******'; SELECT 'password';\n\
            CREATE USER MAPPING FOR a SERVER s OPTIONS (user 'u', password '***');\n\
            CREATE SUBSCRIPTION s CONNECTION 'host=h password=***' PUBLICATION p;"
        );
        assert_eq!(masked.len(), written.len());
    }
}
