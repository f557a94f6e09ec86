//! What rules look at.

use super::words::{is_part_of_word, mentions};
use crate::catalog::query::{Member, Selection, Table};
use crate::catalog::{
    Catalog, Check, Column, DataType, Domain, Domains, QualifiedName, Relation, Routine, Sequence,
    Trigger, TriggerEvent, TriggerTiming, quote_identifier,
};
use crate::compare::{Comparison, Scope};
use crate::declared::{self, Declared, Model, Models, TextEnum};
use crate::introspect::Live;
use crate::migrate::uncommented;
use std::collections::HashMap;

/// Deeper than this no type is made of domains; what goes on is a circle, which PostgreSQL never makes and a file may hold.
const DEEPEST: usize = 64;

/// A schema as rules look at it: what the database holds, without what `[[ignore]]` says is somebody else's, and what the Rust sources say.
pub struct Linted<'a> {
    /// The database, as it is.
    pub live: &'a Live,
    /// The `table!`s put beside its tables; empty where the project has none.
    pub comparison: Comparison<'a>,
    /// What the project's `table!`s say: what [`Model::table`] is a place in.
    pub declared: &'a Declared,
    /// The project's row types.
    pub models: &'a [Model],
    /// Its enums that are stored as text.
    pub text_enums: &'a [TextEnum],
    catalog: &'a Catalog,
    domains: Domains<'a>,
    /// The relations by name: what is asked of each column must not read all of them.
    relations: HashMap<&'a QualifiedName, &'a Relation>,
    /// Functions by name; of several of one name the last, which a trigger's function has none of.
    functions: HashMap<&'a QualifiedName, &'a Routine>,
    /// The sequences of columns: by table and column.
    sequences: HashMap<(&'a QualifiedName, &'a str), &'a Sequence>,
}

impl<'a> Linted<'a> {
    /// Puts the two beside each other. `catalog` is what is the project's of that of `live`.
    #[must_use]
    pub fn new(
        declared: &'a Declared,
        models: &'a Models,
        live: &'a Live,
        catalog: &'a Catalog,
        scope: &'a Scope,
    ) -> Self {
        Self {
            live,
            comparison: Comparison::new(declared, live, scope),
            declared,
            models: &models.models,
            text_enums: &models.text_enums,
            catalog,
            domains: Domains::of(catalog.domains.iter().chain(&catalog.outside.domains)),
            relations: (catalog.relations.iter())
                .map(|relation| (&relation.name, relation))
                .collect(),
            functions: (catalog.functions.iter())
                .map(|function| (&function.name, function))
                .collect(),
            sequences: (catalog.sequences.iter())
                .filter_map(|sequence| Some((sequence.owned_by.as_ref()?, sequence)))
                .map(|(owner, sequence)| ((&owner.relation, owner.column.as_str()), sequence))
                .collect(),
        }
    }

