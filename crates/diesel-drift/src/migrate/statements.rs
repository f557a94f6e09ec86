//! Where the statements of an SQL script begin and end.

use std::ops::Range;

use squawk_lexer::{LiteralKind, Token, TokenKind, tokenize};

/// A token with its place in the script, in bytes. White space and comments are left out.
pub(super) struct Placed {
    pub(super) token: Token,
    pub(super) span: Range<usize>,
}

pub(super) fn significant_tokens(sql: &str) -> impl Iterator<Item = Placed> + '_ {
    let mut start = 0;
    tokenize(sql)
        .map(move |token| {
            let span = start..start + token.len as usize;
            start = span.end;
            Placed { token, span }
        })
        .filter(|placed| {
            !matches!(
                placed.token.kind,
                TokenKind::Whitespace | TokenKind::LineComment | TokenKind::BlockComment { .. }
            )
        })
}

/// The statements of a script, in bytes: from the first token to the last one before the `;`, so without leading
/// comments. Nothing is returned for an empty statement.
///
/// A `;` ends a statement where `psql` says so (`psqlscan.l`): outside of parentheses (`CREATE RULE … DO (…; …)`) and
/// of the `BEGIN ATOMIC … END` of a function or procedure.
pub(crate) fn split(sql: &str) -> Vec<Range<usize>> {
    let mut statements = Vec::new();
    let mut current: Option<Range<usize>> = None;
    let mut nesting = Nesting::default();
    for Placed { token, span } in significant_tokens(sql) {
        if token.kind == TokenKind::Semi && nesting.is_top_level() {
            statements.extend(current.take());
            nesting = Nesting::default();
        } else {
            nesting.see(token.kind, &sql[span.clone()]);
            current = Some(current.map_or(span.clone(), |statement| statement.start..span.end));
        }
    }
    statements.extend(current);
    statements
}

/// What keeps a `;` from ending a statement.
#[derive(Default)]
struct Nesting {
    parentheses: usize,
    blocks: usize,
    /// The first four words, in lower case: they say whether this creates a function or procedure.
    head: Vec<String>,
}

impl Nesting {
    fn is_top_level(&self) -> bool {
        self.parentheses == 0 && self.blocks == 0
    }

    fn see(&mut self, kind: TokenKind, text: &str) {
        match kind {
            TokenKind::OpenParen => self.parentheses += 1,
            TokenKind::CloseParen => self.parentheses = self.parentheses.saturating_sub(1),
            TokenKind::Ident => self.see_word(&text.to_ascii_lowercase()),
            _ => {}
        }
    }

    fn see_word(&mut self, word: &str) {
        if self.head.len() < 4 {
            self.head.push(word.to_owned());
        }
        if self.parentheses > 0 || !self.creates_routine() {
            return;
        }
        match word {
            "begin" => self.blocks += 1,
            // CASE … END inside of a body.
            "case" if self.blocks > 0 => self.blocks += 1,
            "end" => self.blocks = self.blocks.saturating_sub(1),
            _ => {}
        }
    }

    fn creates_routine(&self) -> bool {
        creates_routine(&self.head)
    }
}

/// Whether a statement that begins with these words makes a function or procedure; the first four tell.
pub(super) fn creates_routine(head: &[String]) -> bool {
    let head: Vec<&str> = head.iter().map(String::as_str).collect();
    matches!(
        head.as_slice(),
        ["create", "function" | "procedure", ..]
            | ["create", "or", "replace", "function" | "procedure"]
    )
}

/// The first words of a statement, in lower case.
pub(crate) fn leading_words(statement: &str, count: usize) -> Vec<String> {
    significant_tokens(statement)
        .take_while(|placed| placed.token.kind == TokenKind::Ident)
        .take(count)
        .map(|placed| statement[placed.span].to_ascii_lowercase())
        .collect()
}

/// The tokens of a statement, without white space and comments; words in lower case, everything else as it stands.
pub(crate) fn tokens(statement: &str) -> Vec<String> {
    significant_tokens(statement)
        .map(|placed| match placed.token.kind {
            TokenKind::Ident => statement[placed.span].to_ascii_lowercase(),
            _ => statement[placed.span].to_owned(),
        })
        .collect()
}

/// Whether a word stands anywhere in a statement, outside of strings and comments. `word` is in lower case.
pub(crate) fn has_word(statement: &str, word: &str) -> bool {
    significant_tokens(statement).any(|placed| {
        placed.token.kind == TokenKind::Ident && statement[placed.span].eq_ignore_ascii_case(word)
    })
}

/// The comments of a script, in bytes, with their marks.
pub(crate) fn comments(sql: &str) -> Vec<Range<usize>> {
    let mut start = 0;
    tokenize(sql)
        .filter_map(|token| {
            let place = start..start + token.len as usize;
            start = place.end;
            matches!(
                token.kind,
                TokenKind::LineComment | TokenKind::BlockComment { .. }
            )
            .then_some(place)
        })
        .collect()
}

/// A script with a blank for each of its comments.
pub(crate) fn uncommented(sql: &str) -> String {
    let mut text = sql.to_owned();
    for comment in comments(sql).into_iter().rev() {
        text.replace_range(comment, " ");
    }
    text
}

