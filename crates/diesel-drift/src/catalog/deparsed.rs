//! Texts that PostgreSQL deparses, in the words that they have after a dump and a restore.
//!
//! What is parsed anew is not always stored as it was: `status IN ('a', 'b')` on a `varchar` casts an array at first, and
//! each of its elements ever after; the parser melts an `AND` into the one that it begins, and `BETWEEN` is none for it at first.
//! Both mean the same, and a database that was restored is no other than the one that was dumped.

use serde_json::Value;

/// Fields whose texts, however deep, are deparsed.
pub(super) const DEPARSED: [&str; 13] = [
    "check",
    "columns",
    "default",
    "definition",
    "expression",
    "expressions",
    "filter",
    "generated",
    "partition_key",
    "predicate",
    "sql_body",
    "using",
    "when",
];

/// The value of a field as it is after a restore.
pub(super) fn restored(field: &str, value: Value) -> Value {
    let deparsed = DEPARSED.contains(&field);
    match value {
        Value::String(text) if deparsed => Value::String(settled(text)),
        Value::Array(entries) => entries
            .into_iter()
            .map(|entry| restored(field, entry))
            .collect(),
        Value::Object(facts) => facts
            .into_iter()
            .map(|(name, value)| {
                let value = restored(if deparsed { field } else { &name }, value);
                (name, value)
            })
            .collect(),
        other => other,
    }
}

/// A deparsed text as it is after a restore; one whose brackets do not match as it is.
fn settled(text: String) -> String {
    let concerned = text.contains("(ARRAY[") || text.contains("((");
    match concerned.then(|| pieces(&text)).flatten() {
        Some(pieces) => written(&settle(pieces)),
        None => text,
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    /// Outside of quotes and brackets.
    Words(String),
    /// A string or a quoted name, with its quotes.
    Quoted(String),
    /// What is in parentheses.
    Group(Vec<Piece>),
    /// What is in square brackets.
    Items(Vec<Piece>),
}

/// A quote inside of quotes is doubled, and so ends one piece and begins another.
fn pieces(text: &str) -> Option<Vec<Piece>> {
    let mut open: Vec<(char, Vec<Piece>)> = Vec::new();
    let mut current = Vec::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let length = match c {
            '\'' | '"' => rest[1..].find(c)? + 2,
            '(' | '[' | ')' | ']' => 1,
            _ => (rest.find(['\'', '"', '(', '[', ')', ']'])).unwrap_or(rest.len()),
        };
        let (piece, after) = rest.split_at(length);
        rest = after;
        match c {
            '\'' | '"' => current.push(Piece::Quoted(piece.to_owned())),
            '(' | '[' => open.push((c, std::mem::take(&mut current))),
            ')' | ']' => {
                let (opened, outer) = open.pop()?;
                let inner = std::mem::replace(&mut current, outer);
                current.push(match (opened, c) {
                    ('(', ')') => Piece::Group(inner),
                    ('[', ']') => Piece::Items(inner),
                    _ => return None,
                });
            }
            _ => current.push(Piece::Words(piece.to_owned())),
        }
    }
    open.is_empty().then_some(current)
}

fn written(pieces: &[Piece]) -> String {
    let text = |piece: &Piece| match piece {
        Piece::Words(text) | Piece::Quoted(text) => text.clone(),
        Piece::Group(inner) => format!("({})", written(inner)),
        Piece::Items(inner) => format!("[{}]", written(inner)),
    };
    pieces.iter().map(text).collect()
}

fn settle(pieces: Vec<Piece>) -> Vec<Piece> {
    let within = |piece: Piece| match piece {
        Piece::Group(inner) => Piece::Group(settle(inner)),
        Piece::Items(inner) => Piece::Items(settle(inner)),
        text => text,
    };
    let pieces: Vec<_> = pieces.into_iter().map(within).collect();
    let mut settled = Vec::with_capacity(pieces.len());
    let mut rest = pieces.as_slice();
    while let Some((first, after)) = rest.split_first() {
        match cast_array(first, after) {
            Some((cast, after)) => {
                settled.extend(cast);
                rest = after;
            }
            None => {
                settled.push(first.clone());
                rest = after;
            }
        }
    }
    melted(settled)
}

/// `(ARRAY[a, b])::t[]`, which begins with `first`, as `ARRAY[(a)::t, (b)::t]`, and what comes after it.
fn cast_array<'a>(first: &Piece, after: &'a [Piece]) -> Option<(Vec<Piece>, &'a [Piece])> {
    let Piece::Group(array) = first else {
        return None;
    };
    let items = array_items(array)?;
    let is_text = |piece: &Piece| matches!(piece, Piece::Words(_) | Piece::Quoted(_));
    let (cast, after) = after.split_at(after.iter().position(|piece| !is_text(piece))?);
    let (brackets, after) = after.split_first()?;
    let of_a_type = |piece: &Piece| match piece {
        Piece::Words(words) => {
            let may_be = |c: char| c.is_alphanumeric() || matches!(c, ':' | '.' | '_' | ' ');
            words.chars().all(may_be)
        }
        _ => true,
    };
    let begins = matches!(cast.first(), Some(Piece::Words(words)) if words.starts_with("::"));
    let casts = begins && cast.iter().all(of_a_type) && brackets == &Piece::Items(Vec::new());
    casts.then(|| (cast_items(items, cast), after))
}