    /// What a type is, where it is a domain: the type that all its domains are made of.
    pub fn base(&self, data_type: &'a DataType) -> &'a DataType {
        (self.made_of(data_type).last()).map_or(data_type, |domain| &domain.base)
    }

    /// Whether a column is of that type of PostgreSQL's own, of a domain over it, or an array of it.
    pub fn is_of(&self, column: &'a Column, name: &str) -> bool {
        let base = self.base(&column.data_type);
        base.schema == "pg_catalog" && base.name == name
    }

    /// What a column is where a row does not say: its own default, or else that of a domain that it is of.
    pub fn default_of(&self, column: &'a Column) -> Option<&'a str> {
        let of_domain = || {
            self.made_of(&column.data_type)
                .find_map(|it| it.default.as_deref())
        };
        column.default.as_deref().or_else(of_domain)
    }

    /// Whether somebody wrote down what a column, or a domain that it is of, is for.
    pub fn has_comment(&self, column: &Column) -> bool {
        column.comment.is_some()
            || (self.made_of(&column.data_type)).any(|domain| domain.comment.is_some())
    }

    /// The domains that a type is made of, the outermost first.
    pub fn made_of(&self, data_type: &DataType) -> impl Iterator<Item = &'a Domain> {
        self.domains.chain(data_type).take(DEEPEST)
    }

    /// Whether a column can hold null: neither it, nor a domain that it is of, nor a check of its table keeps null out.
    pub fn is_nullable(&self, column: &Column, table: &Relation) -> bool {
        !column.not_null && !self.is_kept_from_null(column, table, |check| !check.not_valid)
    }

    /// Whether a new row may have a null there. What is `NOT VALID` holds for it, also where old rows have nulls.
    pub fn takes_null(&self, column: &Column, table: &Relation) -> bool {
        !column.not_null
            && !column.not_null_not_valid
            && !self.is_kept_from_null(column, table, |_| true)
    }

    fn is_kept_from_null(
        &self,
        column: &Column,
        table: &Relation,
        counts: impl Fn(&Check) -> bool,
    ) -> bool {
        let said = format!("({} IS NOT NULL)", quote_identifier(&column.name));
        let mut checks = table.checks.iter().filter(|check| !check.not_enforced);
        checks.any(|check| check.expression == said && counts(check))
            || (self.made_of(&column.data_type)).any(|domain| domain.not_null)
    }

    /// The sequence that a column takes its values from, where that is its own and no identity's: that of a `serial`.
    pub fn serial_of(&self, column: &Member<'a, Column>) -> Option<&'a Sequence> {
        let default = column.default.as_deref();
        let counts = default.is_some_and(|default| default.starts_with("nextval("));
        let own = (&column.table.relation().name, &*column.item().name);
        counts.then(|| self.sequences.get(&own).copied()).flatten()
    }

    /// Whether it has one.
    pub fn is_serial(&self, column: &Member<'a, Column>) -> bool {
        self.serial_of(column).is_some()
    }

    /// The body of a trigger's function, as far as it can be read: of one in C, or of an extension, nothing is known.
    pub fn body_of(&self, trigger: &Trigger) -> Option<&'a str> {
        self.functions.get(&trigger.function)?.body.as_deref()
    }

    /// Whether a trigger runs for each row before such a change, so that it can make another one of it.
    pub fn may_change(trigger: &Trigger, event: TriggerEvent) -> bool {
        trigger.timing == TriggerTiming::Before
            && trigger.for_each_row
            && trigger.events.contains(&event)
            && trigger.enabled.fires()
    }

    /// Whether a trigger may set that column before such a change.
    pub fn may_set(&self, trigger: &Trigger, event: TriggerEvent, column: &str) -> bool {
        Self::may_change(trigger, event) && self.names(trigger, column)
    }

    /// Whether a trigger deals with that column, as far as its function can be read: it is named there, or to it (`moddatetime`, which is in C, takes the name as
    /// an argument), or the whole row is replaced.
    pub fn names(&self, trigger: &Trigger, column: &str) -> bool {
        let names = |body: &str| {
            let body = uncommented(body);
            // Names without quotes are in any case.
            let lower = body.to_lowercase();
            mentions(&body, column) || mentions(&lower, column) || replaces_row(&lower)
        };
        trigger.arguments.iter().any(|argument| argument == column)
            || self.body_of(trigger).is_none_or(names)
    }

    /// The project's functions and procedures that a body, in lower case, calls, as far as names in lower case tell.
    pub fn called_in(&self, body: &str) -> impl Iterator<Item = &'a Routine> {
        let catalog = self.catalog;
        (catalog.functions.iter().chain(&catalog.procedures))
            .filter(move |routine| calls(body, &routine.name.name))
    }

