//! What tests do with tables, as far as their sources say it.
//!
//! A test writes and reads what it names: tables in `insert_into(posts::table)` and in queries, row types, and SQL in texts. What the functions do that it
//! calls by name counts as its own, where the sources of the tests have them. A name that can mean several tables means none.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use proc_macro2::{TokenStream, TokenTree};
use regex::Regex;
use syn::ext::IdentExt;
use syn::visit::{self, Visit};

use super::model::{Declared, DeclaredError, Span};
use super::models::{Derive, Model};
use super::text::Text;
use super::type_ref::{Imports, Path as Names, segments};
use super::{parallel, schema_files, walk};
use crate::migrate::uncommented;

/// A test, and the tables that it touches: places in [`Declared::tables`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exercise {
    /// The function.
    pub name: String,
    /// Where it is.
    pub span: Span,
    /// What it inserts, updates or deletes.
    pub writes: BTreeSet<usize>,
    /// What it reads.
    pub reads: BTreeSet<usize>,
}

impl Exercise {
    /// Whether it writes or reads a table.
    #[must_use]
    pub fn touches(&self, table: usize) -> bool {
        self.writes.contains(&table) || self.reads.contains(&table)
    }
}

/// The tests in the `.rs` files under some directories.
///
/// # Errors
/// When no thread can be had to read with.
pub fn exercises(
    root: &Path,
    directories: &[PathBuf],
    declared: &Declared,
    models: &[Model],
) -> Result<Vec<Exercise>, DeclaredError> {
    let mut files: Vec<PathBuf> = (directories.iter())
        .flat_map(|directory| {
            let directory = root.join(directory);
            walk::walk(&directory, std::slice::from_ref(&directory)).files
        })
        .collect();
    files.sort();
    files.dedup();
    let known = Known { declared, models };
    let read = |path: &PathBuf| {
        let content = std::fs::read_to_string(path).ok()?;
        let text = Text::new(schema_files::display(root, path), content);
        // What does not parse does not compile, and so is no test.
        let file = text.parse().ok()?;
        Some(known.functions(&text, &file))
    };
    let functions: Vec<Function> = (parallel::map(&files, read)?.into_iter().flatten())
        .flatten()
        .collect();
    Ok(closed(&functions))
}

/// A function in the sources of tests.
#[derive(Clone, Debug)]
struct Function {
    name: String,
    span: Span,
    is_test: bool,
    calls: BTreeSet<String>,
    writes: BTreeSet<usize>,
    reads: BTreeSet<usize>,
}

/// The tests, each with what the functions touch that it calls.
fn closed(functions: &[Function]) -> Vec<Exercise> {
    let mut by_name: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (place, function) in functions.iter().enumerate() {
        by_name.entry(&function.name).or_default().push(place);
    }
    let called = |from: &Function, name: &str| -> Option<usize> {
        let all = by_name.get(name)?;
        let directory = from.span.file.parent();
        let tiers: [&dyn Fn(&Function) -> bool; 3] = [
            &|to| to.span.file == from.span.file,
            &|to| to.span.file.parent() == directory,
            &|_| true,
        ];
        tiers.iter().find_map(|wanted| {
            let mut found = all.iter().filter(|place| wanted(&functions[**place]));
            // Of several one does not know which.
            let first = found.next().copied();
            first.map(|first| found.next().is_none().then_some(first))
        })?
    };
    let exercise = |test: usize| {
        let mut seen = BTreeSet::new();
        let mut pending = vec![test];
        while let Some(place) = pending.pop() {
            if seen.insert(place) {
                let function = &functions[place];
                pending.extend((function.calls.iter()).filter_map(|name| called(function, name)));
            }
        }
        let all = |of: fn(&Function) -> &BTreeSet<usize>| {
            (seen.iter())
                .flat_map(|place| of(&functions[*place]).iter().copied())
                .collect()
        };
        Exercise {
            name: functions[test].name.clone(),
            span: functions[test].span.clone(),
            writes: all(|function| &function.writes),
            reads: all(|function| &function.reads),
        }
    };
    (0..functions.len())
        .filter(|place| functions[*place].is_test)
        .map(exercise)
        .collect()
}

