//! The files that belong to a file: `mod x;` and `include!(…)`.

use std::path::{Path as FilePath, PathBuf};

use syn::ext::IdentExt;
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::{Item, Meta};

use super::cfg::{self, Build, Truth};
use super::macros::{self, attributes};
use super::type_ref::{Path, segments};

/// A file that belongs to another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Child {
    /// How the other file names it.
    pub(super) place: Place,
    /// Whether the build does not have it: only tests, or another backend.
    pub(super) excluded: bool,
}

/// How a file names another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// `mod x;`, with the modules around it and its `#[path]`.
    Module {
        /// Module path inside the file, its own name last.
        module: Path,
        /// `#[path = "…"]`.
        path: Option<String>,
    },
    /// `include!(…)`, and its 1-based line.
    Include { file: Included, line: usize },
}

/// What an `include!` takes in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Included {
    /// `"…"`, from the file's directory.
    Beside(String),
    /// `concat!(env!("CARGO_MANIFEST_DIR"), "…")`, from the package's directory.
    OfPackage(String),
    /// What only the build knows, such as a file of `OUT_DIR`.
    OfBuild,
}

/// The files that belong to a file in a build.
pub(super) fn of(build: Build, file: &syn::File) -> Vec<Child> {
    let mut reader = Reader {
        build,
        module: Path::new(),
        excluded: cfg::enabled_in(build, &file.attrs) == Truth::No,
        children: Vec::new(),
    };
    reader.items(&file.items);
    reader.children
}

struct Reader {
    build: Build,
    module: Path,
    excluded: bool,
    children: Vec<Child>,
}

impl Reader {
    fn items(&mut self, items: &[Item]) {
        for item in items {
            let truth = cfg::enabled_in(self.build, attributes(item));
            self.under(truth, |reader| match item {
                Item::Mod(item) => reader.module(item),
                Item::Macro(item) if item.ident.is_none() => reader.invocation(&item.mac),
                _ => {}
            });
        }
    }

    fn under(&mut self, truth: Truth, read: impl FnOnce(&mut Self)) {
        let excluded = self.excluded;
        self.excluded |= truth == Truth::No;
        read(self);
        self.excluded = excluded;
    }

    fn module(&mut self, item: &syn::ItemMod) {
        self.module.push(item.ident.unraw().to_string());
        match &item.content {
            Some((_, items)) => self.items(items),
            None => {
                let chosen = paths(&cfg::effective(&item.attrs));
                for path in paths(&cfg::left_out(&item.attrs)) {
                    self.under(Truth::No, |reader| reader.file(Some(path)));
                }
                if chosen.is_empty() {
                    self.file(None);
                }
                for path in chosen {
                    self.file(Some(path));
                }
            }
        }
        self.module.pop();
    }

    fn file(&mut self, path: Option<String>) {
        let module = self.module.clone();
        self.child(Place::Module { module, path });
    }

    fn child(&mut self, place: Place) {
        let excluded = self.excluded;
        self.children.push(Child { place, excluded });
    }

    /// `include!`, and what holds items: `cfg_if!`, or a macro of the project.
    fn invocation(&mut self, mac: &syn::Macro) {
        let name = segments(&mac.path).pop().unwrap_or_default();
        if name == "include" {
            self.child(Place::Include {
                file: mac
                    .parse_body()
                    .map_or(Included::OfBuild, |file| included(&file)),
                line: mac.path.span().start().line,
            });
            return;
        }
        if macros::is_template(&name) || macros::is_of_diesel(&segments(&mac.path)) {
            return;
        }
        for (truth, tokens) in macros::items(&name, mac) {
            if let Ok(file) = syn::parse2::<syn::File>(tokens) {
                self.under(truth, |reader| reader.items(&file.items));
            }
        }
    }
}

fn included(argument: &syn::Expr) -> Included {
    if let Some(file) = cfg::string(argument) {
        return Included::Beside(file);
    }
    of_package(argument).map_or(Included::OfBuild, Included::OfPackage)
}

/// What follows the package's directory in `concat!(env!("CARGO_MANIFEST_DIR"), …)`.
fn of_package(argument: &syn::Expr) -> Option<String> {
    let call = |argument: &syn::Expr, name: &str| match argument {
        syn::Expr::Macro(call) if call.mac.path.is_ident(name) => call
            .mac
            .parse_body_with(Punctuated::<syn::Expr, syn::Token![,]>::parse_terminated)
            .ok(),
        _ => None,
    };
    let parts = call(argument, "concat")?;
    let mut parts = parts.iter();
    let variable = call(parts.next()?, "env")?;
    (cfg::string(variable.first()?)? == "CARGO_MANIFEST_DIR").then_some(())?;
    parts.map(cfg::string).collect()
}

