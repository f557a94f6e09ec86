use super::{Asked, Judge, Judged, Kind};
use crate::scorecard::Status;
use crate::scorecard::gather::{Evidence, Schema};
use crate::scorecard::immutable::{Attempt, Trial};

pub(super) static LINE: Kind = Kind {
    id: "immutability",
    title: "what is immutable cannot be changed",
    asked: Some(Asked {
        is: |asked| !asked.immutable.is_empty(),
        sentence: "immutable = [\"app.versions\", …]: whether an UPDATE and a DELETE of their rows fail, which is tried",
    }),
    judge: Judge::Schema(judge),
};

fn judge(_: &Evidence<'_>, schema: &Schema) -> Judged {
    let lines: Vec<(Status, String)> = (schema.immutable.iter())
        .map(|(name, trial)| judged(name, trial))
        .collect();
    let worst = lines.iter().map(|(status, _)| *status).max();
    let sentences = lines.into_iter().map(|(_, sentence)| sentence);
    (worst.unwrap_or(Status::Green), sentences.collect())
}

fn judged(name: &str, trial: &Trial) -> (Status, String) {
    let (update, delete, truncate) = match trial {
        Trial::Absent(what) => return (Status::Red, format!("{name} {what}")),
        Trial::Untried(reason) => {
            return (Status::Yellow, format!("{name}: not tried: {reason}"));
        }
        Trial::Tried {
            update,
            delete,
            truncate,
        } => (update, delete, truncate),
    };
    let (first, updated) = attempt("UPDATE", update);
    let (second, deleted) = attempt("DELETE", delete);
    let (third, truncated) = match truncate {
        // Rows go all at once or not at all, which is weak and no change of any.
        Attempt::CarriedOut { .. } => {
            (Status::Yellow, "; TRUNCATE … CASCADE empties it".to_owned())
        }
        Attempt::Refused(_) => (Status::Green, String::new()),
        other => {
            let (status, sentence) = attempt("TRUNCATE", other);
            (status, format!("; {sentence}"))
        }
    };
    let status = first.max(second).max(third);
    (status, format!("{name}: {updated}; {deleted}{truncated}"))
}

fn attempt(statement: &str, attempt: &Attempt) -> (Status, String) {
    match attempt {
        Attempt::Refused(message) => (
            Status::Green,
            format!("{statement} is refused (“{message}”)"),
        ),
        Attempt::Partly(message, untried) => (
            Status::Yellow,
            format!("{statement} is refused (“{message}”), but that was not tried for {untried}"),
        ),
        Attempt::CarriedOut { columns, otherwise } => {
            let of = match columns.as_slice() {
                [] => String::new(),
                _ => format!(" of {}", columns.join(", ")),
            };
            let rows = (otherwise.as_ref()).map_or_else(String::new, |message| {
                format!(" for some rows; others refuse it (“{message}”)")
            });
            (
                Status::Red,
                format!("{statement}{of} was carried out{rows}"),
            )
        }
        Attempt::Unknown(message) => (
            Status::Yellow,
            format!("whether {statement} is refused is not known (“{message}”)"),
        ),
    }
}
