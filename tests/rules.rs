//! What the rules say of the reference models' schema, as reviewed: those that are off by default among them.

#![allow(clippy::unwrap_used, reason = "a test that is wrong stops")]

use diesel_drift::rules::{self, Default, RULES};
use diesel_drift::{Level, Project, Report, Target};

/// What the rules find, those that are off by default among them.
fn lint() -> Report {
    let mut project = Project::discover(env!("CARGO_MANIFEST_DIR")).unwrap();
    for rule in RULES {
        let is_off = (rule.rule()).is_some_and(|rule| rule.default == Default::Off);
        if is_off {
            (project.policy.levels).push((rule, Level::At(rule.severity)));
        }
    }
    let target = Target::Fresh(project.provision_options());
    rules::lint(&project, &target, &mut |_| {}).unwrap()
}

fn lines(report: &Report) -> String {
    let line = |finding: &diesel_drift::Finding| {
        format!(
            "{}[{}]: {}\n",
            finding.severity,
            finding.kind.id,
            finding.message()
        )
    };
    report.findings.iter().map(line).collect()
}

#[test]
fn no_rule_is_broken_nor_one_of_taste() {
    assert_eq!(lines(&lint()), "");
}
