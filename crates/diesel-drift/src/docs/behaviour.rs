//! What happens to the rows of a table beside what a statement says: triggers, policies, rules.

use super::markdown::{Table, block, code, joined, name};
use super::model::Model;
use super::words::{deferrable, enabled, notes, trigger_occasion};
use crate::catalog::{PolicyCommand, Relation};

pub(super) fn triggers(model: &Model<'_>, relation: &Relation) -> String {
    let schema = &relation.name.schema;
    let rows = relation.triggers.iter().map(|trigger| {
        let (function, comment) = model.trigger_function(&trigger.function, schema);
        let arguments = match trigger.arguments.is_empty() {
            true => String::new(),
            false => format!(
                " with {}",
                joined(trigger.arguments.iter().map(|it| code(it)))
            ),
        };
        [
            name(&trigger.name),
            trigger_occasion(trigger),
            function + &arguments,
            notes(
                [
                    trigger.constraint.then_some("constraint trigger"),
                    deferrable(trigger.deferrable, trigger.initially_deferred),
                    enabled(trigger.enabled),
                ],
                // What it does is often said of its function only.
                trigger.comment.as_deref().or(comment),
            ),
        ]
    });
    Table::new(["Trigger", "Fires", "Calls", "Comment"], rows).write()
}

pub(super) fn policies(relation: &Relation) -> String {
    let said = match (
        relation.row_security,
        relation.force_row_security,
        relation.policies.is_empty(),
    ) {
        (false, _, true) => return String::new(),
        (false, _, false) => "is not enabled: the policies have no effect",
        (true, false, true) => "is enabled, and no policy lets anybody but the owner see a row",
        (true, true, true) => "is enabled and forced, and no policy lets anybody see a row",
        (true, false, false) => "is enabled, except for the owner",
        (true, true, false) => "is enabled and forced, for the owner too",
    };
    let rows = relation.policies.iter().map(|policy| {
        [
            name(&policy.name),
            match policy.command {
                PolicyCommand::All => "all",
                PolicyCommand::Select => "select",
                PolicyCommand::Insert => "insert",
                PolicyCommand::Update => "update",
                PolicyCommand::Delete => "delete",
            }
            .to_owned(),
            match policy.roles.is_empty() {
                true => "everybody".to_owned(),
                false => joined(policy.roles.iter().map(|role| code(role))),
            },
            policy.using.as_deref().map(code).unwrap_or_default(),
            policy.check.as_deref().map(code).unwrap_or_default(),
            notes(
                [policy.restrictive.then_some("restrictive")],
                policy.comment.as_deref(),
            ),
        ]
    });
    let headings = ["Policy", "For", "To", "Using", "With check", "Comment"];
    format!(
        "Row-level security {said}.\n\n{}",
        Table::new(headings, rows).write()
    )
}

pub(super) fn rules(relation: &Relation) -> String {
    let rules = relation.rules.iter().map(|rule| {
        let comment = notes([enabled(rule.enabled)], rule.comment.as_deref());
        let comment = if comment.is_empty() {
            comment
        } else {
            format!(": {comment}")
        };
        format!(
            "Rule {}{comment}\n\n{}\n",
            name(&rule.name),
            block("sql", &rule.definition)
        )
    });
    rules.collect()
}
