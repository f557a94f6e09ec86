//! The functions of a file.

use std::collections::{BTreeSet, HashMap};

use proc_macro2::{TokenStream, TokenTree};
use syn::ext::IdentExt;
use syn::visit::{self, Visit};

use crate::declared::cfg::{self, Build, Truth};
use crate::declared::macros::attributes;
use crate::declared::module_path;
use crate::declared::text::Text;
use crate::declared::type_ref::{Imports, TypeRef, segments};

use super::body::Body;
use super::calls::{Chain, Function, Root};
use super::dead::dead;
use super::known::Known;

/// What a file says.
#[derive(Default)]
pub(super) struct Found {
    pub(super) functions: Vec<Function>,
    /// Traits, and the types that have them.
    pub(super) traits: BTreeSet<(String, String)>,
}

/// The functions of a file, each with what it names.
pub(super) fn functions(known: &Known<'_>, text: &Text, file: &syn::File) -> Found {
    let mut uses = Uses(Imports::default());
    uses.visit_file(file);
    let mut collector = Collector {
        text,
        known,
        imports: uses.0,
        module: Vec::new(),
        owner: None,
        of_trait: None,
        found: Found::default(),
    };
    if cfg::enabled_in(Build::Tests, &file.attrs) != Truth::No {
        collector.visit_file(file);
    }
    collector.found
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
    /// The modules around, inside the file.
    module: Vec<String>,
    /// The type or trait around.
    owner: Option<String>,
    /// The trait that is implemented around.
    of_trait: Option<String>,
    found: Found,
}

/// Whether an attribute of that name makes a function a test: `test`, `tokio::test`, `rstest`, `test_case`; not `test_database`, which prepares one.
fn makes_a_test(name: &str) -> bool {
    name.ends_with("test") || ["test_case", "test_matrix"].contains(&name)
}

impl Collector<'_> {
    fn function(
        &mut self,
        attributes: &[syn::Attribute],
        signature: &syn::Signature,
        block: &syn::Block,
    ) {
        if cfg::enabled_in(Build::Tests, attributes) == Truth::No {
            return;
        }
        let has = |says: fn(&str) -> bool| {
            (attributes.iter()).any(|attribute| {
                let path = segments(attribute.path());
                path.last().is_some_and(|last| says(last))
            })
        };
        let function = Function {
            // What is not run shows nothing.
            is_test: has(makes_a_test) && !has(|name| name == "ignore"),
            returns: self.returned(&signature.output),
            ..self.empty(&signature.ident.unraw().to_string(), signature.ident.span())
        };
        // The tokens are those of the text: a place in it is simpler than what `syn` made of them.
        let braces = block.brace_token.span;
        let span = self.text.between(braces.open(), braces.close());
        let run = self.text.with_blanks(&dead(self.text, block));
        let tokens = run.slice(&span).parse().unwrap_or_default();
        self.body(function, self.parameters(signature), tokens);
    }

    fn body(&mut self, function: Function, variables: HashMap<String, Chain>, tokens: TokenStream) {
        let body = Body {
            known: self.known,
            imports: &self.imports,
            variables,
            function,
        };
        self.found.functions.push(body.read(tokens));
    }

    fn empty(&self, name: &str, at: proc_macro2::Span) -> Function {
        Function {
            name: name.to_owned(),
            also: Vec::new(),
            owner: self.owner.clone(),
            of_trait: self.of_trait.clone(),
            returns: None,
            at: module_path::whole(&self.text.path, &self.module),
            span: self.text.span(at),
            is_test: false,
            calls: BTreeSet::new(),
            writes: BTreeSet::new(),
            reads: BTreeSet::new(),
        }
    }

    fn returned(&self, output: &syn::ReturnType) -> Option<String> {
        match output {
            syn::ReturnType::Type(_, ty) => Some(self.type_of(ty)?.pop()?),
            syn::ReturnType::Default => None,
        }
    }

    /// A type's path; that of what is in it, where it holds one thing.
    fn type_of(&self, ty: &syn::Type) -> Option<Vec<String>> {
        let mut ty = TypeRef::of(ty);
        while is_holder(ty.name()) {
            ty = ty.arguments.into_iter().next()?;
        }
        match (ty.name(), &self.owner) {
            ("", _) => None,
            ("Self", Some(owner)) => Some(vec![owner.clone()]),
            _ => Some(self.imports.whole(&ty.path).unwrap_or(ty.path)),
        }
    }

    fn parameters(&self, signature: &syn::Signature) -> HashMap<String, Chain> {
        (signature.inputs.iter())
            .filter_map(|input| match input {
                syn::FnArg::Typed(typed) => Some(typed),
                syn::FnArg::Receiver(_) => None,
            })
            .filter_map(|typed| {
                let syn::Pat::Ident(name) = &*typed.pat else {
                    return None;
                };
                let chain = Chain {
                    root: Root::Type(self.type_of(&typed.ty)?),
                    steps: Vec::new(),
                };
                Some((name.ident.unraw().to_string(), chain))
            })
            .collect()
    }

    fn within(&mut self, owner: Option<String>, read: impl FnOnce(&mut Self)) {
        let around = std::mem::replace(&mut self.owner, owner);
        read(self);
        self.owner = around;
    }

    /// A macro in an `impl` makes functions that are called as it, or as a name that it is given.
    fn made(&mut self, mac: &syn::Macro) {
        let Some(name) = segments(&mac.path).pop() else {
            return;
        };
        let Some(first) = mac.path.segments.first() else {
            return;
        };
        // Names that stand alone between commas.
        let tokens: Vec<TokenTree> = mac.tokens.clone().into_iter().collect();
        let is_comma =
            |token: &TokenTree| matches!(token, TokenTree::Punct(punct) if punct.as_char() == ',');
        let names = tokens.split(is_comma).filter_map(|part| match part {
            [TokenTree::Ident(ident)] => Some(ident.unraw().to_string()),
            _ => None,
        });
        let function = Function {
            also: names.collect(),
            ..self.empty(&name, first.ident.span())
        };
        // It is most often given the table first.
        let tokens: TokenStream = mac.tokens.clone();
        let in_call = proc_macro2::Group::new(proc_macro2::Delimiter::Parenthesis, tokens);
        let call = [
            TokenTree::Ident(proc_macro2::Ident::new("insert_into", first.ident.span())),
            TokenTree::Group(in_call),
        ];
        self.body(function, HashMap::new(), call.into_iter().collect());
        const WRITES: [&str; 5] = ["insert", "update", "delete", "create", "save"];
        if let Some(made) = self.found.functions.last_mut()
            && !WRITES.iter().any(|verb| name.contains(verb))
        {
            made.reads.append(&mut made.writes);
        }
    }
}

