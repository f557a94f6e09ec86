//! What became of the cases, for people and for machines.

use super::{Case, Outcome, Selftest, Verdict};
use crate::text::visible;
use serde_json::json;
use std::collections::BTreeMap;
use std::io::{self, Write};

/// For people: what went wrong in full, what was skipped by reason, what passed by group, or by name where `verbose`.
///
/// # Errors
/// Those of `out`.
pub fn write_text(selftest: &Selftest, verbose: bool, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{}", visible(&selftest.server))?;
    for outcome in &selftest.outcomes {
        wrong(outcome, out)?;
    }
    for (reason, cases) in by_reason(selftest) {
        writeln!(out, "skipped  {}", visible(reason))?;
        for case in cases {
            writeln!(out, "         {}", case.name)?;
        }
    }
    passed(selftest, verbose, out)?;
    let drift = Count::of(selftest, true);
    let no_drift = Count::of(selftest, false);
    writeln!(
        out,
        "drift: {} of {} caught; no drift: {} of {} left alone; skipped: {}",
        drift.passed,
        drift.tried,
        no_drift.passed,
        no_drift.tried,
        drift.skipped + no_drift.skipped
    )
}

fn wrong(outcome: &Outcome, out: &mut dyn Write) -> io::Result<()> {
    let Outcome { case, verdict } = outcome;
    match verdict {
        Verdict::Wrong { missed, unexpected } => {
            let what = if case.is_drift() { "missed" } else { "alarm" };
            writeln!(out, "{what:7}  {}", case.name)?;
            for line in missed {
                writeln!(out, "         not found: {}", visible(line))?;
            }
            for line in unexpected {
                writeln!(out, "         found besides: {}", visible(line))?;
            }
            Ok(())
        }
        Verdict::Failed(reason) => {
            writeln!(out, "failed   {}\n         {}", case.name, visible(reason))
        }
        Verdict::Passed | Verdict::Skipped(_) => Ok(()),
    }
}

fn by_reason(selftest: &Selftest) -> BTreeMap<&str, Vec<&Case>> {
    let mut reasons: BTreeMap<&str, Vec<&Case>> = BTreeMap::new();
    for outcome in &selftest.outcomes {
        if let Verdict::Skipped(reason) = &outcome.verdict {
            reasons.entry(reason).or_default().push(outcome.case);
        }
    }
    reasons
}

fn passed(selftest: &Selftest, verbose: bool, out: &mut dyn Write) -> io::Result<()> {
    let mut groups: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for outcome in &selftest.outcomes {
        if outcome.verdict == Verdict::Passed {
            let name = outcome.case.name.as_str();
            let what = if outcome.case.is_drift() {
                "caught"
            } else {
                "silent"
            };
            let group = if verbose {
                name
            } else {
                name.split(':').next().unwrap_or(name)
            };
            *groups.entry((what, group)).or_default() += 1;
        }
    }
    for ((what, group), count) in groups {
        match count {
            1 => writeln!(out, "{what:7}  {group}")?,
            _ => writeln!(out, "{what:7}  {group}: {count}")?,
        }
    }
    Ok(())
}

#[derive(Default)]
struct Count {
    tried: usize,
    passed: usize,
    skipped: usize,
}

impl Count {
    fn of(selftest: &Selftest, drift: bool) -> Self {
        let of_kind = selftest
            .outcomes
            .iter()
            .filter(|outcome| outcome.case.is_drift() == drift);
        of_kind.fold(Self::default(), |mut count, outcome| {
            match outcome.verdict {
                Verdict::Skipped(_) => count.skipped += 1,
                Verdict::Passed => {
                    count.tried += 1;
                    count.passed += 1;
                }
                Verdict::Wrong { .. } | Verdict::Failed(_) => count.tried += 1,
            }
            count
        })
    }
}

/// For machines: `server`, `passed`, and for each case its name, whether it is drift, and its verdict with the reason.
///
/// # Errors
/// Those of `out`.
pub fn write_json(selftest: &Selftest, out: &mut dyn Write) -> io::Result<()> {
    let cases: Vec<_> = selftest
        .outcomes
        .iter()
        .map(|Outcome { case, verdict }| {
            let (verdict, missed, unexpected, reason) = match verdict {
                Verdict::Passed => ("passed", None, None, None),
                Verdict::Wrong { missed, unexpected } => {
                    ("wrong", Some(missed), Some(unexpected), None)
                }
                Verdict::Skipped(reason) => ("skipped", None, None, Some(reason)),
                Verdict::Failed(reason) => ("failed", None, None, Some(reason)),
            };
            json!({
                "case": case.name, "drift": case.is_drift(), "verdict": verdict,
                "missed": missed, "unexpected": unexpected, "reason": reason,
            })
        })
        .collect();
    let value = json!({ "server": selftest.server, "passed": selftest.passed(), "cases": cases });
    serde_json::to_writer_pretty(&mut *out, &value)?;
    writeln!(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::selftest::{drift_cases, no_drift_cases};

    fn selftest() -> Selftest {
        let verdicts = [
            Verdict::Passed,
            Verdict::Wrong {
                missed: vec!["index-missing a".to_owned()],
                unexpected: Vec::new(),
            },
            Verdict::Skipped("needs x".to_owned()),
        ];
        let outcome = |(case, verdict)| Outcome { case, verdict };
        let drift = drift_cases().iter().zip(verdicts).map(outcome);
        let alarm = Verdict::Wrong {
            missed: Vec::new(),
            unexpected: vec!["table-missing t".to_owned()],
        };
        Selftest {
            server: "here".to_owned(),
            outcomes: drift
                .chain([outcome((&no_drift_cases()[0], alarm))])
                .collect(),
        }
    }

    #[test]
    fn people_read_what_went_wrong() {
        let mut text = Vec::new();
        write_text(&selftest(), true, &mut text).unwrap();
        let text = String::from_utf8(text).unwrap();
        let [caught, missed, skipped, ..] = drift_cases() else {
            panic!()
        };
        for line in [
            format!("caught   {}", caught.name),
            format!(
                "missed   {}\n         not found: index-missing a",
                missed.name
            ),
            format!("skipped  needs x\n         {}", skipped.name),
            "         found besides: table-missing t".to_owned(),
            "drift: 1 of 2 caught; no drift: 0 of 1 left alone; skipped: 1".to_owned(),
        ] {
            assert!(text.contains(&line), "{line}\n{text}");
        }
        assert!(!selftest().passed());
    }

    #[test]
    fn machines_read_every_verdict() {
        let mut text = Vec::new();
        write_json(&selftest(), &mut text).unwrap();
        let value: serde_json::Value = serde_json::from_slice(&text).unwrap();
        assert_eq!(value["passed"], false);
        let verdict = |place: usize| value["cases"][place]["verdict"].clone();
        assert_eq!(
            [verdict(0), verdict(1), verdict(2)],
            ["passed", "wrong", "skipped"]
        );
    }
}
