//! A source text, and places in it.

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use proc_macro2::{Delimiter, LexError, TokenStream, TokenTree};

use super::model::{DeclaredError, Span};

/// What is nested deeper than this is refused: `syn` recurses, and a stack that overflows cannot be caught.
pub(super) const MAX_WEIGHT: usize = 2_000;

/// A file's text, and what it takes to turn `proc_macro2`'s spans into places in it.
pub(super) struct Text {
    /// The path that spans carry.
    pub(super) path: PathBuf,
    /// The text as it is on disk.
    pub(super) text: Arc<str>,
    /// What Rust's lexer sees of it: not a byte order mark and a `#!` line at the front.
    code: Range<usize>,
    /// Byte offsets at which lines start.
    lines: Arc<[usize]>,
}

impl Text {
    /// Wraps a text.
    pub(super) fn new(path: PathBuf, text: impl Into<Arc<str>>) -> Self {
        let text = text.into();
        let mark = if text.starts_with('\u{feff}') { 3 } else { 0 };
        let hidden = mark + shebang(&text[mark..]);
        let lines = std::iter::once(0)
            .chain(text.match_indices('\n').map(|(at, _)| at + 1))
            .collect();
        Self {
            path,
            code: hidden..text.len(),
            text,
            lines,
        }
    }

    /// The same text, of which the lexer sees the bytes of `code` alone. Places are the same.
    pub(super) fn part(&self, code: Range<usize>) -> Self {
        Self {
            path: self.path.clone(),
            text: Arc::clone(&self.text),
            code,
            lines: Arc::clone(&self.lines),
        }
    }

    /// A text with a blank for every byte in `blanks`, which are in order, but for ends of lines. Offsets and lines are the same.
    pub(super) fn with_blanks(&self, blanks: &[Range<usize>]) -> Self {
        let mut text = String::with_capacity(self.text.len());
        for blank in blanks {
            text.push_str(self.text.get(text.len()..blank.start).unwrap_or_default());
            let bytes = self.text.as_bytes().get(blank.clone());
            let blank = |byte: &u8| if *byte == b'\n' { '\n' } else { ' ' };
            text.extend(bytes.unwrap_or_default().iter().map(blank));
        }
        text.push_str(self.text.get(text.len()..).unwrap_or_default());
        Self {
            text: text.into(),
            ..self.part(self.code.clone())
        }
    }

    /// The tokens of the text.
    pub(super) fn tokens(&self) -> Result<TokenStream, LexError> {
        self.text.get(self.code.clone()).unwrap_or_default().parse()
    }

    /// Reads a file. `path` is what spans carry.
    pub(super) fn open(file: &Path, path: PathBuf) -> Result<Self, DeclaredError> {
        match std::fs::read_to_string(file) {
            Ok(text) => Ok(Self::new(path, text)),
            Err(source) => Err(DeclaredError::Io { path, source }),
        }
    }

    /// Parses the text as a Rust file.
    pub(super) fn parse(&self) -> Result<syn::File, DeclaredError> {
        let tokens = self
            .tokens()
            .map_err(|e| self.not_rust(e.span(), "a token is malformed"))?;
        if weight(&tokens) > MAX_WEIGHT {
            let start = proc_macro2::Span::call_site();
            return Err(self.invalid(
                start,
                "an expression or type is nested too deeply; split it".to_owned(),
            ));
        }
        syn::parse2(tokens).map_err(|e| self.not_rust(e.span(), &e.to_string()))
    }

    fn not_rust(&self, span: proc_macro2::Span, why: &str) -> DeclaredError {
        self.invalid(
            span,
            format!("this is not valid Rust: {why}; make the file compile first"),
        )
    }

    /// An error at a place.
    pub(super) fn invalid(&self, span: proc_macro2::Span, message: String) -> DeclaredError {
        let Span {
            file: path,
            line,
            column,
            ..
        } = self.span(span);
        DeclaredError::Invalid {
            path,
            line,
            column,
            message,
        }
    }

    /// The place of a token.
    pub(super) fn span(&self, span: proc_macro2::Span) -> Span {
        self.between(span, span)
    }

