//! The identifiers of a TypeScript module: valid, distinct, and the same again for the same catalog.

use super::model::{Model, Object};
use crate::catalog::{QualifiedName, class};
use crate::text::is_misleading;
use heck::{ToSnakeCase, ToUpperCamelCase};
use std::collections::{BTreeSet, HashMap, HashSet};

/// The names of everything in a model.
pub(super) struct Names {
    relations: HashMap<QualifiedName, Name>,
    types: HashMap<QualifiedName, Name>,
}

/// The identifiers of one relation or type, all made of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Name(String);

impl Name {
    /// The type of a row, of an enum or of a composite type: `Users`.
    pub(super) fn own(&self) -> &str {
        &self.0
    }

    /// `UsersInsert`.
    pub(super) fn insert(&self) -> String {
        format!("{}Insert", self.0)
    }

    /// `UsersUpdate`.
    pub(super) fn update(&self) -> String {
        format!("{}Update", self.0)
    }

    /// `moodLabels`.
    pub(super) fn labels(&self) -> String {
        format!("{}Labels", lower_first(&self.0))
    }

    /// The Zod schema of a type that is made of this name: `usersInsertSchema`.
    pub(super) fn schema_of(type_name: &str) -> String {
        format!("{}Schema", lower_first(type_name))
    }

    /// All of them, also those that are not written: a name depends on nothing but the catalog.
    fn all(&self) -> [String; 7] {
        let (insert, update) = (self.insert(), self.update());
        [
            Self::schema_of(&self.0),
            Self::schema_of(&insert),
            Self::schema_of(&update),
            self.labels(),
            self.0.clone(),
            insert,
            update,
        ]
    }
}

impl Names {
    /// Names for what is in `model`.
    pub(super) fn of(model: &Model) -> Self {
        let mut taken = Taken::default();
        let base = |name: &QualifiedName, suffix: &str| {
            let prefix = match model.plain_schemas.contains(&name.schema) {
                true => String::new(),
                false => words(&name.schema),
            };
            identifier(&format!("{prefix}{}{suffix}", words(&name.name)))
        };
        let is_row_type = |object: &&Object| object.class != &class::COMPOSITE_TYPE;
        let relations = model.relations.iter().map(|object| &object.name);
        let enums = model.enums.iter().map(|found| &found.name);
        let (row_types, composites): (Vec<_>, Vec<_>) =
            model.composites.iter().partition(is_row_type);
        let composites = composites.into_iter().map(|object| &object.name);
        let row_types = row_types.into_iter().map(|object| &object.name);
        let relations = taken.give(relations, |name| base(name, ""));
        let mut types = taken.give(enums.chain(composites), |name| base(name, ""));
        types.extend(taken.give(row_types, |name| base(name, "Composite")));
        Self { relations, types }
    }

    /// The name of a relation of the model.
    pub(super) fn relation(&self, name: &QualifiedName) -> Option<&Name> {
        self.relations.get(name)
    }

    /// The name of an enum, or of a composite or row type, of the model.
    pub(super) fn data_type(&self, name: &QualifiedName) -> Option<&Name> {
        self.types.get(name)
    }
}

/// The identifiers that are given away.
#[derive(Default)]
struct Taken(HashSet<String>);

impl Taken {
    /// Gives each its identifiers. Names in PostgreSQL's plain form come first, so that a quoted `"Users"` does not take that of `users`;
    /// and `x` before `x_insert`.
    fn give<'a>(
        &mut self,
        names: impl Iterator<Item = &'a QualifiedName>,
        base: impl Fn(&QualifiedName) -> String,
    ) -> HashMap<QualifiedName, Name> {
        let is_quoted = |name: &QualifiedName| name.name.to_snake_case() != name.name;
        let names: BTreeSet<_> = names.map(|name| (is_quoted(name), name)).collect();
        let names = names.into_iter().map(|(_, name)| name);
        names
            .map(|name| (name.clone(), self.free(&base(name))))
            .collect()
    }

    fn free(&mut self, base: &str) -> Name {
        let parted = base.ends_with(|c: char| c.is_ascii_digit());
        let numbered = |number: usize| match number {
            1 if GLOBALS.split_whitespace().any(|global| global == base) => format!("{base}_"),
            1 => base.to_owned(),
            _ if parted => format!("{base}_{number}"),
            _ => format!("{base}{number}"),
        };
        let mut number = 1;
        loop {
            let name = Name(numbered(number));
            if name.all().iter().all(|name| !self.0.contains(name)) {
                self.0.extend(name.all());
                return name;
            }
            number += 1;
        }
    }
}

/// A raw name in PascalCase, with nothing in it that an identifier cannot hold.
fn words(name: &str) -> String {
    let fits = |c: &char| unicode_ident::is_xid_continue(*c) && !is_misleading(*c);
    let words: String = name.to_upper_camel_case().chars().filter(fits).collect();
    match words.is_empty() {
        true => name.chars().map(|c| format!("U{:X}", c as u32)).collect(),
        false => words,
    }
}

