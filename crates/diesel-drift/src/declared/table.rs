//! One `table!` and one `joinable!`, their types not yet resolved.

use std::collections::BTreeSet;
use std::ops::Range;

use diesel_table_macro_syntax::{ColumnDef, TableDecl};
use proc_macro2::{TokenStream, TokenTree};
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream};
use syn::spanned::Spanned;

use super::cfg::{self, Truth};
use super::identifier::rust_identifier;
use super::model::{DeclaredError, Joinable, Span};
use super::text::Text;
use super::type_ref::{Imports, TypeRef, segments};

/// A `table!` with types as the source has them.
#[derive(Clone, Debug)]
pub(super) struct RawTable {
    pub(super) schema: Option<String>,
    pub(super) name: String,
    pub(super) rust_name: String,
    pub(super) primary_key: Vec<String>,
    pub(super) columns: Vec<RawColumn>,
    pub(super) imports: Imports,
    pub(super) span: Span,
    pub(super) primary_key_span: Span,
    /// Whether it is declared in some builds only.
    pub(super) conditional: bool,
}

/// A column with its type as the source has it.
#[derive(Clone, Debug)]
pub(super) struct RawColumn {
    pub(super) name: String,
    pub(super) rust_name: String,
    pub(super) ty: TypeRef,
    pub(super) type_text: String,
    pub(super) max_length: Option<u32>,
    pub(super) span: Span,
    pub(super) type_span: Span,
}

/// Reads the inside of a `table!` or `view!`; `None` where it is for tests or another backend only.
pub(super) fn table(
    text: &Text,
    tokens: TokenStream,
    call: proc_macro2::Span,
    is_view: bool,
) -> Result<Option<RawTable>, DeclaredError> {
    let declaration: TableDecl = syn::parse2(tokens).map_err(|e| {
        // At the end of its input, `syn` has no place but the call site.
        let span = if e.span().byte_range().is_empty() {
            call
        } else {
            e.span()
        };
        text.invalid(
            span,
            format!(
                "Diesel does not accept this `table!`: {e}; write it as `diesel print-schema` does"
            ),
        )
    })?;
    let truth = cfg::enabled(&declaration.meta);
    if truth == Truth::No {
        return Ok(None);
    }
    let columns = columns(text, &declaration)?;
    let mut imports = Imports::default();
    for item in &declaration.use_statements {
        if cfg::enabled(&item.attrs) != Truth::No {
            imports.add(&item.tree);
        }
    }
    if declaration.use_statements.is_empty() {
        imports
            .globs
            .push(vec!["diesel".into(), "sql_types".into()]);
    }
    let (primary_key, primary_key_span) = if is_view {
        (Vec::new(), text.span(declaration.table_name.span()))
    } else {
        primary_key(text, &declaration, &columns)?
    };
    let schema = declaration.schema.map(|name| name.unraw().to_string());
    let (schema, name) = unqualified(schema, declaration.sql_name);
    Ok(Some(RawTable {
        schema,
        name,
        rust_name: declaration.table_name.unraw().to_string(),
        primary_key,
        columns,
        imports,
        span: text.span(declaration.table_name.span()),
        primary_key_span,
        conditional: truth == Truth::Maybe,
    }))
}

/// Takes the schema off a table's `#[sql_name]`. Diesel CLI 2.3 writes `#[sql_name = "my-app.odd table"] my_app.odd_table`
/// where it should write `odd table`; there it is also the only place that has the schema's SQL name.
fn unqualified(schema: Option<String>, name: String) -> (Option<String>, String) {
    if let Some((before, after)) = name.split_once('.')
        && schema.as_deref() == Some(rust_identifier(before).as_str())
    {
        return (Some(before.to_owned()), after.to_owned());
    }
    (schema, name)
}

fn columns(text: &Text, declaration: &TableDecl) -> Result<Vec<RawColumn>, DeclaredError> {
    let mut seen = BTreeSet::new();
    let mut columns = Vec::with_capacity(declaration.column_defs.len());
    for definition in &declaration.column_defs {
        let truth = cfg::enabled(&definition.meta);
        if truth == Truth::No {
            continue;
        }
        let column = column(text, definition)?;
        if !seen.insert(column.rust_name.clone()) && truth == Truth::Yes {
            return Err(text.invalid(
                definition.column_name.span(),
                format!(
                    "column `{}` is declared twice in table `{}`; remove one",
                    column.rust_name, declaration.table_name
                ),
            ));
        }
        columns.push(column);
    }
    Ok(columns)
}