    /// The place from one token to another.
    pub(super) fn between(&self, first: proc_macro2::Span, last: proc_macro2::Span) -> Span {
        let start = (first.byte_range().start + self.code.start).min(self.text.len());
        let end = (last.byte_range().end + self.code.start).clamp(start, self.text.len());
        let line = self.lines.partition_point(|at| *at <= start);
        let line_start = self.lines.get(line - 1).copied().unwrap_or_default();
        let before = self.text.get(line_start..start).unwrap_or_default();
        let mark = usize::from(before.starts_with('\u{feff}'));
        Span {
            file: self.path.clone(),
            start,
            end,
            line,
            column: before.chars().count() - mark + 1,
        }
    }

    /// The text at a place.
    pub(super) fn slice(&self, span: &Span) -> &str {
        self.text.get(span.start..span.end).unwrap_or_default()
    }
}

/// Length of a `#!` line without its end, by rustc's rule: `#![` begins an attribute.
fn shebang(text: &str) -> usize {
    if text.starts_with("#!") && !text[2..].trim_start().starts_with('[') {
        text.find('\n').unwrap_or(text.len())
    } else {
        0
    }
}

/// A bound on how deeply `syn` recurses in these tokens: what it takes in one go (`!!!x`, `A<B<C>>`, `a + b + c`), summed
/// over the brackets around it. Stops at [`MAX_WEIGHT`].
pub(super) fn weight(tokens: &TokenStream) -> usize {
    let mut pending = vec![(0, tokens.clone())];
    let mut heaviest = 0;
    while let Some((around, tokens)) = pending.pop() {
        let mut run = 0;
        let mut tokens = tokens.into_iter().peekable();
        while let Some(token) = tokens.next() {
            run += 1;
            heaviest = heaviest.max(around + run);
            if heaviest > MAX_WEIGHT {
                return heaviest;
            }
            match &token {
                TokenTree::Group(group) => {
                    pending.push((around + run, group.stream()));
                    if group.delimiter() == Delimiter::Brace && !goes_on(tokens.peek()) {
                        run = 0;
                    }
                }
                TokenTree::Punct(punct) if matches!(punct.as_char(), ',' | ';') => run = 0,
                _ => {}
            }
        }
    }
    heaviest
}

/// Whether what a `}` ends may go on after it.
fn goes_on(next: Option<&TokenTree>) -> bool {
    match next {
        Some(TokenTree::Ident(ident)) => ident == "else" || ident == "as",
        Some(TokenTree::Punct(punct)) => punct.as_char() != '#',
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn idents(text: &str) -> Vec<Span> {
        let text = Text::new("f.rs".into(), text.to_owned());
        text.parse()
            .unwrap()
            .items
            .iter()
            .map(|item| match item {
                syn::Item::Struct(item) => text.span(item.ident.span()),
                _ => panic!("only structs"),
            })
            .collect()
    }

    #[test]
    fn offsets_are_those_of_the_text_on_disk() {
        for head in [
            "",
            "\u{feff}",
            "#!/usr/bin/env x\n",
            "\u{feff}#!/bin/x\r\n",
            "#![allow(x)]\r\n",
            "// čšž 🦀\r\n\t",
        ] {
            let text = format!("{head}/* 🦀ü */ struct Čárka; struct B;");
            let spans = idents(&text);
            assert_eq!(&text[spans[0].start..spans[0].end], "Čárka", "{head:?}");
            assert_eq!(&text[spans[1].start..spans[1].end], "B", "{head:?}");
        }
    }

    #[test]
    fn lines_and_columns_count_characters_from_one() {
        let span = &idents("\u{feff}struct A;\r\n\t/* 🦀 */ struct B;")[1];
        assert_eq!((span.line, span.column), (2, 17));
        assert_eq!(idents("\u{feff}struct A;")[0].column, 8);
    }

    #[test]
    fn a_syntax_error_has_its_place_and_deep_nesting_is_an_error() {
        let error = |text: &str| {
            let text = Text::new("f.rs".into(), text.to_owned());
            text.parse().unwrap_err().to_string()
        };
        assert!(error("struct A;\n  struct;").starts_with("f.rs:2:9: this is not valid Rust"));
        assert!(error("struct A;\n  \"").starts_with("f.rs:2:3: "));
        let deep = format!("const A: () = {}{};", "(".repeat(5_000), ")".repeat(5_000));
        assert!(error(&deep).contains("nested too deeply"));
    }
}
