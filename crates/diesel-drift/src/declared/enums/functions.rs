//! The functions of a file, and the labels that they write and read, helpers included.

use std::collections::BTreeMap;

use syn::ext::IdentExt;
use syn::visit::{self, Visit};

use super::Origin;
use super::arms::{self, Found};
use super::body::{Body, Call};
use super::strum::{self, Derive};
use crate::declared::cfg::{self, Truth};
use crate::declared::model::Label;
use crate::declared::text::Text;
use crate::declared::type_ref::TypeRef;

/// How many helpers deep labels are looked for.
const MAX_STEPS: usize = 4;

/// The functions and enums of a file.
#[derive(Default)]
pub(in crate::declared) struct Functions<'a> {
    functions: Vec<Function<'a>>,
    enums: BTreeMap<String, Vec<&'a syn::ItemEnum>>,
    owner: String,
    of: Option<TypeRef>,
}

/// A function with a body.
struct Function<'a> {
    /// The type of its `impl`; empty for a free function.
    owner: String,
    /// The trait of its `impl`.
    of: Option<TypeRef>,
    name: String,
    block: &'a syn::Block,
}

/// The Rust type that labels are looked for.
pub(super) struct Owner<'a> {
    pub(super) name: &'a str,
    /// Its definition, where the file has exactly one.
    pub(super) definition: Option<&'a syn::ItemEnum>,
}

/// Where a call leads.
enum Target<'a> {
    Function(&'a syn::Block),
    Derive(Derive),
}

impl<'a> Functions<'a> {
    /// Collects a file's functions, those of tests left out.
    pub(in crate::declared) fn of(file: &'a syn::File) -> Self {
        let mut functions = Self::default();
        functions.visit_file(file);
        functions
    }