/// What names can mean.
struct Known<'a> {
    declared: &'a Declared,
    models: &'a [Model],
}

impl Known<'_> {
    fn functions(&self, text: &Text, file: &syn::File) -> Vec<Function> {
        let mut collector = Collector {
            text,
            known: self,
            imports: Imports::default(),
            functions: Vec::new(),
        };
        let mut uses = Uses(Imports::default());
        uses.visit_file(file);
        collector.imports = uses.0;
        collector.visit_file(file);
        collector.functions
    }

    /// The table that a name means, after the names before it.
    fn table(&self, imports: &Imports, path: &[String]) -> Option<usize> {
        let whole = imports.whole(path);
        let path = whole.as_deref().unwrap_or(path);
        let (name, parents) = path.split_last()?;
        let named = |(_, table): &(usize, &super::model::Table)| table.rust_name == *name;
        let all = (self.declared.tables.iter().enumerate()).filter(named);
        let candidates: Vec<(usize, Names)> = all
            .map(|(place, table)| {
                let mut at = super::module_path::whole(&table.span.file, &table.module);
                at.extend(table.schema.clone());
                (place, at)
            })
            .collect();
        chosen(candidates, parents, imports)
    }

    /// The row types that a name means.
    fn models(&self, imports: &Imports, name: &str) -> Vec<&Model> {
        let whole = imports.whole(&[name.to_owned()]);
        let path = whole.unwrap_or_else(|| vec![name.to_owned()]);
        let Some((name, parents)) = path.split_last() else {
            return Vec::new();
        };
        let named: Vec<&Model> = (self.models.iter())
            .filter(|model| model.rust_name == *name && model.table.is_some())
            .collect();
        let candidates = (named.iter().enumerate())
            .map(|(place, model)| {
                let at = super::module_path::whole(&model.span.file, &model.module);
                (place, at)
            })
            .collect();
        match chosen(candidates, parents, imports) {
            Some(place) => (named.iter().copied())
                .filter(|model| model.span == named[place].span)
                .collect(),
            None => Vec::new(),
        }
    }

    /// The table of a name in SQL.
    fn sql_table(&self, name: &str) -> Option<usize> {
        let bare = name.replace('"', "");
        let (schema, name) = match bare.rsplit_once('.') {
            Some((schema, name)) => (Some(schema), name),
            None => (None, bare.as_str()),
        };
        let mut found = (self.declared.tables.iter().enumerate())
            .filter(|(_, table)| table.name.eq_ignore_ascii_case(name))
            .filter(|(_, table)| {
                schema.is_none_or(|schema| table.schema.as_deref().unwrap_or("public") == schema)
            })
            .map(|(place, _)| place);
        let first = found.next()?;
        found.next().is_none().then_some(first)
    }
}

/// The only candidate; of several, the only one whose modules have something in common with the path, or with what the file imports.
fn chosen(candidates: Vec<(usize, Names)>, parents: &[String], imports: &Imports) -> Option<usize> {
    if let [(only, _)] = candidates.as_slice() {
        return Some(*only);
    }
    let hinted = |hints: &[String]| {
        let mut found = (candidates.iter()).filter(|(_, at)| {
            super::module_path::tail(hints)
                .last()
                .is_some_and(|last| at.contains(last))
        });
        let first = found.next().map(|(place, _)| *place)?;
        found.next().is_none().then_some(first)
    };
    hinted(parents).or_else(|| {
        let found: BTreeSet<usize> = (imports.globs.iter())
            .filter_map(|glob| hinted(glob))
            .collect();
        match found.len() {
            1 => found.first().copied(),
            _ => None,
        }
    })
}

