//! Passwords taken out of text that is about to be shown.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use crate::provision::ServerUrl;

use super::statements::strings_with_word_before;

/// Each with three groups, of which the second is the password. (That they compile is what the tests below show.)
static PATTERNS: LazyLock<Vec<Regex>> = LazyLock::new(|| {
    [
        // scheme://user:PASSWORD@, up to the last `@`: a password may hold one that somebody forgot to encode
        r#"([A-Za-z][A-Za-z0-9+.-]*://[^\s/:@'"]*:)([^\s'"]*)(@)"#,
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
    text(&ServerUrl::from(database_url).redact(shown))
}

/// SQL whose passwords (`PASSWORD '…'`, and those of connection strings) are stars, byte for byte, so that every place
/// in it stays what it was.
pub(super) fn sql(sql: &str) -> String {
    let mut masked = sql.as_bytes().to_vec();
    let mut mask = |secret: Range<usize>| {
        let bytes = masked.get_mut(secret).into_iter().flatten();
        bytes
            .filter(|byte| **byte != b'\n')
            .for_each(|byte| *byte = b'*');
    };
    for (before, span) in strings_with_word_before(sql) {
        let text = &sql[span.clone()];
        let place = |range: Range<usize>| span.start + range.start..span.start + range.end;
        if before.as_deref() == Some("password") {
            mask(place(between_quotes(text)));
        } else {
            passwords(text).for_each(|secret| mask(place(secret.range())));
        }
    }
    String::from_utf8_lossy(&masked).into_owned()
}

/// What a literal says: `'…'`, `E'…'`, `$tag$…$tag$`; to its end if it is not closed.
fn between_quotes(literal: &str) -> Range<usize> {
    let opening = match literal.strip_prefix('$') {
        Some(rest) => rest.find('$').map_or(1, |tag| tag + 2),
        None => literal.find('\'').map_or(0, |quote| quote + 1),
    };
    let closing = if literal.starts_with('$') {
        &literal[..opening]
    } else {
        "'"
    };
    let said = &literal[opening..];
    opening..opening + said.strip_suffix(closing).unwrap_or(said).len()
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
            ("postgres://u:a@b/c@h/d", "postgres://u:***@h/d"),
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
        for (literal, said) in [
            ("E'eve'", "eve"),
            ("$a$x$a$", "x"),
            ("'ö", "ö"),
            ("$$ö", "ö"),
            ("''", ""),
        ] {
            assert_eq!(&literal[between_quotes(literal)], said);
        }
        assert_eq!(
            sql("ALTER ROLE a PASSWORD 'x\ny"),
            "ALTER ROLE a PASSWORD '*\n*"
        );
    }
}
