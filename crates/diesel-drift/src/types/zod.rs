//! Zod schemas for the types of a model, in the words that Zod 3 and 4 have in common.
//!
//! Each refuses what is certain to be wrong, and nothing that PostgreSQL can hold. `satisfies` makes the compiler see that what a
//! schema lets through is of the type beside it: by its method, because to hold it against `z.ZodType` takes Zod 4's declarations seven
//! times as long.

use super::Int8;
use super::literal::property;
use super::model::{Field, Input, Object};
use super::names::{Name, Names};
use super::shape::{NumberRange, Shape, TextForm};
use crate::catalog::EnumType;
use std::collections::BTreeSet;

/// Writes schemas, and remembers what they are made of.
pub(super) struct Zod<'a> {
    names: &'a Names,
    int8: Int8,
    helpers: BTreeSet<Helper>,
}

/// What schemas share, in the order in which it has to be written. No name that is made of a database's names is like these: those end in
/// `Schema` or `Labels`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Helper {
    Json,
    Int2,
    Int4,
    Int8,
    AnyNumber,
    Float,
    Numeric,
    Characters,
    Uuid,
    Octets,
}

impl Helper {
    fn definition(self, int8: Int8) -> &'static str {
        match self {
            // Of an `unknown` Zod 3 takes the key for optional, and Zod 4 lets it be missing.
            Self::Json => {
                "// Any JSON value, but the key has to be there.\n\
                 const json = z.custom<{} | null>((value) => value !== undefined);\n"
            }
            Self::Int2 => "const int2 = z.number().int().gte(-32768).lte(32767);\n",
            Self::Int4 => "const int4 = z.number().int().gte(-2147483648).lte(2147483647);\n",
            Self::Int8 => match int8 {
                // Not `int()`: Zod 4's is a safe one.
                Int8::Number => {
                    "// Beyond 2 ** 53 a JavaScript number is no longer exact.\n\
                     const int8 = z.number().multipleOf(1).gte(-(2 ** 63)).lte(2 ** 63);\n"
                }
                Int8::String => "const int8 = z.string().regex(/^-?[0-9]+$/);\n",
                Int8::BigInt => "const int8 = z.bigint().gte(-(2n ** 63n)).lt(2n ** 63n);\n",
            },
            // Zod 4's own numbers are finite.
            Self::AnyNumber => {
                "// numeric holds numbers that JSON.parse reads as infinite.\n\
                 const anyNumber = z.custom<number>((value) => typeof value === \"number\", \"expected a number\");\n"
            }
            Self::Float => {
                "const float = z.union([z.number(), z.enum([\"NaN\", \"Infinity\", \"-Infinity\"])]);\n"
            }
            Self::Numeric => {
                "const numeric = z.union([anyNumber, z.enum([\"NaN\", \"Infinity\", \"-Infinity\"])]);\n"
            }
            Self::Characters => {
                "// PostgreSQL counts code points, a JavaScript string's length UTF-16 units.\n\
                 const characters = (most: number) =>\n  \
                   z.string().refine((value) => [...value].length <= most, `expected at most ${most} characters`);\n"
            }
            Self::Uuid => {
                "// Of any version.\n\
                 const uuid = z.string().regex(/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i, \"expected a UUID\");\n"
            }
            Self::Octets => {
                "// bytea, as bytea_output = hex writes it.\n\
                 const octets = z.string().regex(/^\\\\x(?:[0-9a-f]{2})*$/i, \"expected \\\\x and pairs of hexadecimal digits\");\n"
            }
        }
    }
}

impl<'a> Zod<'a> {
    pub(super) fn new(names: &'a Names, int8: Int8) -> Self {
        Self {
            names,
            int8,
            helpers: BTreeSet::new(),
        }
    }

    /// What stands before everything that was written until now.
    pub(super) fn head(&self) -> String {
        let import = "import { z } from \"zod\";\n".to_owned();
        let helpers = self.helpers.iter();
        helpers.fold(import, |head, helper| {
            head + "\n" + helper.definition(self.int8)
        })
    }

    pub(super) fn enum_type(&self, found: &EnumType, name: &Name) -> String {
        let schema = match found.labels.is_empty() {
            true => "z.never()".to_owned(),
            false => format!("z.enum({})", name.labels()),
        };
        constant(name.own(), &schema)
    }

    /// Keys that the type does not have are dropped: a column that is added breaks nothing.
    pub(super) fn object(&mut self, object: &Object, name: &Name) -> String {
        let fields = object.fields.iter();
        let fields: String = fields.map(|field| self.field(field)).collect();
        constant(name.own(), &call("z.object", &fields))
    }

