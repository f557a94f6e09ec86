//! Whether a script is SQL, by squawk's grammar: pure Rust, and fit for the lexer that is used elsewhere (PostgreSQL's own, `pg_query`, needs a C
//! compiler and libclang).
//!
//! Only what its parser refuses counts. What squawk says beyond that is about meaning, of which PostgreSQL may think otherwise. And the parser
//! takes some words for keywords where PostgreSQL takes them for names (`exclude int` in a table, `WITH values AS`): a statement that it
//! accepts once such a word is another one is not refused.

use super::statements::{creates_routine, leading_words, split, tokens};
use squawk_lexer::{LiteralKind, TokenKind, tokenize};
use squawk_parser::{EntryPoint, LexedStr, StrStep, SyntaxKind, is_reserved_keyword};
use std::ops::Range;
use std::panic::catch_unwind;
use std::thread;

/// Where a script stops being SQL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SyntaxError {
    /// In bytes.
    pub range: Range<usize>,
    /// What is wrong there; a sentence without its end.
    pub message: String,
}

/// The parser calls itself for what is nested. That many tokens in one open list, at about 2 kB each and ten times that without
/// optimisation, fit into the stack; a script beyond it is not parsed.
pub(super) const DEEPEST: usize = 5_000;
const STACK: usize = 256 << 20;

/// The first syntax error of each script; none where it has none, and where it could not be told.
pub(crate) fn parse_all(scripts: &[&str]) -> Vec<Option<SyntaxError>> {
    let parse_each = || scripts.iter().map(|script| parse(script)).collect();
    apart(parse_each).unwrap_or_else(|| vec![None; scripts.len()])
}

/// Parses in a thread with a stack for what is nested; none where there is no thread to be had.
pub(super) fn apart<T: Send>(parse: impl FnOnce() -> T + Send) -> Option<T> {
    thread::scope(|scope| {
        let parser = thread::Builder::new().stack_size(STACK);
        let parsed = parser.spawn_scoped(scope, parse).ok();
        parsed.and_then(|thread| thread.join().ok())
    })
}

fn parse(script: &str) -> Option<SyntaxError> {
    if depth(script, true) > DEEPEST {
        return None;
    }
    let known = as_known(script);
    let checks_bodies = !script.contains("check_function_bodies");
    // A mistake of the parser is none of the script's.
    let first = |script: &str, statement: Range<usize>| {
        let text = script.get(statement.clone())?;
        let error = catch_unwind(|| error_of(text)).ok()??;
        Some(error.behind(statement.start))
    };
    split(&known).into_iter().find_map(|statement| {
        first(&known, statement.clone()).or_else(|| {
            let text = known.get(statement.clone())?;
            let body = sql_body(text).filter(|_| checks_bodies)?;
            let within = text.get(body.clone())?;
            let error = split(within)
                .into_iter()
                .find_map(|inner| first(within, inner))?;
            Some(error.behind(statement.start + body.start))
        })
    })
}

impl SyntaxError {
    fn behind(self, offset: usize) -> Self {
        Self {
            range: self.range.start + offset..self.range.end + offset,
            ..self
        }
    }
}

/// Where the grammar refuses a statement, whatever its words that may be names are taken for.
fn error_of(statement: &str) -> Option<SyntaxError> {
    let mut refused = refusal(statement)?;
    if is_doubtful(statement) {
        return None;
    }
    // Each round takes words for names, as far as that leads further.
    let mut read = statement.to_owned();
    while let Some((further, next)) = as_names(&read, refused.at) {
        read = further;
        refused = next?;
    }
    Some(refused.told(statement))
}

/// Whether a statement is one of those of which squawk 2.68 does not know every form: the options of COPY, which no migration can run but on
/// files of the server, and two that are seldom written.
fn is_doubtful(statement: &str) -> bool {
    let words = leading_words(statement, 3);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    matches!(
        words.as_slice(),
        ["copy", ..] | ["alter", "statistics", ..] | ["alter", "user", "mapping"]
    )
}

