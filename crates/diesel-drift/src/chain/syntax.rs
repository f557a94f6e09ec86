//! Whether a script is SQL, by squawk's grammar: pure Rust, and fit for the lexer that is used elsewhere (PostgreSQL's own, `pg_query`, needs a C
//! compiler and libclang).

use squawk_lexer::{LiteralKind, TokenKind, tokenize};
use squawk_syntax::SourceFile;
use std::ops::Range;
use std::panic::catch_unwind;
use std::thread;

/// Where a script stops being SQL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SyntaxError {
    /// In bytes.
    pub range: Range<usize>,
    /// What the grammar expected, in words.
    pub message: String,
}

/// The parser calls itself for what is nested. That many tokens in one open list, at about 2 kB each and ten times that without
/// optimisation, fit into the stack; a script beyond it is not parsed.
const DEEPEST: usize = 5_000;
const STACK: usize = 256 << 20;

/// The first syntax error of each script; none where it has none, and where it could not be told.
pub(crate) fn parse_all(scripts: &[&str]) -> Vec<Option<SyntaxError>> {
    let parse_each = || scripts.iter().map(|script| parse(script)).collect();
    thread::scope(|scope| {
        let parser = thread::Builder::new().stack_size(STACK);
        let parsed = parser.spawn_scoped(scope, parse_each).ok();
        parsed.and_then(|thread| thread.join().ok())
    })
    .unwrap_or_else(|| vec![None; scripts.len()])
}

fn parse(script: &str) -> Option<SyntaxError> {
    if depth(script, true) > DEEPEST {
        return None;
    }
    let known = as_known(script);
    // A mistake of the parser is none of the script's.
    let errors = catch_unwind(|| SourceFile::parse(&known).errors()).ok()?;
    let first = errors.first()?;
    Some(SyntaxError {
        range: first.range().start().into()..first.range().end().into(),
        message: in_words(first.message()),
    })
}

/// `CREATE TRUSTED LANGUAGE` and `SET NAMES` are the statements that squawk 2.68 does not know among those of PostgreSQL's extensions, of our
/// own cases and of the projects that it was tried on: they are written otherwise, in as many bytes.
fn as_known(script: &str) -> String {
    let mut known = script.to_owned();
    let words: Vec<(Range<usize>, String)> = words(script);
    for pair in words.windows(2) {
        let [(place, first), (next, second)] = pair else {
            continue;
        };
        match (first.as_str(), second.as_str()) {
            ("trusted", "language" | "procedural") => {
                known.replace_range(place.clone(), &" ".repeat(place.len()));
            }
            ("set" | "local" | "session", "names") if is_value(&script[next.end..]) => {
                known.replace_range(next.clone(), "n =  ");
            }
            _ => {}
        }
    }
    known
}

/// Whether a text goes on as `SET NAMES` does, and not as an assignment to something of that name.
fn is_value(text: &str) -> bool {
    let rest = text.trim_start();
    rest.starts_with('\'')
        || rest
            .get(..7)
            .is_some_and(|word| word.eq_ignore_ascii_case("default"))
}

fn words(script: &str) -> Vec<(Range<usize>, String)> {
    let mut end = 0;
    tokenize(script)
        .filter_map(|token| {
            let start = end;
            end += token.len as usize;
            let word = script.get(start..end)?.to_ascii_lowercase();
            (token.kind == TokenKind::Ident).then_some((start..end, word))
        })
        .collect()
}

/// How many tokens stand in all lists that are open at one place, each counted from its last comma: no parser nests deeper.
/// `in_bodies`: and in those of functions.
fn depth(script: &str, in_bodies: bool) -> usize {
    let mut open: Vec<usize> = vec![0];
    let mut end = 0;
    let mut sum = 0;
    let mut deepest = 0;
    for token in tokenize(script) {
        let start = end;
        end += token.len as usize;
        match token.kind {
            TokenKind::Whitespace | TokenKind::LineComment | TokenKind::BlockComment { .. } => {
                continue;
            }
            TokenKind::OpenParen | TokenKind::OpenBracket => open.push(0),
            TokenKind::CloseParen | TokenKind::CloseBracket if open.len() > 1 => {
                sum -= open.pop().unwrap_or_default();
            }
            TokenKind::Comma | TokenKind::Semi => {
                if let Some(last) = open.last_mut() {
                    sum -= std::mem::take(last);
                }
            }
            TokenKind::Literal {
                kind: LiteralKind::DollarQuotedString { .. },
            } if in_bodies => {
                let body = script.get(start..end).unwrap_or_default();
                deepest = deepest.max(depth(body.trim_matches('$'), false));
            }
            _ => {}
        }
        if let Some(last) = open.last_mut() {
            *last += 1;
            sum += 1;
        }
        deepest = deepest.max(sum);
    }
    deepest
}