    fn field(&mut self, field: &Field) -> String {
        let value = self.value(&field.shape, field.nullable);
        format!("  {}: {value},\n", property(&field.name))
    }

    /// Keys that the type does not have are refused, as PostgreSQL refuses a column that it does not have or generates.
    pub(super) fn input(&mut self, object: &Object, name: &Name) -> String {
        let taken = object.fields.iter();
        let taken = taken.filter_map(|field| Some((field, field.input.as_ref()?)));
        let fields: String = taken
            .map(|(field, input)| self.input_field(field, input))
            .collect();
        let (insert, update) = (name.insert(), name.update());
        let partial = format!("{}.partial()", Name::schema_of(&insert));
        let insert = constant(&insert, &call("z.strictObject", &fields));
        insert + "\n" + &constant(&update, &partial)
    }

    fn input_field(&mut self, field: &Field, input: &Input) -> String {
        let value = self.value(&input.shape, input.nullable);
        let optional = if input.optional { ".optional()" } else { "" };
        format!("  {}: {value}{optional},\n", property(&field.name))
    }

    fn value(&mut self, shape: &Shape, nullable: bool) -> String {
        let value = self.not_null(shape);
        match nullable && *shape != Shape::Any {
            true => value + ".nullable()",
            false => value,
        }
    }

    fn not_null(&mut self, shape: &Shape) -> String {
        match shape {
            Shape::Any => self.use_helper(Helper::Json, "json"),
            Shape::Boolean => "z.boolean()".to_owned(),
            Shape::SmallInteger => self.use_helper(Helper::Int2, "int2"),
            Shape::Integer => self.use_helper(Helper::Int4, "int4"),
            Shape::BigInteger => self.use_helper(Helper::Int8, "int8"),
            Shape::Number(range) => self.number(*range),
            Shape::Text(form) => self.text(*form),
            Shape::Array { element, nullable } => {
                format!("z.array({})", self.value(element, *nullable))
            }
            Shape::Dictionary => "z.record(z.string(), z.string().nullable())".to_owned(),
            Shape::Enum(name) | Shape::Composite(name) => match self.names.data_type(name) {
                Some(name) => Name::schema_of(name.own()),
                None => self.use_helper(Helper::Json, "json"),
            },
        }
    }

    fn number(&mut self, range: NumberRange) -> String {
        match range {
            NumberRange::Float => self.use_helper(Helper::Float, "float"),
            // Beyond, a JavaScript number is infinite.
            NumberRange::Digits(digits @ -300..=300) => {
                format!(
                    "z.union([z.number().gte(-1e{digits}).lte(1e{digits}), z.literal(\"NaN\")])"
                )
            }
            NumberRange::Digits(_) => {
                let number = self.use_helper(Helper::AnyNumber, "anyNumber");
                format!("z.union([{number}, z.literal(\"NaN\")])")
            }
            NumberRange::Numeric => {
                self.helpers.insert(Helper::AnyNumber);
                self.use_helper(Helper::Numeric, "numeric")
            }
        }
    }

    fn text(&mut self, form: TextForm) -> String {
        match form {
            TextForm::Any => "z.string()".to_owned(),
            TextForm::Characters(most) => {
                self.use_helper(Helper::Characters, &format!("characters({most})"))
            }
            TextForm::Uuid => self.use_helper(Helper::Uuid, "uuid"),
            TextForm::Octets => self.use_helper(Helper::Octets, "octets"),
            TextForm::Bits(None) => "z.string().regex(/^[01]*$/)".to_owned(),
            TextForm::Bits(Some(length)) => {
                format!("z.string().regex(/^[01]*$/).length({length})")
            }
            TextForm::AtMostBits(most) => format!("z.string().regex(/^[01]*$/).max({most})"),
            TextForm::MacAddress(octets) => {
                format!(
                    "z.string().regex(/^[0-9a-f]{{2}}(?::[0-9a-f]{{2}}){{{}}}$/i)",
                    octets - 1
                )
            }
        }
    }

    fn use_helper(&mut self, helper: Helper, expression: &str) -> String {
        self.helpers.insert(helper);
        expression.to_owned()
    }
}

fn call(function: &str, fields: &str) -> String {
    match fields.is_empty() {
        true => format!("{function}({{}})"),
        false => format!("{function}({{\n{fields}}})"),
    }
}

/// A schema that is held against its type.
fn constant(type_name: &str, schema: &str) -> String {
    format!(
        "export const {} = {schema} satisfies {{ parse(value: unknown): {type_name} }};\n",
        Name::schema_of(type_name)
    )
}