/// Where the dollar-quoted body of a `DO` begins, behind its opening quote.
pub(super) fn body_of_do(statement: &str) -> Option<usize> {
    if leading_words(statement, 1) != ["do"] {
        return None;
    }
    let quoted = significant_tokens(statement).find(|placed| {
        matches!(
            placed.token.kind,
            TokenKind::Literal {
                kind: LiteralKind::DollarQuotedString { terminated: true }
            }
        )
    })?;
    let tag = statement[quoted.span.start + 1..].find('$')?;
    Some(quoted.span.start + tag + 2)
}

/// The token at a byte; at or behind the end of the script's last token, that token.
pub(super) fn token_at(sql: &str, byte: usize) -> Option<Range<usize>> {
    let mut last = None;
    for placed in significant_tokens(sql) {
        if placed.span.end > byte {
            return Some(placed.span);
        }
        last = Some(placed.span);
    }
    last
}

/// String literals, in bytes with their quotes, each with the word that stands before it in lower case.
pub(super) fn strings_with_word_before(sql: &str) -> Vec<(Option<String>, Range<usize>)> {
    let mut strings = Vec::new();
    let mut before = None;
    for Placed { token, span } in significant_tokens(sql) {
        match token.kind {
            TokenKind::Literal { kind } if is_string(kind) => strings.push((before.take(), span)),
            TokenKind::Ident => before = Some(sql[span].to_ascii_lowercase()),
            _ => before = None,
        }
    }
    strings
}

fn is_string(kind: LiteralKind) -> bool {
    use LiteralKind::{DollarQuotedString, EscStr, NationalStr, Str, UnicodeEscStr};
    matches!(
        kind,
        Str { .. }
            | EscStr { .. }
            | NationalStr { .. }
            | UnicodeEscStr { .. }
            | DollarQuotedString { .. }
    )
}

/// The byte at which a character starts, counted from 1 as PostgreSQL's error position is (`PG_DIAG_STATEMENT_POSITION`).
pub(super) fn byte_of_position(sql: &str, position: usize) -> Option<usize> {
    let before = position.checked_sub(1)?;
    sql.char_indices()
        .map(|(byte, _)| byte)
        .chain([sql.len()])
        .nth(before)
}

/// The line that holds a byte, counted from 1.
pub(crate) fn line_of(text: &str, byte: usize) -> usize {
    1 + text.as_bytes()[..byte.min(text.len())]
        .iter()
        .filter(|&&c| c == b'\n')
        .count()
}

/// The column of a byte in its line, in characters, counted from 1. A byte order mark takes no column.
pub(crate) fn column_of(text: &str, byte: usize) -> usize {
    let before = text.get(..byte).unwrap_or(text);
    let line = before.rfind('\n').map_or(before, |end| &before[end + 1..]);
    1 + line.trim_start_matches(squawk_lexer::BOM).chars().count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(sql: &str) -> Vec<&str> {
        split(sql).into_iter().map(|span| &sql[span]).collect()
    }

    #[test]
    fn statements_end_at_semicolons_outside_of_everything() {
        assert_eq!(
            texts(
                "-- a; comment\nselect ';', \"a;b\", E'\\';' /* ; /* ; */ ; */;;\n select $$;$$, $a$ $$; $a$, $1 ;-- end;\n"
            ),
            [
                "select ';', \"a;b\", E'\\';'",
                "select $$;$$, $a$ $$; $a$, $1"
            ]
        );
        assert_eq!(texts("select 1"), ["select 1"]);
        assert_eq!(texts(" -- nothing\n /* at all */ ; "), Vec::<&str>::new());
    }

    #[test]
    fn comments_are_found_outside_of_strings() {
        let sql = "-- a\nselect '-- b', $$ -- c $$ /* d */; -- e";
        let found: Vec<&str> = comments(sql).into_iter().map(|place| &sql[place]).collect();
        assert_eq!(found, ["-- a", "/* d */", "-- e"]);
    }

    #[test]
    fn bodies_and_rules_are_one_statement() {
        let function = "create or replace function f(a int) returns int begin atomic select case when a > 0 then 1 end; select 2; end";
        let procedure = "CREATE PROCEDURE p() BEGIN ATOMIC INSERT INTO t VALUES (1); END";
        let rule = "create rule r as on insert to t do also (insert into u values (1); insert into u values (2))";
        let sql = format!("{function};\n{procedure};{rule}; begin; select 1; end;");
        assert_eq!(
            texts(&sql),
            [function, procedure, rule, "begin", "select 1", "end"]
        );
    }

    #[test]
    fn positions_count_characters_and_lines_count_newlines() {
        let sql = "\u{feff}-- größe\r\nselect 'ü', wrong;\r\n";
        let wrong = sql.find("wrong").unwrap();
        let position = sql[..wrong].chars().count() + 1;
        assert_eq!(byte_of_position(sql, position), Some(wrong));
        assert_eq!(token_at(sql, wrong), Some(wrong..wrong + 5));
        assert_eq!((line_of(sql, wrong), column_of(sql, wrong)), (2, 13));
        assert_eq!(column_of("\u{feff}select", 3), 1);
        assert_eq!(
            byte_of_position(sql, sql.chars().count() + 1),
            Some(sql.len())
        );
        assert_eq!(byte_of_position(sql, sql.chars().count() + 2), None);
        assert_eq!(byte_of_position(sql, 0), None);
        assert_eq!(body_of_do("DO LANGUAGE plpgsql $a$x$a$"), Some(23));
        assert_eq!(body_of_do("SELECT $$x$$"), None);
        assert_eq!(token_at("select (", 8), Some(7..8));
        assert_eq!(token_at("  ", 1), None);
    }
}