/// Words as an identifier.
fn identifier(words: &str) -> String {
    match words.starts_with(unicode_ident::is_xid_start) {
        true => words.to_owned(),
        false => format!("_{words}"),
    }
}

fn lower_first(name: &str) -> String {
    let mut chars = name.chars();
    let first = chars.next().into_iter().flat_map(char::to_lowercase);
    first.chain(chars).collect()
}

/// Types that ECMAScript and TypeScript's utility types name. A module may hide them, but then whoever imports the type loses them too.
const GLOBALS: &str = "
    AggregateError Array ArrayBuffer ArrayLike AsyncGenerator AsyncIterable AsyncIterator Atomics Awaited BigInt
    BigInt64Array BigUint64Array Boolean Capitalize ConstructorParameters DataView Date Disposable Error EvalError Exclude
    Extract FinalizationRegistry Float16Array Float32Array Float64Array Function Generator Infinity InstanceType Int16Array Int32Array
    Int8Array Intl Iterable Iterator JSON Lowercase Map Math NaN NoInfer NonNullable Number Object Omit OmitThisParameter
    Parameters Partial Pick Promise PromiseLike PropertyKey Proxy RangeError Readonly ReadonlyArray ReadonlyMap ReadonlySet Record
    ReferenceError Reflect RegExp Required ReturnType Set SharedArrayBuffer String Symbol SyntaxError TemplateStringsArray
    ThisParameterType ThisType TypeError URIError Uint16Array Uint32Array Uint8Array Uint8ClampedArray Uncapitalize Uppercase WeakMap
    WeakRef WeakSet
";

#[cfg(test)]
mod tests {
    use super::*;

    fn named(schema: &str, name: &str) -> Object {
        Object {
            name: QualifiedName::new(schema, name),
            class: &class::TABLE,
            fields: Vec::new(),
            comment: None,
        }
    }

    /// The names of tables, in the order in which they are given here.
    fn names(tables: &[(&str, &str)]) -> Vec<String> {
        let model = Model {
            relations: tables
                .iter()
                .map(|(schema, name)| named(schema, name))
                .collect(),
            plain_schemas: BTreeSet::from(["public".to_owned()]),
            ..Model::default()
        };
        let names = Names::of(&model);
        let name = |object: &Object| names.relation(&object.name).unwrap().own().to_owned();
        model.relations.iter().map(name).collect()
    }

    #[test]
    fn names_are_pascal_case_and_the_schema_goes_before() {
        assert_eq!(
            names(&[
                ("public", "user_accounts"),
                ("audit", "log"),
                ("public", "XMLData")
            ]),
            ["UserAccounts", "AuditLog", "XmlData"]
        );
    }

    #[test]
    fn what_is_no_identifier_becomes_one() {
        for (name, identifier) in [
            ("2024_events", "_2024Events"),
            ("two words", "TwoWords"),
            ("a\nb\"c", "ABC"),
            ("😀", "U1F600"),
            ("😀 faces", "Faces"),
            ("注文", "注文"),
            ("élan_vital", "ÉlanVital"),
            ("\u{202e}x²", "X"),
            ("*/ alert(1)", "Alert1"),
        ] {
            assert_eq!(names(&[("public", name)]), [identifier]);
        }
    }

    #[test]
    fn no_two_are_the_same_and_the_plain_one_stays_what_it_is() {
        assert_eq!(
            names(&[
                ("public", "Users"),
                ("public", "users"),
                ("public", "FooBar"),
                ("public", "foo_bar"),
                ("public", "foo__bar"),
                ("public", "x1"),
                ("public", "X1"),
                ("a", "b_c"),
                ("a_b", "c"),
            ]),
            [
                "Users2", "Users", "FooBar2", "FooBar", "FooBar3", "X1", "X1_2", "ABC", "ABC2"
            ]
        );
    }

    #[test]
    fn what_is_made_of_a_name_is_taken_as_well() {
        assert_eq!(
            names(&[
                ("public", "x"),
                ("public", "x_insert"),
                ("public", "x_insert2")
            ]),
            ["X", "XInsert2", "XInsert2_2"]
        );
    }

    #[test]
    fn globals_are_left_alone() {
        assert_eq!(
            names(&[
                ("public", "date"),
                ("public", "record"),
                ("public", "date_")
            ]),
            ["Date_", "Record_", "Date2"]
        );
    }

    #[test]
    fn a_relation_s_row_type_has_a_name_of_its_own() {
        let model = Model {
            relations: vec![named("public", "users")],
            composites: vec![named("public", "users")],
            plain_schemas: BTreeSet::from(["public".to_owned()]),
            ..Model::default()
        };
        let names = Names::of(&model);
        let name = QualifiedName::new("public", "users");
        assert_eq!(names.relation(&name).unwrap().own(), "Users");
        assert_eq!(names.data_type(&name).unwrap().own(), "UsersComposite");
    }

    #[test]
    fn constants_begin_small() {
        let name = Name("ÉlanVital".to_owned());
        assert_eq!(name.labels(), "élanVitalLabels");
        assert_eq!(Name::schema_of(&name.insert()), "élanVitalInsertSchema");
    }
}