    /// The type of a name.
    pub(super) fn owner<'n>(&self, name: &'n str) -> Owner<'n>
    where
        'a: 'n,
    {
        let definition = match self.enums.get(name).map(Vec::as_slice) {
            Some([definition]) => Some(*definition),
            _ => None,
        };
        Owner { name, definition }
    }

    /// The body of a trait's method for one SQL type.
    pub(super) fn implementation(
        &self,
        owner: &str,
        origin: Origin,
        sql_type: &TypeRef,
    ) -> Option<&'a syn::Block> {
        self.functions
            .iter()
            .find(|function| {
                function.owner == owner
                    && function.name == origin.method()
                    && function
                        .of
                        .as_ref()
                        .is_some_and(|of| of.arguments.first() == Some(sql_type))
            })
            .map(|function| function.block)
    }

    /// Labels that a body writes; each is certain.
    pub(super) fn writes(&self, text: &Text, owner: &Owner<'_>, block: &syn::Block) -> Vec<Label> {
        self.follow(text, owner, block, Origin::ToSql, MAX_STEPS)
            .certain()
            .unwrap_or_default()
    }

    /// Labels that a body reads, where it refuses all others.
    pub(super) fn reads(
        &self,
        text: &Text,
        owner: &Owner<'_>,
        block: &syn::Block,
    ) -> Option<Vec<Label>> {
        self.follow(text, owner, block, Origin::FromSql, MAX_STEPS)
            .certain()
    }

    /// Labels of a body, else of the one helper that has some.
    fn follow(
        &self,
        text: &Text,
        owner: &Owner<'_>,
        block: &syn::Block,
        way: Origin,
        steps: usize,
    ) -> Found {
        let body = Body::of(block);
        if body.alters || (body.formats && way == Origin::ToSql) {
            return Found::Uncertain;
        }
        let own = match way {
            Origin::ToSql => arms::written(text, owner, &body),
            Origin::Derived | Origin::FromSql => arms::read(text, &body),
        };
        if own != Found::Nothing || steps == 0 {
            return own;
        }
        let mut helpers: Vec<Found> = Vec::new();
        for target in body
            .calls
            .iter()
            .flat_map(|call| self.targets(owner, call, way))
        {
            let found = match target {
                Target::Function(next) => self.follow(text, owner, next, way, steps - 1),
                Target::Derive(derive) => owner
                    .definition
                    .map_or(Found::Nothing, |item| strum::labels(text, item, derive)),
            };
            if found != Found::Nothing && !helpers.contains(&found) {
                helpers.push(found);
            }
        }
        match helpers.pop() {
            None => Found::Nothing,
            Some(found) if helpers.is_empty() => found,
            Some(_) => Found::Uncertain,
        }
    }

    /// The functions of the file that a call may mean.
    fn targets(&self, owner: &Owner<'_>, call: &Call, way: Origin) -> Vec<Target<'a>> {
        let own = |name: &str| self.named(owner.name, name);
        match (way, call) {
            (Origin::ToSql, Call::Display) => {
                let mut targets = self.of_trait(owner.name, "Display", "fmt");
                targets.push(Target::Derive(Derive::Display));
                targets
            }
            (Origin::ToSql, Call::OwnMethod(name)) => match name.as_str() {
                "to_string" => {
                    let mut targets = self.targets(owner, &Call::Display, way);
                    targets.extend(own("to_string"));
                    targets
                }
                "into" => self.conversions_from(owner.name),
                "as_ref" => {
                    let mut targets = own("as_ref");
                    targets.push(Target::Derive(Derive::AsRefStr));
                    targets
                }
                name => own(name),
            },
            (_, Call::Path { path, owner: by }) => {
                let Some(name) = path.last() else {
                    return Vec::new();
                };
                let by = by.as_deref().or_else(|| match path.len() {
                    0 | 1 => Some(""),
                    length => path.get(length - 2).map(String::as_str),
                });
                match (by, way) {
                    _ if name == "from_sql" || name == "to_sql" => Vec::new(),
                    (Some("Self"), _) => self.by_name(owner, name, way),
                    (Some(by), _) if by == owner.name => self.by_name(owner, name, way),
                    (Some("FromStr" | "TryFrom" | "From"), Origin::FromSql) => {
                        self.by_name(owner, name, way)
                    }
                    (Some("str" | "String" | "From"), Origin::ToSql) if name == "from" => {
                        self.conversions_from(owner.name)
                    }
                    (Some(""), _) => self.named("", name),
                    _ => Vec::new(),
                }
            }
            (Origin::FromSql, Call::OwnMethod(name) | Call::Method(name)) => match name.as_str() {
                "parse" => self.by_name(owner, "from_str", way),
                "try_into" => self.by_name(owner, "try_from", way),
                "into" => self.by_name(owner, "from", way),
                _ => Vec::new(),
            },
            _ => Vec::new(),
        }
    }

    /// A function of the type by name, or strum's `FromStr`.
    fn by_name(&self, owner: &Owner<'_>, name: &str, way: Origin) -> Vec<Target<'a>> {
        let mut targets = self.named(owner.name, name);
        let strums = matches!(name, "from_str" | "try_from") && way == Origin::FromSql;
        if targets.is_empty() && strums {
            targets.push(Target::Derive(Derive::EnumString));
        }
        targets
    }

    fn named(&self, owner: &str, name: &str) -> Vec<Target<'a>> {
        self.select(|function| function.owner == owner && function.name == name)
    }

    fn of_trait(&self, owner: &str, of: &str, name: &str) -> Vec<Target<'a>> {
        self.select(|function| {
            function.owner == owner
                && function.name == name
                && function.of.as_ref().is_some_and(|found| found.name() == of)
        })
    }

    /// `impl From<Rust> for &str` or `String`, or strum's `IntoStaticStr`.
    fn conversions_from(&self, owner: &str) -> Vec<Target<'a>> {
        let mut targets = self.select(|function| {
            matches!(function.owner.as_str(), "str" | "String")
                && function.of.as_ref().is_some_and(|of| {
                    of.name() == "From" && of.arguments.iter().any(|from| from.name() == owner)
                })
        });
        targets.push(Target::Derive(Derive::IntoStaticStr));
        targets
    }

    fn select(&self, wanted: impl Fn(&Function<'a>) -> bool) -> Vec<Target<'a>> {
        self.functions
            .iter()
            .filter(|function| wanted(function))
            .map(|function| Target::Function(function.block))
            .collect()
    }
}

impl<'a> Visit<'a> for Functions<'a> {
    fn visit_item_mod(&mut self, item: &'a syn::ItemMod) {
        if cfg::enabled(&item.attrs) != Truth::No {
            visit::visit_item_mod(self, item);
        }
    }

    fn visit_item_enum(&mut self, item: &'a syn::ItemEnum) {
        if cfg::enabled(&item.attrs) != Truth::No {
            let name = item.ident.unraw().to_string();
            self.enums.entry(name).or_default().push(item);
        }
    }

    fn visit_item_impl(&mut self, item: &'a syn::ItemImpl) {
        if cfg::enabled(&item.attrs) == Truth::No {
            return;
        }
        let owner = TypeRef::of(&item.self_ty).name().to_owned();
        let of = item
            .trait_
            .as_ref()
            .map(|(_, path, _)| TypeRef::of_path(path));
        let around = (
            std::mem::replace(&mut self.owner, owner),
            std::mem::replace(&mut self.of, of),
        );
        visit::visit_item_impl(self, item);
        (self.owner, self.of) = around;
    }

    fn visit_impl_item_fn(&mut self, item: &'a syn::ImplItemFn) {
        if cfg::enabled(&item.attrs) != Truth::No {
            self.functions.push(Function {
                owner: self.owner.clone(),
                of: self.of.clone(),
                name: item.sig.ident.unraw().to_string(),
                block: &item.block,
            });
        }
    }

    fn visit_item_fn(&mut self, item: &'a syn::ItemFn) {
        if cfg::enabled(&item.attrs) != Truth::No {
            self.functions.push(Function {
                owner: String::new(),
                of: None,
                name: item.sig.ident.unraw().to_string(),
                block: &item.block,
            });
            // Functions may hold enums and their `impl`s.
            visit::visit_item_fn(self, item);
        }
    }
}