/// All `use` of a file, wherever they are.
struct Uses(Imports);

impl<'ast> Visit<'ast> for Uses {
    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        self.0.add(&item.tree);
    }
}

struct Collector<'a> {
    text: &'a Text,
    known: &'a Known<'a>,
    imports: Imports,
    functions: Vec<Function>,
}

impl Collector<'_> {
    fn function(
        &mut self,
        attributes: &[syn::Attribute],
        signature: &syn::Signature,
        block: &syn::Block,
    ) {
        let has = |says: fn(&str) -> bool| {
            (attributes.iter()).any(|attribute| {
                let path = segments(attribute.path());
                path.last().is_some_and(|last| says(last))
            })
        };
        // What is not run shows nothing.
        let is_test = has(|name| name.contains("test")) && !has(|name| name == "ignore");
        let mut function = Function {
            name: signature.ident.unraw().to_string(),
            span: self.text.span(signature.ident.span()),
            is_test,
            calls: BTreeSet::new(),
            writes: BTreeSet::new(),
            reads: BTreeSet::new(),
        };
        // The tokens are those of the text: a place in it is simpler than what `syn` made of them.
        let braces = block.brace_token.span;
        let span = self.text.between(braces.open(), braces.close());
        if let Ok(tokens) = self.text.slice(&span).parse::<TokenStream>() {
            let mut words = Vec::new();
            flatten(tokens, &mut words);
            self.touched(&words, &mut function);
        }
        self.functions.push(function);
    }

    fn touched(&self, words: &[Word], function: &mut Function) {
        let mut at = 0;
        while let Some(word) = words.get(at) {
            match word {
                Word::Text(text) => self.sql(text, function),
                Word::Name(name) => {
                    // The whole path that begins here.
                    let mut path = vec![name.clone()];
                    while let (Some(Word::Path), Some(Word::Name(next))) =
                        (words.get(at + 1), words.get(at + 2))
                    {
                        path.push(next.clone());
                        at += 2;
                    }
                    let written = (at.checked_sub(2 * path.len()))
                        .and_then(|before| words.get(before))
                        .is_some_and(|word| matches!(word, Word::Name(name) if WRITES.contains(&name.as_str())));
                    self.path(&path, written, function);
                    let before = (at + 1)
                        .checked_sub(2 * path.len())
                        .and_then(|before| words.get(before));
                    // Methods and functions of types have names that many have.
                    let is_method = before == Some(&Word::Dot)
                        || path
                            .iter()
                            .rev()
                            .nth(1)
                            .is_some_and(|owner| owner.starts_with(char::is_uppercase));
                    if matches!(words.get(at + 1), Some(Word::Open | Word::Bang))
                        && !is_method
                        && let Some(last) = path.pop()
                    {
                        function.calls.insert(last);
                    }
                }
                Word::Path | Word::Open | Word::Bang | Word::Dot | Word::Other => {}
            }
            at += 1;
        }
    }

    fn path(&self, path: &[String], written: bool, function: &mut Function) {
        // `posts::table`, `schema::posts::title`, `posts::dsl::title`.
        for end in 1..path.len() {
            if let Some(table) = self.known.table(&self.imports, &path[..end]) {
                let of = if written {
                    &mut function.writes
                } else {
                    &mut function.reads
                };
                of.insert(table);
            }
        }
        // `use schema::posts::dsl::*; insert_into(posts)`. A name alone may be a variable's.
        if let [name] = path
            && (written || self.is_of_dsl(name))
            && let Some(table) = self.known.table(&self.imports, path)
        {
            let of = if written {
                &mut function.writes
            } else {
                &mut function.reads
            };
            of.insert(table);
        }
        for name in path.iter().take(2) {
            for model in self.known.models(&self.imports, name) {
                if model.derives_any(&[Derive::Insertable, Derive::AsChangeset]) {
                    function.writes.extend(model.table);
                }
                if model.is_read() {
                    function.reads.extend(model.table);
                }
            }
        }
    }

    fn is_of_dsl(&self, name: &str) -> bool {
        let ends = |path: &Names, names: &[&str]| {
            path.iter()
                .rev()
                .zip(names)
                .filter(|(a, b)| a == *b)
                .count()
                == names.len()
        };
        self.imports
            .globs
            .iter()
            .any(|glob| ends(glob, &["dsl", name]))
            || (self.imports.get(name)).is_some_and(|path| ends(path, &[name, "dsl"]))
    }

    fn sql(&self, text: &str, function: &mut Function) {
        static STATEMENT: LazyLock<Option<Regex>> = LazyLock::new(|| {
            let name = r#"((?:"[^"]+"|[A-Za-z_]\w*)(?:\.(?:"[^"]+"|[A-Za-z_]\w*))?)"#;
            let verbs = r"(insert\s+into|update(?:\s+only)?|delete\s+from(?:\s+only)?|truncate(?:\s+table)?|copy|from|join)";
            Regex::new(&format!(r"(?i)\b{verbs}\s+{name}")).ok()
        });
        let Some(statement) = STATEMENT.as_ref() else {
            return;
        };
        for found in statement.captures_iter(&uncommented(text)) {
            let verb = found[1].to_ascii_lowercase();
            let Some(table) = self.known.sql_table(&found[2]) else {
                continue;
            };
            match verb.as_str() {
                "from" | "join" => function.reads.insert(table),
                _ => function.writes.insert(table),
            };
        }
    }
}

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

