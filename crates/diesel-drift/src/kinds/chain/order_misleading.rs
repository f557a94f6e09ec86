use super::{chain_fixture, side};
use crate::chain::{ChainSource, Migration};
use crate::finding::{Finding, Found, Kind, Severity};
use crate::text::plural;

pub static KIND: Kind = Kind {
    id: "order-misleading",
    severity: Severity::Note,
    summary: "the order in which Diesel applies migrations is not the one that a listing of the directory shows",
    fixture: Some(chain_fixture!("order-misleading")),
    found: Found::InChain(check),
    message: |finding| {
        format!(
            "migration `{}` comes {}, and a listing shows it elsewhere",
            finding.subject,
            side(&finding.declared)
        )
    },
};

/// One finding for a chain: where the two orders part for the first time.
fn check(source: &ChainSource) -> Vec<Finding> {
    let applied: Vec<&Migration> = source.runnable().collect();
    let mut listed = applied.clone();
    listed.sort_by(|a, b| a.name.cmp(&b.name));
    let apart =
        |(_, (applied, listed)): &(usize, (&&Migration, &&Migration))| applied.name != listed.name;
    let apart: Vec<_> = (applied.iter().zip(&listed))
        .enumerate()
        .filter(apart)
        .collect();
    let Some(&(place, (first, shown))) = apart.first() else {
        return Vec::new();
    };
    let live = match place.checked_sub(1).and_then(|before| applied.get(before)) {
        Some(before) => format!("after `{}`", before.name),
        None => "first".to_owned(),
    };
    vec![
        Finding::new(&KIND, first.subject()).declared(live).help(format!(
            "`ls` shows `{}` there, and {} in all elsewhere than Diesel applies them: it sorts by the name up to the first `_`, \
             without dashes. Names of one form sort alike",
            shown.name,
            plural(apart.len(), "migration")
        )),
    ]
}