/// Types that hold one value, and lend its methods or give it out.
fn is_holder(name: &str) -> bool {
    const HOLDERS: [&str; 8] = [
        "Option", "Arc", "Rc", "Box", "Vec", "State", "Data", "Mutex",
    ];
    HOLDERS.contains(&name) || name.ends_with("Result")
}

impl<'ast> Visit<'ast> for Collector<'_> {
    fn visit_item(&mut self, item: &'ast syn::Item) {
        if cfg::enabled_in(Build::Tests, attributes(item)) != Truth::No {
            visit::visit_item(self, item);
        }
    }

    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        self.module.push(item.ident.unraw().to_string());
        visit::visit_item_mod(self, item);
        self.module.pop();
    }

    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        self.within(None, |collector| {
            collector.function(&item.attrs, &item.sig, &item.block);
            visit::visit_item_fn(collector, item);
        });
    }

    fn visit_item_impl(&mut self, item: &'ast syn::ItemImpl) {
        let owner = TypeRef::of(&item.self_ty).path.pop();
        let of_trait = (item.trait_.as_ref()).and_then(|(_, path, _)| segments(path).pop());
        if let (Some(of), Some(owner)) = (&of_trait, &owner) {
            self.found.traits.insert((of.clone(), owner.clone()));
        }
        let around = std::mem::replace(&mut self.of_trait, of_trait);
        self.within(owner, |collector| visit::visit_item_impl(collector, item));
        self.of_trait = around;
    }

    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        self.function(&item.attrs, &item.sig, &item.block);
        visit::visit_impl_item_fn(self, item);
    }

    fn visit_impl_item_macro(&mut self, item: &'ast syn::ImplItemMacro) {
        self.made(&item.mac);
    }

    fn visit_item_trait(&mut self, item: &'ast syn::ItemTrait) {
        let owner = item.ident.unraw().to_string();
        // A trait of these sources has itself.
        self.found.traits.insert((owner.clone(), owner.clone()));
        self.within(Some(owner), |collector| {
            visit::visit_item_trait(collector, item)
        });
    }

    fn visit_trait_item_fn(&mut self, item: &'ast syn::TraitItemFn) {
        if let Some(block) = &item.default {
            self.function(&item.attrs, &item.sig, block);
        }
        visit::visit_trait_item_fn(self, item);
    }

    fn visit_item_macro(&mut self, item: &'ast syn::ItemMacro) {
        let Some(name) = item
            .ident
            .as_ref()
            .filter(|_| item.mac.path.is_ident("macro_rules"))
        else {
            return;
        };
        let function = self.empty(&format!("{}!", name.unraw()), name.span());
        self.body(function, HashMap::new(), item.mac.tokens.clone());
    }
}