    /// The relation of that name, where the project has it.
    pub fn relation(&self, name: &QualifiedName) -> Option<&'a Relation> {
        self.relations.get(name).copied()
    }

    /// What is the project's.
    pub fn catalog(&self) -> &'a Catalog {
        self.catalog
    }

    /// The project's tables, without partitions and Diesel's bookkeeping.
    pub fn tables(&self) -> Selection<Table<'a>> {
        self.catalog.tables()
    }

    /// Its partitions, which are as their table is unless something was done to one alone.
    pub fn partitions(&self) -> Selection<Table<'a>> {
        self.catalog.partitions()
    }

    /// Its materialized views.
    pub fn materialized_views(&self) -> Selection<Table<'a>> {
        self.catalog.materialized_views()
    }

    /// The row types whose `table!` is known, each with it and with the relation that it stands for.
    pub fn models_of_tables(
        &self,
    ) -> impl Iterator<Item = (&'a Model, &'a declared::Table, &'a Relation)> {
        self.models.iter().filter_map(|model| {
            let index = model.table?;
            let pair = self.comparison.tables.get(index)?;
            Some((model, self.declared.tables.get(index)?, pair.relation?))
        })
    }

    /// The columns of its tables. What a table inherits is said once, of its parent.
    pub fn columns(&self) -> Selection<Member<'a, Column>> {
        (self.tables().columns()).that("that are not inherited", |column| !column.inherited)
    }
}

/// Whether a text has a name as a word of its own, and a bracket behind it.
fn calls(text: &str, name: &str) -> bool {
    text.match_indices(name).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + name.len()..].trim_start_matches('"').trim_start();
        !before.is_some_and(is_part_of_word) && after.starts_with('(')
    })
}

/// Whether a body, in lower case, puts another row in the place of the new one: `NEW := …`, `SELECT … INTO NEW`.
fn replaces_row(body: &str) -> bool {
    let words: Vec<&str> = body
        .split(|c: char| c.is_whitespace() || c == ';')
        .filter(|word| !word.is_empty())
        .collect();
    words.iter().enumerate().any(|(place, word)| match *word {
        "new" => {
            let next = words.get(place + 1).copied().unwrap_or_default();
            let before = place.checked_sub(1).and_then(|place| words.get(place));
            [":=", "=", "#="].iter().any(|sign| next.starts_with(sign))
                || before.is_some_and(|word| ["into", "strict"].contains(word))
        }
        word => word.starts_with("new:=") || word.starts_with("new="),
    })
}

#[cfg(test)]
mod tests {
    use super::super::trial::column;
    use super::*;
    use crate::compare::Scope;
    use crate::declared::{Declared, Models};

    #[test]
    fn a_row_is_replaced_as_a_whole_only() {
        for body in [
            "begin new := f(new); return new; end",
            "begin new:=f(new); return new; end",
            "begin new = new #= '\"a\"=>1'; return new; end",
            "begin select * into new from t; return new; end",
        ] {
            assert!(replaces_row(body), "{body}");
        }
        for body in [
            "begin new.updated_at := now(); return new; end",
            "begin renew := 1; return new; end",
        ] {
            assert!(!replaces_row(body), "{body}");
        }
    }

    /// Whether a trigger of that body may set `author_id` before an UPDATE.
    fn sets(body: Option<&str>) -> bool {
        let function = Routine {
            name: QualifiedName::new("public", "touch"),
            body: body.map(str::to_owned),
            ..Routine::default()
        };
        let catalog = Catalog {
            functions: vec![function],
            ..Catalog::default()
        };
        let trigger = Trigger {
            function: QualifiedName::new("public", "touch"),
            events: vec![TriggerEvent::Update],
            for_each_row: true,
            ..Trigger::default()
        };
        let live = Live {
            catalog: Catalog::default(),
            server_version: 150_000,
            search_path: Vec::new(),
        };
        let scope = Scope::default();
        let (declared, models) = (Declared::default(), Models::default());
        let linted = Linted::new(&declared, &models, &live, &catalog, &scope);
        linted.may_set(
            &trigger,
            TriggerEvent::Update,
            &column("author_id", "int8").name,
        )
    }

    #[test]
    fn a_trigger_may_set_what_it_names() {
        assert!(sets(Some("BEGIN NEW.author_id := 0; RETURN NEW; END")));
        assert!(sets(Some("BEGIN NEW.Author_ID := 0; RETURN NEW; END")));
        assert!(sets(Some("BEGIN NEW := anonymous(NEW); RETURN NEW; END")));
        assert!(sets(None));
        assert!(!sets(Some(
            "BEGIN NEW.updated_at := now(); RETURN NEW; END"
        )));
        assert!(!sets(Some("BEGIN /* not author_id */ RETURN NEW; END")));
    }
}
