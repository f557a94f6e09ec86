//! What one source file says, as plain data.

use std::collections::BTreeSet;
use std::ops::Range;
use std::path::PathBuf;

use proc_macro2::{TokenStream, TokenTree};
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::visit::{self, Visit};

use super::apart::{self, Apart, Places};
use super::cfg::{self, Build, Truth};
use super::children::{self, Child};
use super::enums::{self, Functions, RawEnum};
use super::macros::{self, attributes};
use super::model::{DeclaredError, Joinable, Span};
use super::models::{self, Model, TextEnum};
use super::sql_types::{self, RawStruct};
use super::table::{self, RawTable};
use super::text::Text;
use super::type_ref::{Imports, Path, TypeRef, segments};

/// What a file says.
#[derive(Clone, Debug, Default)]
pub(super) struct Facts {
    /// The file, as spans have it.
    pub(super) path: PathBuf,
    /// Modules and function bodies; the first is the file itself.
    pub(super) scopes: Vec<Scope>,
    /// `table!`, each with its scope.
    pub(super) tables: Vec<(usize, RawTable)>,
    /// `joinable!`.
    pub(super) joinables: Vec<Joinable>,
    /// Structs with `postgres_type`, each with its scope.
    pub(super) structs: Vec<(usize, RawStruct)>,
    /// `type X = …`, each with its scope.
    pub(super) aliases: Vec<(usize, Alias)>,
    /// Enums and implementations that map labels, each with its scope.
    pub(super) enums: Vec<(usize, RawEnum)>,
    /// Row types, each with its scope, their tables as the source has them.
    pub(super) models: Vec<(usize, Model)>,
    /// Enums that are stored as text.
    pub(super) text_enums: Vec<TextEnum>,
    /// Files that belong to this one: `mod x;` and `include!("…")`.
    pub(super) children: Vec<Child>,
}

/// A module, or the body of a function.
#[derive(Clone, Debug, Default)]
pub(super) struct Scope {
    /// Names from the file downwards.
    pub(super) path: Path,
    /// How many of them are modules; the rest are functions.
    pub(super) modules: usize,
    /// What it imports; a function also sees what its module imports.
    pub(super) imports: Imports,
}

/// A type alias.
#[derive(Clone, Debug)]
pub(super) struct Alias {
    pub(super) name: String,
    pub(super) target: TypeRef,
}

/// Reads a file. `tables` says whether it is one that declares: in others, `table!` is not looked at.
pub(super) fn read(text: &Text, tables: bool) -> Result<Facts, DeclaredError> {
    match tables.then(|| apart::read(text)).flatten() {
        Some(facts) => Ok(facts),
        None => whole(text, tables),
    }
}

/// Reads a file as a whole.
pub(super) fn whole(text: &Text, tables: bool) -> Result<Facts, DeclaredError> {
    let read = facts(text, tables, &text.parse()?, Places::new())?;
    Ok(read.facts)
}

/// What a file says, and the tables in it that are read by themselves.
pub(super) struct InParts {
    pub(super) facts: Facts,
    pub(super) apart: Vec<Apart>,
    /// What is in no build for PostgreSQL, and what other macros make of their content.
    pub(super) unread: Places,
}

/// What a file says, but for the macros at `places`.
pub(super) fn facts(
    text: &Text,
    tables: bool,
    file: &syn::File,
    places: Places,
) -> Result<InParts, DeclaredError> {
    let mut reader = Reader {
        text,
        tables,
        apart: Vec::new(),
        unread: places,
        facts: Facts {
            path: text.path.clone(),
            scopes: vec![Scope::default()],
            ..Facts::default()
        },
        scope: 0,
        in_function: false,
        conditional: false,
        in_macro: false,
        seen: BTreeSet::new(),
        error: None,
    };
    reader.visit_file(file);
    if let Some(error) = reader.error {
        return Err(error);
    }
    let mut facts = reader.facts;
    facts.children = children::of(Build::Plain, file);
    let functions = Functions::of(file);
    for (_, found) in &mut facts.enums {
        enums::complete(text, &functions, found);
    }
    facts.enums = enums::merge(facts.enums);
    Ok(InParts {
        facts,
        apart: reader.apart,
        unread: reader.unread,
    })
}

struct Reader<'a> {
    text: &'a Text,
    tables: bool,
    apart: Vec<Apart>,
    unread: Places,
    facts: Facts,
    scope: usize,
    in_function: bool,
    conditional: bool,
    in_macro: bool,
    seen: BTreeSet<(Path, String)>,
    error: Option<DeclaredError>,
}

