//! A project's own rules, held to objects.

use super::OwnRule;
use super::condition::Condition;
use super::literal::{Literal, Names, Sort};
use super::pattern::{Unlike, patterns};
use super::place::{Objects, Place};
use super::told::Unmet;
use crate::catalog::class;
use crate::catalog::{Object, ObjectPath};
use crate::declared::Span;
use crate::finding::{Finding, Severity};
use crate::kinds::RULE_UNUSED;
use crate::subject::Subject;
use crate::text::{proposed, visible};

/// What breaks rules, and what of them says nothing about anything.
pub(crate) fn find(rules: &[&OwnRule], objects: &Objects<'_>) -> Vec<Finding> {
    let asks_for_names = |rule: &&OwnRule| !rule.literals().is_empty();
    let names = (rules.iter().any(asks_for_names)).then(|| Names::of(objects));
    let of_rule = |rule: &&OwnRule| {
        let mut found = rule.find(objects);
        found.extend(names.iter().flat_map(|names| rule.nameless(names)));
        found
    };
    rules.iter().flat_map(of_rule).collect()
}

impl OwnRule {
    fn find(&self, objects: &Objects<'_>) -> Vec<Finding> {
        let all: Vec<_> = (objects.list.iter())
            .flat_map(|object| self.candidates(object, objects))
            .collect();
        let is_meant = |(place, _): &&(Place<'_>, ObjectPath)| self.condition.holds(*place);
        let meant: Vec<_> = all.iter().filter(is_meant).collect();
        if meant.is_empty() {
            return vec![self.unused(objects)];
        }
        let named = self.excepted(meant.iter().map(|(_, path)| path));
        // Only where something excepts nothing that is asked for.
        let there = match self.except.iter().all(|(name, _)| is_any(&named, name)) {
            true => Vec::new(),
            false => self.excepted(all.iter().map(|(_, path)| path)),
        };
        let unmet = (self.except.iter())
            .filter(|(name, _)| !is_any(&named, name))
            .map(|(name, span)| {
                let near = || {
                    let paths: Vec<String> =
                        meant.iter().flat_map(|(_, path)| forms(path)).collect();
                    proposed(name, paths.iter().map(String::as_str))
                };
                self.excepts_nothing(name, span, is_any(&there, name), near)
            });
        let kept = (self.except.iter()).filter_map(|(name, span)| {
            let called = (meant.iter().zip(&named)).filter(|(_, all)| all.contains(&name.as_str()));
            let mut called = called.map(|(it, _)| it).peekable();
            called.peek()?;
            let is_kept = called.all(|(place, path)| self.broken(*place, path).is_none());
            is_kept.then(|| self.excepts_what_is_kept(name, span))
        });
        let held = (meant.iter().zip(&named))
            .filter(|(_, excepted)| excepted.is_empty())
            .filter_map(|((place, path), _)| self.broken(*place, path));
        (held.chain(unmet).chain(kept))
            .chain(self.unlike(objects))
            .collect()
    }

    /// The exceptions that each of these is called by; its names are written once, however many exceptions there are.
    fn excepted<'a>(&self, paths: impl Iterator<Item = &'a ObjectPath>) -> Vec<Vec<&str>> {
        let called = |path: &ObjectPath| {
            if self.except.is_empty() {
                return Vec::new();
            }
            let names = names_of(path);
            (self.except.iter())
                .filter(|(name, _)| names.contains(name))
                .map(|(name, _)| name.as_str())
                .collect()
        };
        paths.map(called).collect()
    }