/// Diesel's functions that write to what they are called with.
const WRITES: [&str; 6] = [
    "insert_into",
    "insert_or_ignore_into",
    "replace_into",
    "update",
    "delete",
    "copy_from",
];

impl<'ast> Visit<'ast> for Collector<'_> {
    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        self.function(&item.attrs, &item.sig, &item.block);
        visit::visit_item_fn(self, item);
    }

    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        self.function(&item.attrs, &item.sig, &item.block);
        visit::visit_impl_item_fn(self, item);
    }
}

/// What matters of a token.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Word {
    Name(String),
    Text(String),
    /// `::`
    Path,
    /// `(`
    Open,
    /// `!`
    Bang,
    /// `.`
    Dot,
    Other,
}

fn flatten(tokens: TokenStream, words: &mut Vec<Word>) {
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Ident(ident) => words.push(Word::Name(ident.unraw().to_string())),
            TokenTree::Literal(literal) => {
                words.push(match syn::parse_str::<syn::LitStr>(&literal.to_string()) {
                    Ok(text) => Word::Text(text.value()),
                    Err(_) => Word::Other,
                })
            }
            TokenTree::Punct(punct) if punct.as_char() == ':' => {
                match tokens.peek() {
                    Some(TokenTree::Punct(next)) if next.as_char() == ':' => {
                        tokens.next();
                        words.push(Word::Path);
                    }
                    _ => words.push(Word::Other),
                };
            }
            TokenTree::Punct(punct) if punct.as_char() == '!' => words.push(Word::Bang),
            TokenTree::Punct(punct) if punct.as_char() == '.' => words.push(Word::Dot),
            TokenTree::Punct(_) => words.push(Word::Other),
            TokenTree::Group(group) => {
                let is_told = matches!(
                    words.as_slice(),
                    [.., Word::Name(name), Word::Bang] if TELLS.contains(&name.as_str())
                );
                words.push(match group.delimiter() {
                    proc_macro2::Delimiter::Parenthesis => Word::Open,
                    _ => Word::Other,
                });
                let from = words.len();
                flatten(group.stream(), words);
                if is_told {
                    let mut inside = words.split_off(from);
                    inside.retain(|word| !matches!(word, Word::Text(_)));
                    words.append(&mut inside);
                }
                words.push(Word::Other);
            }
        }
    }
}
