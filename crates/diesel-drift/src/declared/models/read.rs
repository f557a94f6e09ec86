//! One struct.

use std::collections::BTreeSet;

use syn::Meta;
use syn::ext::IdentExt;
use syn::spanned::Spanned;

use super::attributes::{Entry, entries};
use super::{Derive, Field, Model};
use crate::declared::cfg::{self, Truth};
use crate::declared::table::on_one_line;
use crate::declared::text::Text;
use crate::declared::type_ref::{Imports, Path, TypeRef, segments};

/// Types that hold no null, by their last name: those of Rust and of the crates that Diesel reads columns with. Anything else may be made to.
const NEVER_NULL: &[&str] = &[
    "bool",
    "char",
    "i8",
    "i16",
    "i32",
    "i64",
    "u8",
    "u16",
    "u32",
    "u64",
    "f32",
    "f64",
    "str",
    "String",
    "Vec",
    "Cow",
    "NaiveDate",
    "NaiveDateTime",
    "NaiveTime",
    "DateTime",
    "OffsetDateTime",
    "PrimitiveDateTime",
    "SystemTime",
    "Uuid",
    "BigDecimal",
    "IpNetwork",
    "PgInterval",
    "PgNumeric",
    "PgTimestamp",
];

/// Reads a struct, for each table that it names, its tables not yet resolved; none where it is no row type.
pub(in crate::declared) fn of(
    text: &Text,
    imports: &Imports,
    module: &[String],
    conditional: bool,
    item: &syn::ItemStruct,
) -> Vec<Model> {
    let metas = cfg::effective(&item.attrs);
    let derives = derives(&metas, imports);
    let attributes = entries(&metas);
    let tables: Vec<Path> = (attributes.iter())
        .filter(|entry| entry.name == "table_name")
        .filter_map(Entry::path)
        .collect();
    if derives.is_empty() && tables.is_empty() {
        return Vec::new();
    }
    let rust_name = item.ident.unraw().to_string();
    let assumed = conditions(&item.attrs, imports);
    let is_parameter =
        |parameter: &syn::GenericParam| !matches!(parameter, syn::GenericParam::Lifetime(_));
    let model = Model {
        module: module.to_vec(),
        table_path: None,
        table: None,
        fields: fields(text, item, &assumed),
        is_tuple: matches!(item.fields, syn::Fields::Unnamed(_)),
        is_generic: item.generics.params.iter().any(is_parameter),
        conditional: conditional || !assumed.is_empty(),
        span: text.span(item.ident.span()),
        derives,
        rust_name,
    };
    if tables.is_empty() {
        let needs = model.derives.iter().any(|derive| derive.needs_table());
        let own = needs.then(|| vec![default_table(&model.rust_name)]);
        return vec![Model {
            table_path: own,
            ..model
        }];
    }
    let of_table = |path: Path| Model {
        table_path: Some(path),
        ..model.clone()
    };
    tables.into_iter().map(of_table).collect()
}

/// Diesel's derives among the attributes.
fn derives(metas: &[Meta], imports: &Imports) -> Vec<Derive> {
    let found: BTreeSet<Derive> = (metas.iter())
        .filter_map(|meta| meta.require_list().ok())
        .filter(|list| list.path.is_ident("derive"))
        .flat_map(cfg::arguments)
        .filter_map(|part| derive(&segments(part.path()), imports))
        .collect();
    found.into_iter().collect()
}

/// A derive of Diesel; none where the name comes from another crate.
fn derive(path: &Path, imports: &Imports) -> Option<Derive> {
    let whole = imports.whole(path);
    let path = whole.as_ref().unwrap_or(path);
    let name = path.last()?;
    let of_diesel = path.len() == 1 || path.first().is_some_and(|first| first == "diesel");
    Derive::ALL
        .into_iter()
        .find(|derive| of_diesel && derive.name() == name)
}

