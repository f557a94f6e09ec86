use super::{Judge, Judged, Kind, accepted, status_of, told, untried};
use crate::finding::Severity;
use crate::report::Compared;
use crate::scorecard::Status;
use crate::scorecard::gather::{Evidence, Schema};
use crate::text::plural;

pub(super) static LINE: Kind = Kind {
    id: "parity",
    title: "schema.rs is what the migrations make",
    asked: None,
    judge: Judge::Schema(judge),
};

fn judge(evidence: &Evidence<'_>, schema: &Schema) -> Judged {
    if evidence.declared.tables.is_empty() {
        return untried("no `table!` is declared");
    }
    let report = &schema.parity;
    let bad: Vec<_> = (report.findings.iter())
        .filter(|finding| finding.severity > Severity::Note)
        .collect();
    if !bad.is_empty() {
        return (status_of(&bad), told(&bad));
    }
    let Compared::Declared { counts, .. } = &report.compared else {
        return untried("nothing was compared");
    };
    let sentence = format!(
        "{}, {}, {} and {} agree",
        plural(counts.tables, "table"),
        plural(counts.columns, "column"),
        plural(counts.joins, "join"),
        plural(counts.enums, "enum")
    );
    let evidence = std::iter::once(sentence).chain(accepted(report.suppressed.len()));
    (Status::Green, evidence.collect())
}
