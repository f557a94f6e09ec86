//! Where the things of a catalog are, by name.

use super::{Member, Single, Table};
use crate::catalog::{
    Check, Column, EnumType, ForeignKey, Index, Key, ObjectPath, Policy, Routine, Trigger, class,
};

/// Something that has a name in a catalog.
pub trait Named {
    /// Its own name, raw.
    fn name(&self) -> &str;
    /// The schema that it is in, or that its table is in.
    fn schema(&self) -> &str;
    /// Where it is.
    fn object(&self) -> ObjectPath;
    /// Where it is, as findings print it: `public.posts.title`.
    fn path(&self) -> String {
        self.object().to_string()
    }
}

impl Named for Table<'_> {
    fn name(&self) -> &str {
        &self.relation.name.name
    }

    fn schema(&self) -> &str {
        &self.relation.name.schema
    }

    fn object(&self) -> ObjectPath {
        ObjectPath {
            schema: Some(self.schema().to_owned()),
            name: self.name().to_owned(),
            signature: String::new(),
            child: None,
            class: self.relation.class(),
        }
    }
}

macro_rules! named {
    (members: $($member:ty => $class:ident)*; singles: $($single:ty => $of:ident)*) => {
        $(impl Named for Member<'_, $member> {
            fn name(&self) -> &str {
                &self.item.name
            }

            fn schema(&self) -> &str {
                self.table.relation.name.schema.as_str()
            }

            fn object(&self) -> ObjectPath {
                ObjectPath {
                    child: Some(self.item.name.clone()),
                    class: &class::$class,
                    ..self.table.object()
                }
            }
        })*
        $(impl Named for Single<'_, $single> {
            fn name(&self) -> &str {
                &self.name.name
            }

            fn schema(&self) -> &str {
                &self.name.schema
            }

            fn object(&self) -> ObjectPath {
                ObjectPath {
                    schema: Some(self.name.schema.clone()),
                    name: self.name.name.clone(),
                    signature: self.signature.to_owned(),
                    child: None,
                    class: &class::$of,
                }
            }
        })*
    };
}

named! {
    members:
        Column => COLUMN
        ForeignKey => FOREIGN_KEY
        Key => UNIQUE_CONSTRAINT
        Check => CHECK_CONSTRAINT
        Index => INDEX
        Trigger => TRIGGER
        Policy => POLICY;
    singles:
        EnumType => ENUM
        Routine => FUNCTION
}