/// The grammar's names of tokens as they are written.
fn in_words(message: &str) -> String {
    let words = message.split(' ').map(|word| {
        let bare = word.trim_end_matches([',', '.', ':']);
        let rest = &word[bare.len()..];
        let shown = match bare {
            "L_PAREN" => "`(`",
            "R_PAREN" => "`)`",
            "L_CURLY" => "`{`",
            "R_CURLY" => "`}`",
            "COMMA" => "`,`",
            "SEMICOLON" => "`;`",
            "EQ" => "`=`",
            "BACKTICK" => "a backtick",
            "IDENT" => "a name",
            "STRING" => "a string",
            "EOF" => "the end of the file",
            other => other.trim_end_matches("_KW"),
        };
        format!("{shown}{rest}")
    });
    words.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(script: &str) -> Option<String> {
        let [error] = &parse_all(&[script])[..] else {
            panic!("one")
        };
        (error.as_ref()).map(|error| format!("{}: {}", error.range.start, error.message))
    }

    #[test]
    fn what_is_no_sql_is_told_with_its_place() {
        assert_eq!(error("CREATE TABLE t (id int);\nDROP TABLE t;\n"), None);
        assert_eq!(
            error("DROP TABLE a\nDROP TABLE b;"),
            Some("12: expected `,`".to_owned())
        );
        assert_eq!(error("ALTER TABLE t ADD COLUMN;").map(|_| ()), Some(()));
        assert_eq!(error("CREATE TABLE `t` (id int);").map(|_| ()), Some(()));
        assert_eq!(error(""), None);
    }

    #[test]
    fn a_trusted_language_is_known() {
        for sql in [
            "CREATE TRUSTED LANGUAGE l HANDLER h;",
            "create or replace trusted procedural language l handler h;",
        ] {
            assert_eq!(error(sql), None, "{sql}");
        }
    }

    #[test]
    fn set_names_is_known_and_what_is_called_names_stays_it() {
        for sql in [
            "SET NAMES 'UTF8';",
            "set local names default;",
            "SET SESSION NAMES\n'utf8';",
            "UPDATE t SET names = 'x';",
            "SET names TO x;",
        ] {
            assert_eq!(error(sql), None, "{sql}");
        }
    }

    #[test]
    fn what_is_nested_too_deeply_is_not_parsed_and_what_is_long_is() {
        let nested = format!("SELECT {}1{};", "(".repeat(100_000), ")".repeat(100_000));
        let chains = [
            "not ",
            "- ",
            "array[",
            "a = ",
            "'a' || ",
            "explain ",
            "case when true then ",
        ]
        .map(|link| format!("SELECT {}1;", link.repeat(100_000)));
        for script in chains.iter().chain([&nested]) {
            assert_eq!(error(script), None, "{}", &script[..20]);
        }
        let body = format!("DO $$BEGIN PERFORM {}1; END$$;", "- ".repeat(100_000));
        assert_eq!(error(&body), None);
        let rows: Vec<String> = (0..20_000).map(|row| format!("({row}, 'x')")).collect();
        let long = format!(
            "INSERT INTO t VALUES {};\nDROP TABLE a DROP TABLE b;",
            rows.join(", ")
        );
        assert!(depth(&long, true) < 50);
        assert!(error(&long).is_some());
        // As deep as is parsed.
        let deep = format!(
            "SELECT {}1{};",
            "(".repeat(DEEPEST - 10),
            ")".repeat(DEEPEST - 10)
        );
        assert_eq!(error(&deep), None);
        let deep = format!("SELECT {}1;", "not ".repeat(DEEPEST - 10));
        assert_eq!(error(&deep), None);
    }
}