    /// What of an object, and of what hangs on it, it could be about.
    fn candidates<'a>(
        &self,
        object: &'a Object,
        all: &'a Objects<'a>,
    ) -> Vec<(Place<'a>, ObjectPath)> {
        let is_partition = object.attributes.contains_key("partition_of");
        if is_partition && !self.partitions {
            return Vec::new();
        }
        if self.of.is_empty() {
            let place = Place {
                object,
                parent: None,
                all,
            };
            let is_it = object.class == self.every;
            return is_it.then(|| (place, object.path())).into_iter().collect();
        }
        if !self.of.contains(&object.class) {
            return Vec::new();
        }
        let children = object.children.iter();
        (children.filter(|child| child.class == self.every))
            .map(|child| {
                let place = Place {
                    object: child,
                    parent: Some(object),
                    all,
                };
                (place, object.child_path(child))
            })
            .collect()
    }

    fn broken(&self, place: Place<'_>, path: &ObjectPath) -> Option<Finding> {
        let unmet = |condition: &Condition| condition.unmet(place);
        let mut wrong = self.must.as_ref().map(unmet).unwrap_or_default();
        if let Some(condition) = self.must_not.as_ref().filter(|it| it.holds(place)) {
            wrong.push(Unmet {
                expected: format!("not {}", condition.said()),
                found: condition.found(place),
            });
        }
        if wrong.is_empty() {
            return None;
        }
        let (expected, found): (Vec<String>, Vec<String>) = wrong
            .into_iter()
            .map(|Unmet { expected, found }| (expected, found))
            .unzip();
        let (expected, found) = (expected.join(", "), found.join("; "));
        let help = format!("expected: {expected}; there is: {found}");
        let finding = Finding::new(self.kind, Subject::Object(path.clone()));
        Some(finding.declared(expected).live(found).help(help))
    }

    /// What is there and not asked for anyway is no more than superfluous; what is not there is misspelt, or gone.
    fn excepts_nothing(
        &self,
        name: &str,
        span: &Span,
        is_there: bool,
        near: impl Fn() -> String,
    ) -> Finding {
        let finding = Finding::new(&RULE_UNUSED, self.subject())
            .at(span)
            .live(name);
        match is_there {
            true => finding
                .severity(Severity::Note)
                .help("remove it from `except`: `where` does not ask for it"),
            false => finding.help(format!(
                "remove it from `except`, or write the name as findings print it, `public.posts.title` or `posts.title`{}",
                near()
            )),
        }
    }

    /// An exception that has become superfluous.
    fn excepts_what_is_kept(&self, name: &str, span: &Span) -> Finding {
        Finding::new(&RULE_UNUSED, self.subject())
            .severity(Severity::Note)
            .at(span)
            .live(name)
            .declared("no exception")
            .help("remove it from `except`, so that the rule holds for it as well")
    }

    fn unused(&self, objects: &Objects<'_>) -> Finding {
        let of_tables = match self.of.as_slice() {
            [of] => format!(" of a {}", of.title()),
            _ => String::new(),
        };
        let title = self.every.title();
        let nothing = match self.condition.0.is_empty() {
            true => format!("there is no {title}{of_tables}"),
            false => format!(
                "no {title}{of_tables} is as `where = {}` asks",
                self.condition.said()
            ),
        };
        let of_keys = match self.every == &class::INDEX {
            true => "; the indexes of keys are looked at as `primary-key` and `unique-constraint`",
            false => "",
        };
        let finding = Finding::new(&RULE_UNUSED, self.subject())
            .at(&self.span)
            .help(format!(
                "{nothing}: correct it, or remove the rule{of_keys}"
            ));
        let hints = patterns(self.every, &self.condition).into_iter();
        let hints = hints.filter_map(|pattern| pattern.unlike(objects));
        hints.fold(finding, |finding, hint| finding.help(hint.help))
    }

    /// All that it asks.
    fn conditions(&self) -> impl Iterator<Item = &Condition> {
        let all = [
            Some(&self.condition),
            self.must.as_ref(),
            self.must_not.as_ref(),
        ];
        all.into_iter().flatten()
    }

    fn literals(&self) -> Vec<Literal<'_>> {
        self.conditions().flat_map(Condition::literals).collect()
    }

    /// What it asks for by a name that nothing has: a note, because a rule may keep out what is rightly gone; but the usual owner's, which never has one.
    fn nameless(&self, names: &Names) -> Vec<Finding> {
        let unknown = self.literals().into_iter().filter(|it| !names.has(it));
        unknown
            .map(|literal| {
                let meant = names.nearest(&literal).map(|name| visible(&name));
                let Literal {
                    sort, key, name, ..
                } = literal;
                let usual = format!(
                    "the usual owner, who owns whatever is not said to be another's, has no name here, because it is another role in each \
                     database: ask for it by `{key} = {{ present = false }}`"
                );
                if names.is_usual_owner(&literal) {
                    return self
                        .asks_for_nothing(key, name, None)
                        .severity(RULE_UNUSED.severity)
                        .help(format!("`{}` is {usual}", visible(name)));
                }
                let nothing = match sort {
                    Sort::Type | Sort::Column | Sort::Object => {
                        format!("no {} is called so here", sort.title())
                    }
                    Sort::Role => {
                        "nothing here is owned by such a role, or granted to it".to_owned()
                    }
                };
                let finding = self.asks_for_nothing(key, name, meant).help(format!(
                    "{nothing}: correct it; if the rule keeps out what is gone, it may stay"
                ));
                match literal.may_be_usual {
                    true => finding.help(usual),
                    false => finding,
                }
            })
            .collect()
    }

    /// That it asks by a name that nothing has; `meant` is what has nearly that.
    fn asks_for_nothing(&self, key: &str, name: &str, meant: Option<String>) -> Finding {
        let finding = Finding::new(&RULE_UNUSED, self.subject())
            .severity(Severity::Note)
            .at(&self.span)
            .attribute(key)
            .live(name);
        match meant {
            Some(meant) => finding.declared(meant),
            None => finding,
        }
    }

    /// The patterns that no name is like, and that are written as if one were.
    fn unlike(&self, objects: &Objects<'_>) -> Vec<Finding> {
        let all = (self.conditions()).flat_map(|condition| patterns(self.every, condition));
        let told = all.filter_map(|pattern| Some((pattern.unlike(objects)?, pattern)));
        told.map(|(Unlike { meant, help }, pattern)| {
            self.asks_for_nothing(pattern.key, &pattern.text, meant)
                .help(help)
        })
        .collect()
    }

    fn subject(&self) -> Subject {
        Subject::Rule(self.kind.id.to_owned())
    }
}

/// The names of an object as findings print it: with its schema and its arguments, and without.
fn forms(path: &ObjectPath) -> [String; 4] {
    let bare = |path: &ObjectPath| ObjectPath {
        schema: None,
        ..path.clone()
    };
    let unsigned = ObjectPath {
        signature: String::new(),
        ..path.clone()
    };
    [path.clone(), bare(path), bare(&unsigned), unsigned].map(|path| path.to_string())
}

/// What it can be called: these, and where they are quoted, without the quotes.
fn names_of(path: &ObjectPath) -> Vec<String> {
    let mut names = forms(path).to_vec();
    let quoted = names.iter().filter(|name| name.contains('"'));
    let unquoted: Vec<String> = quoted.map(|name| name.replace('"', "")).collect();
    names.extend(unquoted);
    names
}

/// Whether any of those is called so.
fn is_any(named: &[Vec<&str>], name: &str) -> bool {
    named.iter().flatten().any(|known| *known == name)
}
