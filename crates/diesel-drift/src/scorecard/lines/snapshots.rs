use super::{Judge, Judged, Kind, told};
use crate::finding::Severity;
use crate::report::Compared;
use crate::scorecard::Status;
use crate::scorecard::gather::{Evidence, Schema};
use crate::text::plural;

pub(super) static LINE: Kind = Kind {
    id: "snapshots",
    title: "reviewed snapshots are current",
    asked: None,
    judge: Judge::Schema(judge),
};

fn judge(_: &Evidence<'_>, schema: &Schema) -> Judged {
    let report = match &schema.snapshots {
        None => {
            let none = "there are none: what schema.rs cannot say (indexes, constraints, triggers) changes unseen; \
                        `assert_snapshots!` in a test keeps them";
            return (Status::Yellow, vec![none.to_owned()]);
        }
        Some(Err(message)) => return (Status::Red, vec![message.clone()]),
        Some(Ok(report)) => report,
    };
    let bad: Vec<_> = (report.findings.iter())
        .filter(|finding| finding.severity > Severity::Note)
        .collect();
    if !bad.is_empty() {
        return (Status::Red, told(&bad));
    }
    let objects = match report.compared {
        Compared::Catalogs { objects, .. } => objects,
        _ => 0,
    };
    (
        Status::Green,
        vec![format!(
            "{} are as they were reviewed",
            plural(objects, "object")
        )],
    )
}