/// What the grammar refuses.
#[derive(Clone, Copy)]
struct Refusal {
    at: usize,
    /// Whether a statement is complete before it.
    is_next: bool,
}

/// The first place in a statement that the grammar refuses.
fn refusal(statement: &str) -> Option<Refusal> {
    let lexed = LexedStr::new(statement);
    let parsed = EntryPoint::SourceFile.parse(&lexed.to_input());
    let mut first = lexed.errors().map(|(range, _)| range.start as usize).min();
    let mut second = None;
    let (mut depth, mut place, mut statements) = (0, 0, 0);
    lexed.intersperse_trivia(&parsed, &mut |step| match step {
        StrStep::Token { text, .. } => place += text.len(),
        StrStep::Enter { kind } => {
            if depth == 1 && kind != SyntaxKind::ERROR {
                statements += 1;
                if statements == 2 {
                    second = Some(place);
                }
            }
            depth += 1;
        }
        StrStep::Exit => depth -= 1,
        StrStep::Error { pos, .. } => {
            first = Some(first.map_or(pos, |first| first.min(pos)));
        }
    });
    match (first, second) {
        (Some(at), Some(second)) if at < second => Some(Refusal { at, is_next: false }),
        (_, Some(at)) => Some(Refusal { at, is_next: true }),
        (Some(at), None) => Some(Refusal { at, is_next: false }),
        (None, None) => None,
    }
}

/// How many words before a place that is refused may be the cause.
const BEFORE: usize = 3;

/// A statement with words around a place taken for names, where the grammar gets further then, and what it refuses there.
fn as_names(statement: &str, at: usize) -> Option<(String, Option<Refusal>)> {
    let lexed = LexedStr::new(statement);
    let parsed = EntryPoint::SourceFile.parse(&lexed.to_input());
    let mut end = 0;
    let mut words: Vec<(Range<usize>, SyntaxKind)> = Vec::new();
    lexed.intersperse_trivia(&parsed, &mut |step| {
        if let StrStep::Token { kind, text } = step {
            let start = end;
            end += text.len();
            if !kind.is_trivia() {
                words.push((start..end, kind));
            }
        }
    });
    let here = words.partition_point(|(range, _)| range.end <= at);
    let around = words.get(here.saturating_sub(BEFORE)..words.len().min(here + 2))?;
    let may_be_names: Vec<Range<usize>> = (around.iter())
        .filter(|(_, kind)| kind.is_keyword() && !is_reserved_keyword(*kind))
        .map(|(range, _)| range.clone())
        .collect();
    let each = may_be_names.iter().map(std::slice::from_ref);
    each.chain([may_be_names.as_slice()]).find_map(|words| {
        let mut attempt = statement.to_owned();
        for word in words {
            attempt.replace_range(word.clone(), &"q".repeat(word.len()));
        }
        let next = refusal(&attempt);
        next.is_none_or(|next| next.at > at)
            .then_some((attempt, next))
    })
}

impl Refusal {
    fn told(self, statement: &str) -> SyntaxError {
        let rest = statement.get(self.at..).unwrap_or_default();
        let start = self.at + (rest.len() - rest.trim_start().len());
        let token = tokenize(rest.trim_start()).next();
        let end = start + token.map_or(0, |token| token.len as usize);
        let text = statement.get(start..end).unwrap_or_default();
        let begins = leading_words(statement, 2).join(" ").to_uppercase();
        let message = match text.lines().next().map(shortened) {
            None => "the statement ends before it is complete".to_owned(),
            Some(text) if text == "`" => {
                "backticks quote nothing in PostgreSQL: a name is quoted by `\"`".to_owned()
            }
            Some(text) if self.is_next => {
                format!("`{text}` cannot follow what stands before it: is a `;` missing?")
            }
            Some(_) if start == 0 => format!("no statement begins with `{begins}`"),
            Some(text) => format!("`{text}` cannot stand here"),
        };
        SyntaxError {
            range: start..end,
            message,
        }
    }
}

/// So much of a token is shown.
const SHOWN: usize = 40;

