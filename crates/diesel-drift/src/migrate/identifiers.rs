//! What a statement is made of: its identifiers, its items, its bodies.

use super::statements::{Placed, creates_routine, leading_words, significant_tokens};
use squawk_lexer::{LiteralKind, TokenKind};
use std::ops::Range;

/// The identifiers of a statement as PostgreSQL stores them: in lower case, or as they are quoted.
pub(crate) fn identifiers(statement: &str) -> impl Iterator<Item = String> + '_ {
    significant_tokens(statement).filter_map(|placed| {
        let text = &statement[placed.span];
        match placed.token.kind {
            TokenKind::Ident => Some(text.to_lowercase()),
            TokenKind::QuotedIdent { .. } => {
                let inner = text.strip_prefix('"').unwrap_or(text);
                Some(
                    inner
                        .strip_suffix('"')
                        .unwrap_or(inner)
                        .replace("\"\"", "\""),
                )
            }
            _ => None,
        }
    })
}

/// An identifier where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Identifier {
    /// As PostgreSQL stores it.
    pub(crate) name: String,
    /// What stands before it and a dot, likewise.
    pub(crate) qualifier: Option<String>,
    /// Whether it is what a foreign key points to: `REFERENCES` stands before it, or before the table whose column it is.
    pub(crate) referenced: bool,
    /// In bytes of the script.
    pub(crate) place: Range<usize>,
}

/// The identifiers of a statement of a script, keywords among them.
pub(crate) fn identifiers_in_place(sql: &str, statement: &Range<usize>) -> Vec<Identifier> {
    let mut all: Vec<Identifier> = Vec::new();
    // Whether the last token was an identifier, and whether it was a dot behind one.
    let (mut adjacent, mut dotted) = (false, false);
    // Whether this is in the parentheses behind what a foreign key points to.
    let mut pointed = false;
    for Placed { token, span } in significant_tokens(&sql[statement.clone()]) {
        let place = statement.start + span.start..statement.start + span.end;
        let is_name = matches!(token.kind, TokenKind::Ident | TokenKind::QuotedIdent { .. });
        match identifiers(&sql[place.clone()]).next().filter(|_| is_name) {
            Some(name) => {
                let before = all.last();
                let qualifier = before.filter(|_| dotted);
                let referenced = match qualifier {
                    Some(qualifier) => qualifier.referenced,
                    None => pointed || before.is_some_and(|it| adjacent && it.name == "references"),
                };
                let qualifier = qualifier.map(|it| it.name.clone());
                all.push(Identifier {
                    name,
                    qualifier,
                    referenced,
                    place,
                });
                (adjacent, dotted) = (true, false);
            }
            None => {
                dotted = adjacent && token.kind == TokenKind::Dot;
                pointed = match token.kind {
                    TokenKind::OpenParen => adjacent && all.last().is_some_and(|it| it.referenced),
                    TokenKind::Comma => pointed,
                    _ => false,
                };
                adjacent = false;
            }
        }
    }
    all
}

/// The bodies that a statement hands over as a text between dollars to be run: of a DO, and of a function or procedure. In bytes of the statement,
/// without their quotes.
pub(crate) fn bodies(statement: &str) -> Vec<Range<usize>> {
    let words = leading_words(statement, 4);
    if words.first().is_none_or(|word| word != "do") && !creates_routine(&words) {
        return Vec::new();
    }
    let quoted = significant_tokens(statement).filter(|placed| {
        matches!(
            placed.token.kind,
            TokenKind::Literal {
                kind: LiteralKind::DollarQuotedString { terminated: true }
            }
        )
    });
    let inner = |placed: Placed| {
        let Range { start, end } = placed.span;
        let tag = statement[start + 1..].find('$')? + 2;
        Some(start + tag..end - tag)
    };
    quoted.filter_map(inner).collect()
}

/// Where the items of a statement begin and end, each without the commas around it: of the list in the first parentheses of a CREATE, with what
/// stands before and behind it as items of their own; of what stands outside of all parentheses for any other. In bytes of the script.
pub(crate) fn items(sql: &str, statement: &Range<usize>) -> Vec<Range<usize>> {
    let text = &sql[statement.clone()];
    let creates = leading_words(text, 1)
        .first()
        .is_some_and(|word| word == "create");
    let parting = usize::from(creates);
    let mut depth = 0_usize;
    let mut items: Vec<Option<Range<usize>>> = vec![None];
    for Placed { token, span } in significant_tokens(text) {
        let place = statement.start + span.start..statement.start + span.end;
        let is_list = |depth: usize| creates && depth == 0;
        match token.kind {
            TokenKind::OpenParen | TokenKind::CloseParen => {
                let opens = token.kind == TokenKind::OpenParen;
                depth = match opens {
                    true => depth + 1,
                    false => depth.saturating_sub(1),
                };
                if is_list(depth - usize::from(opens)) {
                    items.push(None);
                    continue;
                }
            }
            TokenKind::Comma if depth == parting => {
                items.push(None);
                continue;
            }
            _ => {}
        }
        if let Some(item) = items.last_mut() {
            let start = item.as_ref().map_or(place.start, |item| item.start);
            *item = Some(start..place.end);
        }
    }
    items.into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::super::statements::split;
    use super::*;

    #[test]
    fn identifiers_say_what_they_are_part_of() {
        let sql = "; ALTER TABLE app.\"Po\"\"sts\" ADD a int REFERENCES public.Users (id)";
        let statement = split(sql).remove(0);
        let shown: Vec<String> = identifiers_in_place(sql, &statement)
            .iter()
            .map(|it| {
                let qualifier = it.qualifier.as_deref().unwrap_or_default();
                let mark = if it.referenced { "!" } else { "" };
                assert!(sql[it.place.clone()].len() >= it.name.len());
                format!("{qualifier}>{}{mark}", it.name)
            })
            .collect();
        assert_eq!(
            shown.join(" "),
            ">alter >table >app app>Po\"sts >add >a >int >references >public! public>users! >id!"
        );
    }

    #[test]
    fn items_are_those_of_the_list_that_a_statement_is() {
        for (sql, told) in [
            (
                "CREATE TABLE a (b numeric(1, 2), -- x\n c int CHECK (c > 0)) PARTITION BY RANGE (b);",
                "CREATE TABLE a|b numeric(1, 2)|c int CHECK (c > 0)|PARTITION BY RANGE|b",
            ),
            (
                "ALTER TABLE a ADD FOREIGN KEY (b, c) REFERENCES d (e, f), DROP g;",
                "ALTER TABLE a ADD FOREIGN KEY (b, c) REFERENCES d (e, f)|DROP g",
            ),
            (
                "COMMENT ON TABLE a IS 'b, c'",
                "COMMENT ON TABLE a IS 'b, c'",
            ),
        ] {
            let statement = split(sql).remove(0);
            let items: Vec<&str> = (items(sql, &statement).into_iter())
                .map(|item| &sql[item])
                .collect();
            assert_eq!(items.join("|"), told);
        }
    }

    #[test]
    fn bodies_are_those_of_routines() {
        for (sql, told) in [
            ("DO $a$ BEGIN END $a$", " BEGIN END "),
            (
                "CREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE sql AS $$ 1 $$",
                " 1 ",
            ),
            ("INSERT INTO a VALUES ($$ x $$)", ""),
            ("CREATE TABLE a (b text DEFAULT $$ x $$)", ""),
        ] {
            let bodies: Vec<&str> = bodies(sql).into_iter().map(|body| &sql[body]).collect();
            assert_eq!(bodies.join("|"), told, "{sql}");
        }
    }
}