impl Reader<'_> {
    /// Reads what is under a name; a function sees what is around it, a module does not.
    fn within(&mut self, name: &syn::Ident, function: bool, read: impl FnOnce(&mut Self)) {
        let around = &self.facts.scopes[self.scope];
        let mut path = around.path.clone();
        path.push(name.unraw().to_string());
        let modules = if function { around.modules } else { path.len() };
        let imports = if function {
            around.imports.clone()
        } else {
            Imports::default()
        };
        self.facts.scopes.push(Scope {
            path,
            modules,
            imports,
        });
        let (scope, in_function) = (self.scope, self.in_function);
        self.scope = self.facts.scopes.len() - 1;
        self.in_function |= function;
        read(self);
        self.scope = scope;
        self.in_function = in_function;
    }

    /// Reads what has attributes, unless its `cfg` leaves it out.
    fn under(&mut self, truth: Truth, read: impl FnOnce(&mut Self)) {
        if truth == Truth::No || self.error.is_some() {
            return;
        }
        let conditional = self.conditional;
        self.conditional |= truth == Truth::Maybe;
        read(self);
        self.conditional = conditional;
    }

    fn invocation(&mut self, mac: &syn::Macro) -> Result<(), DeclaredError> {
        let path = segments(&mac.path);
        if let Some(place) = self.place(mac) {
            self.apart.push(Apart {
                scope: self.scope,
                conditional: self.conditional || self.in_function,
                place,
            });
            return Ok(());
        }
        match macros::of_diesel(&path) {
            Some(name @ ("table" | "view")) if self.tables && self.is_diesel(name, &path, mac) => {
                let is_view = name == "view";
                let read = table::table(self.text, mac.tokens.clone(), mac.path.span(), is_view);
                read?.map_or(Ok(()), |table| self.table(table))
            }
            Some("joinable") => {
                let span = self
                    .text
                    .between(mac.path.span(), mac.delimiter.span().close());
                self.joinable(mac.tokens.clone(), span)
            }
            _ => {
                self.other(&path, mac);
                Ok(())
            }
        }
    }

    /// Where a macro is that is read by itself.
    fn place(&mut self, mac: &syn::Macro) -> Option<Range<usize>> {
        if self.unread.is_empty() {
            return None;
        }
        let start = self.text.span(mac.path.span()).start;
        self.unread.remove(&start)
    }

    /// A bare `table!` may be another crate's (`prettytable`): Diesel's begins with a name, a `use` or an attribute. A bare
    /// `view!` is more likely that of a user interface (`leptos`), and counts where it is imported from Diesel.
    fn is_diesel(&self, name: &str, path: &[String], mac: &syn::Macro) -> bool {
        if path.len() > 1 {
            return true;
        }
        let imported = self.facts.scopes[self.scope].imports.get(name);
        let from_diesel = imported.map(|path| path.first().is_some_and(|first| first == "diesel"));
        let plausible = match mac.tokens.clone().into_iter().next() {
            Some(TokenTree::Ident(_)) | None => true,
            Some(TokenTree::Punct(punct)) => punct.as_char() == '#',
            _ => false,
        };
        from_diesel.unwrap_or(name == "table") && plausible
    }

    fn table(&mut self, table: RawTable) -> Result<(), DeclaredError> {
        let conditional = self.conditional || table.conditional || self.in_function;
        let key = (
            self.facts.scopes[self.scope].path.clone(),
            table.rust_name.clone(),
        );
        if !self.seen.insert(key) && !conditional {
            let Span {
                file: path,
                line,
                column,
                ..
            } = table.span;
            return Err(DeclaredError::Invalid {
                path,
                line,
                column,
                message: format!(
                    "table `{}` is declared twice in one module; remove one `table!`",
                    table.rust_name
                ),
            });
        }
        self.facts.tables.push((self.scope, table));
        Ok(())
    }

    fn joinable(&mut self, tokens: TokenStream, span: Span) -> Result<(), DeclaredError> {
        let scope = &self.facts.scopes[self.scope];
        let mut joinable = table::joinable(self.text, tokens, &scope.path, span)?;
        for side in [&mut joinable.child, &mut joinable.parent] {
            if let Some(whole) = scope.imports.whole(side) {
                *side = whole;
            } else if !self.tables && side.len() == 1 && !scope.imports.is_open() {
                // Neither imported nor of a schema file: a table of this file, which is not looked at.
                return Ok(());
            }
        }
        self.facts.joinables.push(joinable);
        Ok(())
    }

    /// A macro of another crate, or of the project: its content counts where it is made of items.
    fn other(&mut self, path: &[String], mac: &syn::Macro) {
        let name = path.last().map_or("", String::as_str);
        if macros::is_template(name) {
            return;
        }
        if !macros::declares(&mac.tokens) {
            return;
        }
        for (truth, tokens) in macros::items(name, mac) {
            let Ok(file) = syn::parse2::<syn::File>(tokens) else {
                continue;
            };
            let in_macro = std::mem::replace(&mut self.in_macro, name != "cfg_if");
            self.under(truth, |reader| reader.visit_file(&file));
            self.in_macro = in_macro;
        }
    }

    fn structure(&mut self, attributes: &[syn::Attribute], name: &syn::Ident) {
        if let Some(found) = sql_types::of(self.text, attributes, name) {
            self.facts.structs.push((self.scope, found));
        }
    }
}

