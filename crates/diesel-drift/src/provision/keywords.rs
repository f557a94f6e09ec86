//! The second form of libpq's connection strings: `host=/tmp dbname='my db'`.

/// Reads the pairs as libpq does: blanks around `=`, quotes, backslashes.
pub(super) fn keywords(text: &str) -> Result<Vec<(String, String)>, &'static str> {
    let mut pairs = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let (key, after) = rest
            .split_once('=')
            .ok_or("it is neither a postgres:// URL nor keyword=value pairs")?;
        let key = key.trim_end();
        if key.is_empty() || !key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
            return Err("it is neither a postgres:// URL nor keyword=value pairs");
        }
        let (value, after) = value(after.trim_start())?;
        pairs.push((key.to_owned(), value));
        rest = after.trim_start();
    }
    if pairs.is_empty() {
        return Err("it is empty");
    }
    Ok(pairs)
}

fn value(text: &str) -> Result<(String, &str), &'static str> {
    let (quoted, body) = match text.strip_prefix('\'') {
        Some(body) => (true, body),
        None => (false, text),
    };
    let mut value = String::new();
    let mut chars = body.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '\\' => value.extend(chars.next().map(|(_, escaped)| escaped)),
            '\'' if quoted => return Ok((value, &body[at + 1..])),
            c if !quoted && c.is_ascii_whitespace() => return Ok((value, &body[at..])),
            c => value.push(c),
        }
    }
    if quoted {
        Err("a quoted value in it does not end")
    } else {
        Ok((value, ""))
    }
}

#[cfg(test)]
mod tests {
    use super::keywords;

    #[test]
    fn values_are_read_as_libpq_reads_them() {
        let pairs = keywords(r" host = '/a b' user=o\'x password='it\'s' dbname=").unwrap();
        let expected = [
            ("host", "/a b"),
            ("user", "o'x"),
            ("password", "it's"),
            ("dbname", ""),
        ];
        let expected = expected.map(|(key, value)| (key.to_owned(), value.to_owned()));
        assert_eq!(pairs, expected);
        for text in ["", "secret", "a b=secret", "host='secret", "='secret'"] {
            assert!(!keywords(text).unwrap_err().contains("secret"), "{text}");
        }
    }
}