fn column(text: &Text, definition: &ColumnDef) -> Result<RawColumn, DeclaredError> {
    let max_length = definition
        .max_length
        .as_ref()
        .map(|length| {
            length.base10_parse().map_err(|e| {
                text.invalid(
                    length.span(),
                    format!("`max_length` is a number of characters: {e}"),
                )
            })
        })
        .transpose()?;
    let type_span = text.span(definition.tpe.span());
    Ok(RawColumn {
        name: definition.sql_name.clone(),
        rust_name: definition.column_name.unraw().to_string(),
        ty: TypeRef::of_path(&definition.tpe.path),
        type_text: on_one_line(text.slice(&type_span)),
        max_length,
        span: text.span(definition.column_name.span()),
        type_span,
    })
}

/// A type without comments, line ends and a last comma; what is between two tokens on one line is a space.
fn on_one_line(source: &str) -> String {
    // Most are: a file of ten thousand tables has a hundred thousand types.
    if source
        .chars()
        .all(|c| is_of_name(c) || matches!(c, ':' | '<' | '>'))
    {
        return source.to_owned();
    }
    let Ok(tokens) = source.parse::<TokenStream>() else {
        return source.to_owned();
    };
    let mut line = String::new();
    let mut last = 0;
    for place in places(tokens) {
        let token = source.get(place.clone()).unwrap_or_default();
        if token == ">" && line.ends_with(',') {
            line.pop();
        }
        let between = source.get(last..place.start).unwrap_or_default();
        let names = line.ends_with(is_of_name) && token.starts_with(is_of_name);
        let apart = !between.is_empty() && !between.contains('\n') || names || line.ends_with(',');
        if apart && !line.is_empty() {
            line.push(' ');
        }
        line.push_str(token);
        last = place.end;
    }
    line
}

fn is_of_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Where tokens are, brackets included.
fn places(tokens: TokenStream) -> Vec<Range<usize>> {
    tokens
        .into_iter()
        .flat_map(|token| match token {
            TokenTree::Group(group) => {
                let mut inside = places(group.stream());
                inside.insert(0, group.span_open().byte_range());
                inside.push(group.span_close().byte_range());
                inside
            }
            other => vec![other.span().byte_range()],
        })
        .collect()
}

/// SQL names of the key, which the macro gives as Rust identifiers.
fn primary_key(
    text: &Text,
    declaration: &TableDecl,
    columns: &[RawColumn],
) -> Result<(Vec<String>, Span), DeclaredError> {
    let sql_name = |rust_name: &str| {
        columns
            .iter()
            .find(|column| column.rust_name == rust_name)
            .map(|column| column.name.clone())
    };
    let table = &declaration.table_name;
    let Some(key) = &declaration.primary_keys else {
        let id = sql_name("id").ok_or_else(|| {
            text.invalid(
                table.span(),
                format!(
                    "table `{table}` names no primary key and has no column `id`; write `{table} (<key columns>) {{ … }}`"
                ),
            )
        })?;
        return Ok((vec![id], text.span(table.span())));
    };
    let mut names = Vec::new();
    for ident in &key.keys {
        let rust_name = ident.unraw().to_string();
        names.push(sql_name(&rust_name).ok_or_else(|| {
            text.invalid(
                ident.span(),
                format!("the primary key of table `{table}` names `{rust_name}`, which is not one of its columns; name a column by its Rust identifier"),
            )
        })?);
    }
    match (key.keys.first(), key.keys.last()) {
        (Some(first), Some(last)) => Ok((names, text.between(first.span(), last.span()))),
        _ => Err(text.invalid(
            table.span(),
            format!("the primary key of table `{table}` is empty; name its columns"),
        )),
    }
}

/// `child -> parent (foreign_key)`.
struct JoinableDecl {
    child: syn::Path,
    parent: syn::Path,
    foreign_key: syn::Ident,
}

impl Parse for JoinableDecl {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let child = input.call(syn::Path::parse_mod_style)?;
        input.parse::<syn::Token![->]>()?;
        let parent = input.call(syn::Path::parse_mod_style)?;
        let inside;
        syn::parenthesized!(inside in input);
        let foreign_key = inside.parse()?;
        Ok(Self {
            child,
            parent,
            foreign_key,
        })
    }
}

/// Reads the inside of a `joinable!`.
pub(super) fn joinable(
    text: &Text,
    tokens: TokenStream,
    module: &[String],
    span: Span,
) -> Result<Joinable, DeclaredError> {
    let declaration: JoinableDecl = syn::parse2(tokens).map_err(|e| DeclaredError::Invalid {
        path: text.path.clone(),
        line: span.line,
        column: span.column,
        message: format!(
            "Diesel does not accept this `joinable!`: {e}; write `joinable!(child -> parent (foreign_key))`"
        ),
    })?;
    Ok(Joinable {
        child: segments(&declaration.child),
        parent: segments(&declaration.parent),
        foreign_key: declaration.foreign_key.unraw().to_string(),
        module: module.to_vec(),
        span,
    })
}