/// The predicates under which a struct is a row type: those of each `cfg_attr` that holds something of Diesel.
fn conditions(attributes: &[syn::Attribute], imports: &Imports) -> Vec<Meta> {
    (attributes.iter())
        .filter(|attribute| attribute.path().is_ident("cfg_attr"))
        .filter(|attribute| {
            let metas = cfg::effective(std::slice::from_ref(*attribute));
            !derives(&metas, imports).is_empty() || !entries(&metas).is_empty()
        })
        .filter_map(|attribute| {
            let list = attribute.meta.require_list().ok()?;
            cfg::arguments(list).into_iter().next()
        })
        .filter(|predicate| cfg::evaluate(predicate) == Truth::Maybe)
        .collect()
}

fn fields(text: &Text, item: &syn::ItemStruct, assumed: &[Meta]) -> Vec<Field> {
    let parameters: Vec<String> = (item.generics.type_params())
        .map(|parameter| parameter.ident.to_string())
        .collect();
    (item.fields.iter())
        .filter_map(|field| match exists(&field.attrs, assumed) {
            Truth::No => None,
            truth => Some((truth, field)),
        })
        .enumerate()
        .map(|(number, (truth, source))| Field {
            conditional: truth == Truth::Maybe,
            ..field(text, number, source, &parameters)
        })
        .collect()
}

/// Whether a field exists where some predicates hold.
fn exists(attributes: &[syn::Attribute], assumed: &[Meta]) -> Truth {
    let holds = |predicate: &Meta| match predicate {
        same if assumed.contains(same) => Truth::Yes,
        Meta::List(list)
            if list.path.is_ident("not")
                && (cfg::arguments(list).iter()).all(|inner| assumed.contains(inner)) =>
        {
            Truth::No
        }
        other => cfg::evaluate(other),
    };
    (attributes.iter())
        .filter(|attribute| attribute.path().is_ident("cfg"))
        .filter_map(|attribute| attribute.parse_args::<Meta>().ok())
        .map(|predicate| holds(&predicate))
        .fold(Truth::Yes, Truth::and)
}

fn field(text: &Text, number: usize, field: &syn::Field, parameters: &[String]) -> Field {
    let attributes = entries(&cfg::effective(&field.attrs));
    let has = |name: &str| attributes.iter().any(|entry| entry.name == name);
    let value = |name: &str| attributes.iter().find(|entry| entry.name == name);
    let ident = (field.ident.as_ref()).map(|ident| ident.unraw().to_string());
    let named = value("column_name").and_then(Entry::name);
    let (embed, is_expression) = (has("embed"), has("select_expression"));
    let conversion = |name: &str| value(name).map(|entry| on_one_line(&entry.value.to_string()));
    let (read_as, written_as) = (conversion("deserialize_as"), conversion("serialize_as"));
    let converted = read_as.is_some() || written_as.is_some();
    let place = field
        .ident
        .as_ref()
        .map_or_else(|| field.ty.span(), syn::Ident::span);
    Field {
        column: (named.or_else(|| ident.clone())).filter(|_| !embed && !is_expression),
        rust_name: ident.unwrap_or_else(|| number.to_string()),
        type_text: on_one_line(text.slice(&text.span(field.ty.span()))),
        nullable: nullable(&TypeRef::of(&field.ty), parameters).filter(|_| !converted),
        embed,
        is_expression,
        read_as,
        written_as,
        is_skipped: has("skip_insertion") || has("skip_update"),
        conditional: false,
        span: text.span(place),
    }
}

fn nullable(ty: &TypeRef, parameters: &[String]) -> Option<bool> {
    let name = ty.name();
    if ty.path.len() == 1 && parameters.iter().any(|parameter| parameter == name) {
        return None;
    }
    match name {
        "Option" => Some(true),
        name if NEVER_NULL.contains(&name) => Some(false),
        _ => None,
    }
}

/// The table that Diesel takes where a struct names none (`infer_table_name` of `diesel_derives`): every capital begins a word.
fn default_table(rust_name: &str) -> String {
    let mut name = String::new();
    for (at, c) in rust_name.chars().enumerate() {
        if c.is_uppercase() && at > 0 {
            name.push('_');
        }
        name.extend(c.to_lowercase());
    }
    name.push('s');
    name
}
