//! Where in its file a migration failed.

use std::ops::Range;

use super::{redact, statements};

/// The statement that failed, in its file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The line that PostgreSQL points at, or else the first one of the statement, counted from 1.
    pub line: usize,
    /// The column that PostgreSQL points at, in characters, counted from 1. None if it points at the whole statement.
    pub column: Option<usize>,
    /// The statement, without leading comments; its passwords are stars.
    pub statement: String,
    /// The line in which the statement begins, counted from 1.
    pub statement_line: usize,
    /// What PostgreSQL points at, or else the statement's first line: bytes of `statement`.
    pub mark: Range<usize>,
}

/// Lines of a statement that are shown before and after the one that is marked.
const LINES_BEFORE: usize = 3;
const LINES_AFTER: usize = 3;

impl Place {
    /// The place of a statement that PostgreSQL points into.
    pub(super) fn pointed_at(sql: &str, spans: &[Range<usize>], byte: usize) -> Option<Self> {
        let token = statements::token_at(sql, byte)?;
        let statement = spans
            .iter()
            .find(|span| span.contains(&token.start))
            // A stray `;`: no statement holds it.
            .unwrap_or(&token);
        // A position inside of a token is one in the body of a function: the line is that of the position.
        let start = byte.clamp(token.start, token.end - 1);
        let start = if sql.is_char_boundary(start) {
            start
        } else {
            token.start
        };
        let end = sql[start..token.end]
            .find('\n')
            .map_or(token.end, |end| start + end);
        Some(Self {
            line: statements::line_of(sql, start),
            column: Some(statements::column_of(sql, start)),
            statement_line: statements::line_of(sql, statement.start),
            mark: start - statement.start..end - statement.start,
            statement: redact::sql(&sql[statement.clone()]),
        })
    }

    /// The place of a statement that failed while it ran; `context` is PostgreSQL's.
    pub(super) fn of_statement(sql: &str, statement: &Range<usize>, context: Option<&str>) -> Self {
        Self::in_block(sql, statement, context).unwrap_or_else(|| Self::whole(sql, statement))
    }

    fn whole(sql: &str, statement: &Range<usize>) -> Self {
        let text = &sql[statement.clone()];
        let line = statements::line_of(sql, statement.start);
        Self {
            line,
            column: None,
            statement_line: line,
            mark: 0..text
                .lines()
                .next()
                .map_or(0, |first| first.trim_end().len()),
            statement: redact::sql(text),
        }
    }

    /// The line in the body of a `DO` that PL/pgSQL's context names.
    fn in_block(sql: &str, statement: &Range<usize>, context: Option<&str>) -> Option<Self> {
        let outermost = context?.lines().last()?;
        let (line, _) = outermost
            .strip_prefix("PL/pgSQL function inline_code_block line ")?
            .split_once(" at ")?;
        let line: usize = line.parse().ok()?;
        let text = &sql[statement.clone()];
        let body = statements::body_of_do(text)?;
        // The body's first line is the one of its opening quote.
        let mut start = body;
        for _ in 1..line {
            start += text[start..].find('\n')? + 1;
        }
        let code = text[start..].lines().next()?;
        let indented = code.len() - code.trim_start().len();
        Some(Self {
            line: statements::line_of(sql, statement.start + start),
            column: None,
            statement_line: statements::line_of(sql, statement.start),
            mark: start + indented..start + code.trim_end().len(),
            statement: redact::sql(text),
        })
    }

    /// The part of the statement around its mark: its first line in the file, its text, and the mark in it.
    pub(super) fn excerpt(&self) -> (usize, &str, Range<usize>) {
        let text = self.statement.as_str();
        let marked = text[..self.mark.start].matches('\n').count();
        let first = marked.saturating_sub(LINES_BEFORE);
        let mut starts: Vec<usize> = std::iter::once(0)
            .chain(text.match_indices('\n').map(|(end, _)| end + 1))
            .collect();
        starts.push(text.len());
        let start = starts[first];
        let end = starts[(marked + LINES_AFTER + 1).min(starts.len() - 1)];
        let mark = self.mark.start - start..self.mark.end.min(end) - start;
        (self.statement_line + first, &text[start..end], mark)
    }
}
