use super::words::{list, member_subject, said};
use super::{Default, Rule, rule_fixture};
use crate::catalog::query::Member;
use crate::catalog::{Column, ForeignKey, ReferentialAction, TriggerEvent};
use crate::finding::{Finding, Found, Kind, Severity};
use crate::rules::Linted;

pub static KIND: Kind = Kind {
    id: "foreign-key-unfulfillable",
    severity: Severity::Error,
    summary: "a foreign key that sets columns to null that may not be null",
    fixture: Some(rule_fixture!("foreign-key-unfulfillable")),
    found: Found::ByRule(&Rule {
        because: "A DELETE (or an UPDATE of the key) of a row that is referred to always fails, with a message about the other table: the \
                  reference cannot become what the key says.",
        instead: "`ON DELETE CASCADE` or `RESTRICT`, or let the column be null",
        default: Default::On,
        others: &[],
        check,
    }),
    message: |finding| {
        format!(
            "foreign key `{}` sets {}, which may not be null",
            finding.subject,
            said(finding)
        )
    },
};

fn check(linted: &Linted<'_>) -> Vec<Finding> {
    (linted.tables().foreign_keys().into_iter())
        .filter(|key| !key.inherited && !key.not_enforced)
        .filter_map(|key| {
            let impossible = impossible(&key, linted);
            let said = match impossible.as_slice() {
                [] => return None,
                columns => list(columns.iter().map(|column| &column.name)),
            };
            let table = key.table.name.to_sql();
            let of_key = key.table.primary_key.as_ref();
            let nullable: Vec<String> = (impossible.iter())
                .filter(|column| column.not_null || column.not_null_not_valid)
                .filter(|column| !of_key.is_some_and(|of_key| of_key.columns.contains(&column.name)))
                .map(|column| format!("ALTER COLUMN {} DROP NOT NULL", list([&column.name])))
                .collect();
            let finding = Finding::new(&KIND, member_subject(&key)).live(said);
            // A part of the primary key can never be null; what a check or a domain says has to go there.
            Some(match nullable.len() == impossible.len() {
                true => finding.help(format!(
                    "write `ALTER TABLE {table} {};`, or make the key again with ON DELETE CASCADE or RESTRICT",
                    nullable.join(", ")
                )),
                false => finding,
            })
        })
        .collect()
}

/// The columns that the key would set to null, and that refuse it.
fn impossible<'a>(key: &Member<'a, ForeignKey>, linted: &Linted<'a>) -> Vec<&'a Column> {
    let table = key.table.relation();
    // A trigger may put something else there. The key's own UPDATE sets no other column.
    let is_filled = |column: &Column| {
        (table.triggers.iter()).any(|trigger| {
            linted.may_set(trigger, TriggerEvent::Update, &column.name)
                && (trigger.update_of.is_empty() || trigger.update_of.contains(&column.name))
        })
    };
    let becomes_null = |action: ReferentialAction, column: &'a Column| match action {
        ReferentialAction::SetNull => true,
        ReferentialAction::SetDefault => {
            linted.default_of(column).is_none() && column.identity.is_none()
        }
        ReferentialAction::NoAction | ReferentialAction::Restrict | ReferentialAction::Cascade => {
            false
        }
    };
    let is_named =
        |name: &String| key.on_delete_columns.is_empty() || key.on_delete_columns.contains(name);
    (key.item().columns.iter())
        .filter_map(|name| table.columns.iter().find(|column| column.name == *name))
        .filter(|column| {
            !linted.takes_null(column, table) && column.generated.is_none() && !is_filled(column)
        })
        .filter(|column| {
            becomes_null(key.on_update, column)
                || is_named(&column.name) && becomes_null(key.on_delete, column)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::trial::{column, found_in, table};
    use super::*;
    use crate::catalog::{
        Catalog, DataType, Domain, QualifiedName, Routine, Trigger, TriggerTiming,
    };

    fn posts(action: ReferentialAction, change: impl Fn(&mut Catalog)) -> Vec<Finding> {
        let author = Column {
            not_null: true,
            ..column("author_id", "int8")
        };
        let mut posts = table("posts", [author]);
        posts.foreign_keys.push(ForeignKey {
            columns: vec!["author_id".to_owned()],
            on_delete: action,
            ..ForeignKey::default()
        });
        let mut catalog = Catalog {
            relations: vec![posts],
            ..Catalog::default()
        };
        change(&mut catalog);
        found_in(&KIND, &catalog)
    }

    #[test]
    fn a_trigger_counts_where_it_names_the_column() {
        let with = |body: Option<&str>| {
            posts(ReferentialAction::SetNull, |catalog| {
                let name = QualifiedName::new("public", "touch");
                catalog.relations[0].triggers.push(Trigger {
                    timing: TriggerTiming::Before,
                    for_each_row: true,
                    events: vec![TriggerEvent::Update],
                    function: name.clone(),
                    ..Trigger::default()
                });
                catalog.functions.push(Routine {
                    name,
                    body: body.map(str::to_owned),
                    ..Routine::default()
                });
            })
        };
        let touch = "BEGIN NEW.updated_at := now(); RETURN NEW; END";
        assert_eq!(with(Some(touch)).len(), 1);
        let fill = "BEGIN NEW.author_id := coalesce(NEW.author_id, 0); RETURN NEW; END";
        assert_eq!(with(Some(fill)), []);
        // What is in C may do anything.
        assert_eq!(with(None), []);
    }

    #[test]
    fn the_default_of_a_domain_is_one() {
        let with = |default: Option<&str>| {
            posts(ReferentialAction::SetDefault, |catalog| {
                let name = QualifiedName::new("public", "owner_ref");
                catalog.relations[0].columns[0].data_type = DataType {
                    schema: name.schema.clone(),
                    name: name.name.clone(),
                    ..DataType::default()
                };
                catalog.domains.push(Domain {
                    name,
                    default: default.map(str::to_owned),
                    not_null: true,
                    ..Domain::default()
                });
            })
        };
        assert_eq!(with(None).len(), 1);
        assert_eq!(with(Some("0")), []);
    }
}
