use super::{Judge, Judged, Kind, accepted, status_of, told, untried};
use crate::finding::Severity;
use crate::report::Compared;
use crate::scorecard::Status;
use crate::scorecard::gather::Evidence;
use crate::text::plural;

pub(super) static LINE: Kind = Kind {
    id: "chain",
    title: "the chain of migrations is coherent",
    asked: None,
    judge: Judge::Evidence(judge),
};

fn judge(evidence: &Evidence<'_>) -> Judged {
    let report = match &evidence.chain {
        Ok(report) => report,
        Err(because) => {
            // Where there is none, the line about the migrations says all of it.
            let unmade = evidence.schema.as_ref().err();
            let because = unmade
                .filter(|unmade| unmade.message == *because)
                .map_or(because.as_str(), |unmade| unmade.because);
            return untried(because);
        }
    };
    let bad: Vec<_> = (report.findings.iter())
        .filter(|finding| finding.severity > Severity::Note)
        .collect();
    if !bad.is_empty() {
        return (status_of(&bad), told(&bad));
    }
    let count = match report.compared {
        Compared::Chain { migrations, .. } => migrations,
        _ => 0,
    };
    if count == 0 {
        return untried("there is no migration");
    }
    let sentence = format!(
        "{}, each of a version of its own and with a way back, in the order of their names",
        plural(count, "migration")
    );
    let evidence = std::iter::once(sentence).chain(accepted(report.suppressed.len()));
    (Status::Green, evidence.collect())
}