impl<'ast> Visit<'ast> for Reader<'_> {
    fn visit_item(&mut self, item: &'ast syn::Item) {
        // A `use` may follow the item that needs it, so a module's imports are read before its items (see `visit_file`).
        let truth = cfg::enabled(attributes(item));
        self.under(truth, |reader| visit::visit_item(reader, item));
    }

    fn visit_file(&mut self, file: &'ast syn::File) {
        if cfg::enabled(&file.attrs) != Truth::No {
            self.imports(&file.items);
            visit::visit_file(self, file);
        }
    }

    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        if let Some((_, items)) = &item.content {
            self.within(&item.ident, false, |reader| {
                reader.imports(items);
                visit::visit_item_mod(reader, item);
            });
        }
    }

    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        self.within(&item.sig.ident, true, |reader| {
            visit::visit_item_fn(reader, item);
        });
    }

    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        self.under(cfg::enabled(&item.attrs), |reader| {
            reader.within(&item.sig.ident, true, |reader| {
                visit::visit_impl_item_fn(reader, item);
            });
        });
    }

    fn visit_block(&mut self, block: &'ast syn::Block) {
        for statement in &block.stmts {
            if let syn::Stmt::Item(item) = statement {
                self.imports(std::slice::from_ref(item));
            }
        }
        visit::visit_block(self, block);
    }

    fn visit_stmt_macro(&mut self, item: &'ast syn::StmtMacro) {
        self.under(cfg::enabled(&item.attrs), |reader| {
            visit::visit_stmt_macro(reader, item);
        });
    }

    fn visit_item_macro(&mut self, item: &'ast syn::ItemMacro) {
        // `macro_rules! name { … }` has a name.
        if item.ident.is_none() {
            visit::visit_item_macro(self, item);
        }
    }

    fn visit_macro(&mut self, mac: &'ast syn::Macro) {
        if self.error.is_some() {
            return;
        }
        if let Err(error) = self.invocation(mac) {
            // What another macro makes of its content is not known: it may be a template.
            if !self.in_macro {
                self.error = Some(error);
            }
        }
    }

    fn visit_item_struct(&mut self, item: &'ast syn::ItemStruct) {
        self.structure(&item.attrs, &item.ident);
        let scope = &self.facts.scopes[self.scope];
        let found = models::of(
            self.text,
            &scope.imports,
            &scope.path,
            self.conditional,
            item,
        );
        let found = found.into_iter().map(|model| (self.scope, model));
        self.facts.models.extend(found);
    }

    fn visit_item_enum(&mut self, item: &'ast syn::ItemEnum) {
        self.structure(&item.attrs, &item.ident);
        (self.facts.text_enums).extend(models::text_enum_of(self.text, item));
        let imports = &self.facts.scopes[self.scope].imports;
        if let Some((found, made)) = enums::derived(self.text, imports, item) {
            self.facts.enums.push((self.scope, found));
            self.facts
                .structs
                .extend(made.map(|made| (self.scope, made)));
        }
    }

    fn visit_item_type(&mut self, item: &'ast syn::ItemType) {
        let target = TypeRef::of(&item.ty);
        if item.generics.params.is_empty() && !target.path.is_empty() {
            let name = item.ident.unraw().to_string();
            self.facts
                .aliases
                .push((self.scope, Alias { name, target }));
        }
    }

    fn visit_item_impl(&mut self, item: &'ast syn::ItemImpl) {
        if let Some(found) = enums::implemented(self.text, item) {
            self.facts.enums.push((self.scope, found));
        }
        visit::visit_item_impl(self, item);
    }
}

impl Reader<'_> {
    /// Notes the `use` among items.
    fn imports(&mut self, items: &[syn::Item]) {
        for item in items {
            if let syn::Item::Use(item) = item
                && cfg::enabled(&item.attrs) != Truth::No
            {
                self.facts.scopes[self.scope].imports.add(&item.tree);
            }
        }
    }
}