/// The items of `ARRAY[…]`.
fn array_items(pieces: &[Piece]) -> Option<&[Piece]> {
    match pieces {
        [Piece::Words(word), Piece::Items(items)] if word == "ARRAY" => Some(items),
        _ => None,
    }
}

/// `ARRAY[…]` with each of its items cast.
fn cast_items(items: &[Piece], cast: &[Piece]) -> Vec<Piece> {
    let cast_item = |item: Vec<Piece>| match array_items(&item) {
        Some(inner) => cast_items(inner, cast),
        None => [&[Piece::Group(item)], cast].concat(),
    };
    let items: Vec<_> = listed(items).into_iter().map(cast_item).collect();
    let comma = [Piece::Words(", ".to_owned())];
    vec![
        Piece::Words("ARRAY".to_owned()),
        Piece::Items(items.join(&comma[..])),
    ]
}

/// The entries of a list with commas.
fn listed(pieces: &[Piece]) -> Vec<Vec<Piece>> {
    let mut entries = vec![Vec::new()];
    for piece in pieces {
        let Piece::Words(words) = piece else {
            entries
                .last_mut()
                .into_iter()
                .for_each(|entry| entry.push(piece.clone()));
            continue;
        };
        for (place, words) in words.split(", ").enumerate() {
            if place > 0 {
                entries.push(Vec::new());
            }
            if let (Some(entry), false) = (entries.last_mut(), words.is_empty()) {
                entry.push(Piece::Words(words.to_owned()));
            }
        }
    }
    entries
}

/// `(a AND b) AND c` as `a AND b AND c`, and `OR` likewise: only at the beginning, as the parser does it.
fn melted(pieces: Vec<Piece>) -> Vec<Piece> {
    let melts = match &pieces[..] {
        [Piece::Group(inner), Piece::Words(words), ..] => [" AND ", " OR "].iter().any(|word| {
            let joined =
                |piece: &Piece| matches!(piece, Piece::Words(words) if words.contains(word));
            words.starts_with(word) && inner.iter().any(joined)
        }),
        _ => false,
    };
    let mut pieces = pieces.into_iter();
    match pieces.next() {
        Some(Piece::Group(inner)) if melts => inner.into_iter().chain(pieces).collect(),
        first => first.into_iter().chain(pieces).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::{restored, settled};
    use serde_json::json;

    #[track_caller]
    fn becomes(text: &str, expected: &str) {
        assert_eq!(settled(text.to_owned()), expected);
        assert_eq!(settled(expected.to_owned()), expected);
    }

    #[test]
    fn the_items_of_an_array_are_cast() {
        becomes(
            "((a)::text = ANY ((ARRAY['x, ('::character varying, 'it''s'::character varying])::text[]))",
            "((a)::text = ANY (ARRAY[('x, ('::character varying)::text, ('it''s'::character varying)::text]))",
        );
        becomes(
            "f((ARRAY[b, g(1, 2)])::public.\"T x\"[], (ARRAY[ARRAY[1], ARRAY[2]])::bigint[])",
            "f(ARRAY[(b)::public.\"T x\", (g(1, 2))::public.\"T x\"], ARRAY[ARRAY[(1)::bigint], ARRAY[(2)::bigint]])",
        );
    }

    #[test]
    fn the_first_of_a_chain_melts_into_it() {
        becomes(
            "(((a >= 1) AND (a <= 2)) AND (b = 1))",
            "((a >= 1) AND (a <= 2) AND (b = 1))",
        );
        becomes(
            "((((a < 1) OR (a > 2)) OR c) OR (d AND e))",
            "((a < 1) OR (a > 2) OR c OR (d AND e))",
        );
    }

    #[test]
    fn everything_else_stays() {
        for text in [
            "(((a OR b) AND c) OR d)",
            "(a AND ((b >= 1) AND (b <= 2)))",
            "((x = ' AND ') AND (y = ') OR ('))",
            "(ARRAY[1, 2])[1]",
            "((ARRAY[1, 2])::text = b[1])",
            "(f(\"(ARRAY[\") > 1",
            "]((",
        ] {
            becomes(text, text);
        }
    }

    #[test]
    fn only_what_is_deparsed_is_rewritten() {
        let text = "((a AND b) AND c)";
        let facts =
            json!({ "body": text, "index": { "predicate": text, "columns": [{ "term": text }] } });
        let settled = "(a AND b AND c)";
        assert_eq!(
            restored("facts", facts),
            json!({ "body": text, "index": { "predicate": settled, "columns": [{ "term": settled }] } })
        );
    }
}
