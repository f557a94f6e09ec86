//! What the tokens of a function name and call.

use std::collections::HashMap;

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use syn::ext::IdentExt;

use crate::declared::models::Derive;
use crate::declared::type_ref::{Imports, Path as Names};

use super::calls::{Call, Chain, Function, Root};
use super::known::Known;
use super::sql::mentions;
use super::tokens::Tokens;

/// Macros whose text is told to somebody, and run by nobody.
const TELLS: [&str; 9] = [
    "print",
    "println",
    "eprint",
    "eprintln",
    "dbg",
    "panic",
    "todo",
    "unimplemented",
    "unreachable",
];

/// Methods whose text is told likewise.
const EXPLAINS: [&str; 4] = ["expect", "expect_err", "context", "with_context"];

/// Diesel's functions that write to what they are called with.
const WRITES: [&str; 6] = [
    "insert_into",
    "insert_or_ignore_into",
    "replace_into",
    "update",
    "delete",
    "copy_from",
];

/// Words behind which a value begins anew.
const KEYWORDS: [&str; 12] = [
    "return", "if", "else", "match", "while", "for", "in", "move", "async", "loop", "mut", "ref",
];

/// Reads the tokens of one function.
pub(super) struct Body<'a> {
    pub(super) known: &'a Known<'a>,
    pub(super) imports: &'a Imports,
    /// The function's parameters and variables whose types are said, each with what it comes from.
    pub(super) variables: HashMap<String, Chain>,
    pub(super) function: Function,
}

/// What was read last, inside one pair of brackets.
#[derive(Default)]
struct Level {
    /// The value that is being made.
    chain: Option<Chain>,
    /// Whether a `.` came last.
    dot: bool,
    /// The variable that it will be.
    variable: Option<String>,
    /// Its type, where that is said: what came before `=`.
    said: Option<Option<Chain>>,
    /// Whether nothing has come yet.
    is_first: bool,
}

impl Level {
    fn begin(&mut self) {
        self.chain = None;
        self.dot = false;
    }
}