fn paths(attributes: &[Meta]) -> Vec<String> {
    attributes
        .iter()
        .filter_map(|attribute| match attribute {
            Meta::NameValue(pair) if pair.path.is_ident("path") => cfg::string(&pair.value),
            _ => None,
        })
        .collect()
}

impl Child {
    /// The file, by rustc's rules; `None` where there is none (it may be generated, or not compiled).
    pub(super) fn locate(&self, parent: &FilePath) -> Option<PathBuf> {
        let dir = parent.parent()?;
        let (module, path) = match &self.place {
            Place::Include { file, .. } => {
                let file = match file {
                    Included::Beside(file) => dir.join(file),
                    Included::OfPackage(file) => dir
                        .ancestors()
                        .find(|dir| dir.join("Cargo.toml").is_file())?
                        .join(file.trim_start_matches('/')),
                    Included::OfBuild => return None,
                };
                return Some(file).filter(|file| file.is_file());
            }
            Place::Module { module, path } => (module, path),
        };
        let (name, around) = module.split_last()?;
        let stem = parent.file_stem()?.to_str()?;
        let own = if matches!(stem, "mod" | "lib" | "main") {
            dir.to_owned()
        } else {
            dir.join(stem)
        };
        // The root of a program or test, and a file that `#[path]` names, have their modules beside them.
        let bases = [own.as_path(), dir].map(|base| base.join(around.join("/")));
        let candidates: Vec<PathBuf> = match path {
            Some(path) if around.is_empty() => vec![dir.join(path)],
            Some(path) => bases.map(|base| base.join(path)).into(),
            None => bases
                .iter()
                .flat_map(|base| {
                    [
                        base.join(format!("{name}.rs")),
                        base.join(name).join("mod.rs"),
                    ]
                })
                .collect(),
        };
        candidates.into_iter().find(|file| file.is_file())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn children(text: &str) -> Vec<(String, bool)> {
        let shown = |child: &Child| {
            let place = match &child.place {
                Place::Include { file, line } => format!("{line}: {file:?}"),
                Place::Module { module, path: None } => module.join("::"),
                Place::Module {
                    module,
                    path: Some(path),
                } => format!("{} = {path}", module.join("::")),
            };
            (place, child.excluded)
        };
        of(Build::Plain, &syn::parse_str(text).unwrap())
            .iter()
            .map(shown)
            .collect()
    }

    #[test]
    fn every_form_is_found_with_what_excludes_it() {
        let found = children(
            "mod a; pub(crate) mod r#type; include!(\"x.rs\");
             mod inline { mod b; #[cfg(test)] mod c { mod d; } }
             #[cfg_attr(feature = \"sqlite\", path = \"s.rs\")] #[cfg_attr(feature = \"postgres\", path = \"p.rs\")] mod e;
             #[cfg_attr(mysql, path = \"m.rs\")] mod f;
             cfg_if! { if #[cfg(feature = \"postgres\")] { mod g; } else { mod h; } }
             with_feature! { mod i; }
             macro_rules! no { () => { mod j; } }
             #[cfg(feature = \"sqlite\")] include!(\"y.rs\");
             include!(concat!(env!(\"OUT_DIR\"), \"/z.rs\"));
             include!(concat!(env!(\"CARGO_MANIFEST_DIR\"), \"/a\", \"/b.rs\",));",
        );
        let found: Vec<_> = found.iter().map(|(a, b)| (a.as_str(), *b)).collect();
        let expected = [
            ("a", false),
            ("type", false),
            ("1: Beside(\"x.rs\")", false),
            ("inline::b", false),
            ("inline::c::d", true),
            ("e = s.rs", true),
            ("e = p.rs", false),
            ("f = m.rs", true),
            ("f", false),
            ("g", false),
            ("h", true),
            ("i", false),
            ("8: Beside(\"y.rs\")", true),
            ("9: OfBuild", false),
            ("10: OfPackage(\"/a/b.rs\")", false),
        ];
        assert_eq!(found, expected);
        assert_eq!(children("#![cfg(test)] mod a;"), [("a".to_owned(), true)]);
    }
}