fn shortened(text: &str) -> String {
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// The body of a function or procedure in SQL that is quoted by dollars.
fn sql_body(statement: &str) -> Option<Range<usize>> {
    if !creates_routine(&leading_words(statement, 4)) {
        return None;
    }
    let tokens = tokens(statement);
    let is_sql = |pair: &[String]| {
        pair[0] == "language" && ["sql", "'sql'"].contains(&pair[1].to_lowercase().as_str())
    };
    if !tokens.windows(2).any(is_sql) {
        return None;
    }
    let mut end = 0;
    let quoted = tokenize(statement).find_map(|token| {
        let start = end;
        end += token.len as usize;
        let is_quoted = matches!(
            token.kind,
            TokenKind::Literal {
                kind: LiteralKind::DollarQuotedString { terminated: true }
            }
        );
        is_quoted.then_some(start..end)
    })?;
    let tag = statement.get(quoted.start + 1..quoted.end)?.find('$')? + 2;
    Some(quoted.start + tag..quoted.end - tag)
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
pub(super) fn depth(script: &str, in_bodies: bool) -> usize {
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
    fn what_is_no_sql_is_told_with_its_place_and_in_words() {
        for (sql, told) in [
            (
                "SELECT 1;\nCREATE TABLE a (id int)\nDROP TABLE b;",
                "34: `DROP` cannot follow what stands before it: is a `;` missing?",
            ),
            (
                "DROP TABLE a\nDROP TABLE b;",
                "13: `DROP` cannot stand here",
            ),
            (
                "ALTER TABLE t ADD COLUMN;",
                "24: the statement ends before it is complete",
            ),
            (
                "CREATE TABLE `t` (id int);",
                "13: backticks quote nothing in PostgreSQL: a name is quoted by `\"`",
            ),
            (
                "CREATE TABLE t (id int, name text,);",
                "33: `,` cannot stand here",
            ),
            (
                "CREATE TABEL t (id int);",
                "0: no statement begins with `CREATE TABEL`",
            ),
            (
                "CREATE TABLE t (id int",
                "22: the statement ends before it is complete",
            ),
            ("INSERT INTO t VALUE (1);", "14: `VALUE` cannot stand here"),
            (
                "CREATE TABLE user (id int);",
                "13: `user` cannot stand here",
            ),
            (
                "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $a$ SELEC 1 $a$;",
                "52: no statement begins with `SELEC`",
            ),
        ] {
            assert_eq!(error(sql).as_deref(), Some(told), "{sql}");
        }
        for sql in ["", "CREATE TABLE t (id int);\nDROP TABLE t;\n"] {
            assert_eq!(error(sql), None, "{sql}");
        }
    }

    /// Each was tried on PostgreSQL 15, whose grammar takes it, and each is refused by squawk 2.68.
    #[test]
    fn what_postgresql_accepts_is_not_told() {
        for sql in [
            "CREATE TABLE t (exclude int)",
            "ALTER TABLE t ADD exclude int, ADD exclude text",
            "WITH values AS (SELECT 1) SELECT 1",
            "WITH a AS (SELECT 1), insert AS (SELECT 1) SELECT 1",
            "SELECT 1 like",
            "SELECT 1 FROM t GROUP BY cube",
            "CREATE TABLE t (a int, EXCLUDE USING gist (time WITH =))",
            "CREATE FUNCTION f() RETURNS TABLE (left int) LANGUAGE sql AS 'SELECT 1'",
            "CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql IMMUTABLE VOLATILE AS ''",
            "CREATE PROCEDURE p(a VARIADIC int[], b OUT int) LANGUAGE sql AS $$ SELECT a[1] $$",
            "DO LANGUAGE 'plpgsql' $$ BEGIN END $$",
            "ALTER USER MAPPING FOR user SERVER s OPTIONS (a 'b')",
            "ALTER STATISTICS IF EXISTS s SET STATISTICS 0",
            "CREATE FOREIGN TABLE f (a int) SERVER s OPTIONS (add 'x')",
            "SET check_function_bodies = false; CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$ no sql $$",
        ] {
            assert_eq!(error(sql), None, "{sql}");
        }
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