impl Body<'_> {
    /// What the tokens touch and call.
    pub(super) fn read(mut self, tokens: TokenStream) -> Function {
        self.level(tokens, false, false);
        self.function
    }

    /// What stands inside of brackets; `written` says whether Diesel writes to what comes first, `told` whether texts are only for people.
    fn level(&mut self, tokens: TokenStream, written: bool, told: bool) {
        let mut tokens = Tokens::new(tokens);
        let mut level = Level {
            is_first: true,
            ..Level::default()
        };
        while let Some(token) = tokens.next() {
            let is_first = std::mem::replace(&mut level.is_first, false);
            match token {
                TokenTree::Ident(ident) => {
                    let name = ident.unraw().to_string();
                    self.name(name, &mut tokens, &mut level, written && is_first, told);
                }
                TokenTree::Literal(literal) => {
                    level.begin();
                    if !told && let Ok(text) = syn::parse_str::<syn::LitStr>(&literal.to_string()) {
                        self.sql(&text.value());
                    }
                }
                TokenTree::Group(group) => {
                    level.begin();
                    self.level(group.stream(), false, told);
                }
                TokenTree::Punct(punct) => match punct.as_char() {
                    '.' => level.dot = true,
                    '?' => {}
                    ';' => self.end(&mut level),
                    '=' if level.variable.is_some() && level.said.is_none() => {
                        level.said = Some(level.chain.take());
                        level.begin();
                    }
                    // `&users`, `*user`: as good as the name.
                    '&' | '*' => {
                        level.begin();
                        level.is_first = is_first;
                    }
                    _ => level.begin(),
                },
            }
        }
        self.end(&mut level);
    }

    /// The end of a statement.
    fn end(&mut self, level: &mut Level) {
        let value = level.said.take().flatten().or(level.chain.take());
        if let (Some(variable), Some(chain)) = (level.variable.take(), value) {
            self.variables.insert(variable, chain);
        }
        level.begin();
    }

    fn name(
        &mut self,
        name: String,
        tokens: &mut Tokens,
        level: &mut Level,
        written: bool,
        told: bool,
    ) {
        if std::mem::replace(&mut level.dot, false) {
            return self.step(name, tokens, level, told);
        }
        level.begin();
        if name == "let" {
            level.variable = variable(tokens);
            return;
        }
        if KEYWORDS.contains(&name.as_str()) {
            return;
        }
        let mut path = vec![name];
        while tokens.skip_path() {
            match tokens.peek() {
                Some(TokenTree::Ident(next)) => {
                    path.push(next.unraw().to_string());
                    tokens.next();
                }
                Some(TokenTree::Punct(punct)) if punct.as_char() == '<' => tokens.skip_generics(),
                _ => break,
            }
        }
        let is_literal = matches!(
            tokens.peek(),
            Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Brace && is_type(path.last())
        );
        self.touched(&path, written, is_literal);
        let whole = self.imports.whole(&path).unwrap_or_else(|| path.clone());
        match tokens.peek() {
            Some(TokenTree::Punct(punct)) if punct.as_char() == '!' => {
                self.invocation(path, tokens, told);
            }
            Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Parenthesis => {
                let stream = group.stream();
                tokens.next();
                let writes = path
                    .last()
                    .is_some_and(|last| WRITES.contains(&last.as_str()));
                level.chain = Some(self.call(whole));
                self.level(stream, writes, told);
            }
            Some(TokenTree::Group(group)) if is_literal => {
                let stream = group.stream();
                tokens.next();
                level.chain = Some(self.of_type(whole));
                self.level(stream, false, told);
            }
            _ => level.chain = self.value(path, whole),
        }
    }

    /// A method that is called on what came before, or a field of it.
    fn step(&mut self, name: String, tokens: &mut Tokens, level: &mut Level, told: bool) {
        if tokens.skip_path() {
            tokens.skip_generics();
        }
        let Some(TokenTree::Group(group)) = tokens.peek() else {
            // What a field holds is not followed.
            if name != "await" {
                level.chain = None;
            }
            return;
        };
        if group.delimiter() != Delimiter::Parenthesis {
            level.chain = None;
            return;
        }
        let stream = group.stream();
        tokens.next();
        let unknown = Chain {
            root: Root::Unknown,
            steps: Vec::new(),
        };
        let told = told || EXPLAINS.contains(&name.as_str());
        let mut chain = level.chain.take().unwrap_or(unknown);
        chain.steps.push(name);
        self.function.calls.insert(Call::Method(chain.clone()));
        level.chain = Some(chain);
        self.level(stream, false, told);
    }

    /// A function, an associated one, or a struct with fields that have no names.
    fn call(&mut self, mut path: Names) -> Chain {
        let owner = path.len().checked_sub(2).and_then(|place| path.get(place));
        if is_type(owner) {
            let steps: Vec<String> = path.pop().into_iter().collect();
            let chain = Chain {
                steps,
                ..self.of_type(path)
            };
            self.function.calls.insert(Call::Method(chain.clone()));
            return chain;
        }
        if is_type(path.last()) {
            return self.of_type(path);
        }
        self.function.calls.insert(Call::Free(path.clone()));
        Chain {
            root: Root::Call(path),
            steps: Vec::new(),
        }
    }

    fn of_type(&self, mut path: Names) -> Chain {
        let owner = self.function.owner.clone();
        if let (["Self"], Some(owner)) = (
            path.iter()
                .map(String::as_str)
                .collect::<Vec<_>>()
                .as_slice(),
            owner,
        ) {
            path = vec![owner];
        }
        Chain {
            root: Root::Type(path),
            steps: Vec::new(),
        }
    }

    /// A variable, `self`, or a value of a type that has just one.
    fn value(&self, path: Names, whole: Names) -> Option<Chain> {
        match path.as_slice() {
            [name] if name == "self" => Some(self.of_type(vec!["Self".to_owned()])),
            [name] if self.variables.contains_key(name) => self.variables.get(name).cloned(),
            _ if is_type(whole.last()) => Some(self.of_type(whole)),
            _ => None,
        }
    }

    fn invocation(&mut self, mut path: Names, tokens: &mut Tokens, told: bool) {
        tokens.next();
        let Some(TokenTree::Group(group)) = tokens.peek() else {
            return;
        };
        let stream = group.stream();
        tokens.next();
        let Some(last) = path.pop() else { return };
        let is_told = TELLS.contains(&last.as_str());
        path.push(format!("{last}!"));
        self.function.calls.insert(Call::Free(path));
        self.level(stream, false, told || is_told);
    }

    /// What a path means; a row that is written down with its fields is not read.
    fn touched(&mut self, path: &[String], written: bool, is_literal: bool) {
        // `posts::table`, `schema::posts::title`, `posts::dsl::title`.
        for end in 1..path.len() {
            if let Some(table) = self.known.table(self.imports, &path[..end]) {
                self.table(table, written);
            }
        }
        // `use schema::posts::dsl::*; insert_into(posts)`. A name alone may be a variable's.
        if let [name] = path
            && (written || self.is_of_dsl(name))
            && let Some(table) = self.known.table(self.imports, path)
        {
            self.table(table, written);
        }
        // What stands behind a type is a variant or a function of it.
        if let Some(name) = path.iter().find(|name| is_type(Some(name))) {
            for model in self.known.models(self.imports, name) {
                if model.derives_any(&[Derive::Insertable, Derive::AsChangeset]) {
                    self.function.writes.extend(model.table);
                }
                if model.is_read() && !is_literal {
                    self.function.reads.extend(model.table);
                }
            }
        }
    }

    fn table(&mut self, table: usize, written: bool) {
        match written {
            true => self.function.writes.insert(table),
            false => self.function.reads.insert(table),
        };
    }

    fn is_of_dsl(&self, name: &str) -> bool {
        let ends = |path: &Names, last: [&str; 2]| path.ends_with(&last.map(str::to_owned));
        (self.imports.globs.iter()).any(|glob| ends(glob, [name, "dsl"]))
            || (self.imports.get(name)).is_some_and(|path| ends(path, ["dsl", name]))
    }

    fn sql(&mut self, text: &str) {
        for mention in mentions(text) {
            if let Some(table) = self.known.sql_table(&mention.name) {
                self.table(table, mention.is_written);
            }
        }
    }
}

/// Whether a name is a type's, as they are written.
fn is_type(name: Option<&String>) -> bool {
    name.is_some_and(|name| name.starts_with(char::is_uppercase))
}

/// Behind `let`: the variable, where there is one. What is said of its type is passed over.
fn variable(tokens: &mut Tokens) -> Option<String> {
    tokens.next_if(|token| matches!(token, TokenTree::Ident(ident) if ident == "mut"));
    let name = match tokens.peek() {
        Some(TokenTree::Ident(ident)) => ident.unraw().to_string(),
        _ => return None,
    };
    if is_type(Some(&name)) {
        return None;
    }
    tokens.next();
    Some(name)
}
