//! `-- drift: allow(RULE) reason` in a migration: what is accepted there, next to the statement that makes it.
//!
//! Before a statement it is about what the whole statement names. Inside of one it is about what the items of its line name, or, where it has a
//! line to itself, those of the next one; and behind its end about what it makes, and the items of that line. What is dropped and made again is no longer what a comment was written for; what
//! was only called otherwise is.

mod about;
mod history;
mod place;
mod said;

use crate::catalog::Catalog;
use crate::chain::{Migration, TextFile};
use crate::declared::Span;
use crate::finding::{Finding, Kind};
use crate::kinds::SUPPRESSION_UNUSED;
use crate::project::ProjectError;
use crate::subject::Subject;
use about::About;
use history::{Event, History, Sight};
use place::{Comment, Place, comments_of};
use said::{Said, said};
use std::path::PathBuf;

/// What the comments in a chain accept.
#[derive(Debug, Default)]
pub(super) struct Allowed {
    comments: Vec<Accepting>,
    history: History,
    /// The files with comments, and their texts.
    sources: Vec<(PathBuf, String)>,
}

/// What one comment accepts.
#[derive(Debug)]
struct Accepting {
    rules: Vec<&'static Kind>,
    reason: String,
    /// The migration: its place in the chain, and its directory's name.
    migration: (usize, String),
    span: Span,
    place: Place,
}

impl Allowed {
    /// What the comments in these migrations accept; `rule` finds a rule by its id.
    ///
    /// # Errors
    /// Where a comment names no rule, or one twice, or gives no reason: of all comments, what is wrong first.
    pub(super) fn read(
        migrations: &[Migration],
        rule: impl Fn(&str) -> Result<&'static Kind, String>,
    ) -> Result<Self, ProjectError> {
        let mut read = Self::default();
        let mut wrong = Vec::new();
        for (number, migration) in migrations.iter().enumerate() {
            let scripts = [(migration.up(), true), (migration.down(), false)];
            let scripts = scripts
                .into_iter()
                .filter_map(|(file, up)| Some((file?, up)));
            for (file, is_up) in scripts.filter(|(file, _)| may_say(file.sql())) {
                let before = read.comments.len();
                for comment in comments_of(file) {
                    let place = || match is_up {
                        true => Place::of(file, &comment),
                        false => Place::down(),
                    };
                    let migration = (number, migration.name.clone());
                    for accepting in accepting(file, &comment, migration, place, &rule) {
                        match accepting {
                            Ok(accepting) => read.comments.push(accepting),
                            Err(error) => wrong.push(error),
                        }
                    }
                }
                if read.comments.len() > before {
                    let text = file.text().unwrap_or_default().to_owned();
                    read.sources.push((file.path.clone(), text));
                }
            }
        }
        if let Some(error) = ProjectError::of_all(wrong) {
            return Err(error);
        }
        if !read.comments.is_empty() {
            read.history = History::of(migrations);
        }
        // What says less goes before what says more; else in their order.
        (read.comments).sort_by_key(|it| it.place.items.is_none());
        Ok(read)
    }

    /// The files and their texts, for reports whose findings point into them.
    pub(super) fn sources(&self) -> impl Iterator<Item = (PathBuf, String)> {
        self.sources.iter().cloned()
    }

    /// Which comment accepts each finding, and what accepts nothing, of those rules that were `looked_for`. `accepted` are accepted already.
    pub(super) fn apply(
        &self,
        left: Vec<Finding>,
        accepted: &[&Finding],
        catalog: &Catalog,
        looked_for: impl Fn(&Kind) -> bool,
    ) -> Applied {
        let mut uses: Vec<Vec<Use<'_>>> = (self.comments.iter())
            .map(|comment| vec![Use::None; comment.rules.len()])
            .collect();
        for finding in accepted {
            for (comment, rule) in self.of(finding, catalog, &mut uses) {
                uses[comment][rule].or(Use::Elsewhere("drift.toml".to_owned()));
            }
        }
        let (mut kept, mut by_comment) = (Vec::new(), Vec::new());
        for finding in left {
            let all = self.of(&finding, catalog, &mut uses);
            let Some(((first, rule), others)) = all.split_first() else {
                kept.push(finding);
                continue;
            };
            uses[*first][*rule] = Use::Used;
            let Accepting { span, reason, .. } = &self.comments[*first];
            for (comment, rule) in others {
                let place = format!("{}:{}", span.file.display(), span.line);
                uses[*comment][*rule].or(Use::Elsewhere(place));
            }
            by_comment.push((finding, reason.clone()));
        }
        Applied {
            kept,
            accepted: by_comment,
            unused: self.unused(&uses, looked_for),
        }
    }

    /// A finding for each rule for which a comment is of no use, in the order of the comments.
    fn unused(&self, uses: &[Vec<Use<'_>>], looked_for: impl Fn(&Kind) -> bool) -> Vec<Finding> {
        let mut unused: Vec<(&Span, Finding)> = Vec::new();
        for (comment, uses) in self.comments.iter().zip(uses) {
            let each = comment.rules.iter().zip(uses);
            let told = each.filter(|(rule, _)| looked_for(rule));
            let told = told.filter_map(|(rule, it)| comment.unused(rule, it, &self.history));
            unused.extend(told.map(|finding| (&comment.span, finding)));
        }
        unused.sort_by_key(|(span, _)| (&span.file, span.start));
        unused.into_iter().map(|(_, finding)| finding).collect()
    }

    /// The comments that accept a finding, each with the place of its rule. Of those that were written for what was there before, `uses` learns.
    fn of<'a>(
        &'a self,
        finding: &Finding,
        catalog: &Catalog,
        uses: &mut [Vec<Use<'a>>],
    ) -> Vec<(usize, usize)> {
        let has_rule = |it: &Accepting| it.rules.contains(&finding.kind);
        if !self.comments.iter().any(has_rule) {
            return Vec::new();
        }
        let Some(about) = About::of(&finding.subject, catalog) else {
            return Vec::new();
        };
        let mut found = Vec::new();
        for (number, comment) in self.comments.iter().enumerate() {
            let rule = comment.rules.iter().position(|rule| *rule == finding.kind);
            let (Some(rule), Some(statement)) = (rule, comment.place.statement) else {
                continue;
            };
            let moment = (comment.migration.0, statement);
            match self.history.sight(&about, &comment.place, moment) {
                Sight::Same => found.push((number, rule)),
                Sight::Later(event) => uses[number][rule].or(Use::Later(event)),
                Sight::Other => {}
            }
        }
        found
    }
}

/// What comes of comments.
pub(super) struct Applied {
    /// What no comment accepts.
    pub(super) kept: Vec<Finding>,
    /// What one does, with its reason.
    pub(super) accepted: Vec<(Finding, String)>,
    /// A finding for each rule for which a comment accepts nothing.
    pub(super) unused: Vec<Finding>,
}

/// What use there is for a rule of a comment.
#[derive(Clone, Debug)]
enum Use<'a> {
    None,
    Used,
    /// What it is about is accepted there.
    Elsewhere(String),
    /// What it was about is no longer there: this came later.
    Later(&'a Event),
}

impl Use<'_> {
    fn or(&mut self, other: Self) {
        if matches!(self, Self::None) {
            *self = other;
        }
    }
}

/// Whether a comment of a script may be meant for us: most have none, and are not taken apart.
fn may_say(sql: &str) -> bool {
    let mark = |word: &[u8]| word.eq_ignore_ascii_case(b"drift");
    sql.as_bytes().windows(5).any(mark)
}

fn accepting(
    file: &TextFile,
    comment: &Comment,
    migration: (usize, String),
    place: impl Fn() -> Place,
    rule: &impl Fn(&str) -> Result<&'static Kind, String>,
) -> Vec<Result<Accepting, ProjectError>> {
    let text = file.text().unwrap_or_default();
    let each = said(&text[comment.place.clone()]).into_iter();
    each.map(|(offset, said)| {
        let start = comment.place.start + offset;
        let at = |message: String| ProjectError::at(&file.path, text, start, message);
        let Said { rules, reason } = said.map_err(at)?;
        let rules = rules.iter().map(|id| rule(id));
        Ok(Accepting {
            rules: rules.collect::<Result<_, _>>().map_err(at)?,
            reason,
            migration: migration.clone(),
            span: file.span(start..comment.place.end),
            place: place(),
        })
    })
    .collect()
}

impl Accepting {
    /// Says of a rule that it accepts nothing, where it does not.
    fn unused(&self, rule: &Kind, used: &Use<'_>, history: &History) -> Option<Finding> {
        let help = match used {
            Use::Used => return None,
            Use::Elsewhere(place) => {
                format!("remove one of the two: {place} accepts it already")
            }
            Use::Later(event) => event.help(),
            Use::None => self.help(history),
        };
        let subject = Subject::Suppression {
            kind: rule.id.to_owned(),
            subject: self.migration.1.clone(),
        };
        let finding = Finding::new(&SUPPRESSION_UNUSED, subject);
        Some(finding.at(&self.span).help(help))
    }

    fn help(&self, history: &History) -> String {
        if let Some(trouble) = self.place.trouble {
            return trouble.help().to_owned();
        }
        let statement = self.place.statement.unwrap_or_default();
        if let Some(event) = history.end_of(&self.place, (self.migration.0, statement)) {
            let place = event.place();
            return format!("remove it: what it was written for is dropped at {place}");
        }
        match &self.place.items {
            None => "remove it: what it was written for is gone, or its statement does not make that",
            Some(_) => "remove it, if what it was written for is gone; if not, its line does not name that: before the statement, a comment is \
                        about all of it",
        }
        .to_owned()
    }
}

#[cfg(test)]
mod trial;

#[cfg(test)]
mod tests {
    use super::trial::{allowed, applied, catalog, finding, unused};
    use crate::rules::trial::refused;

    #[test]
    fn a_comment_without_a_rule_or_a_reason_is_an_error_with_its_line() {
        for (comment, message) in [
            (
                "-- drift: allow(primary-key-absent)",
                "`drift: allow(primary-key-absent)` needs a reason",
            ),
            (
                "-- drift: allow(primary-key-absnt) x",
                "there is no rule `primary-key-absnt`",
            ),
            (
                "-- drift: alow(primary-key-absent) x",
                "write `-- drift: allow(RULE) reason`",
            ),
        ] {
            let read = allowed(&[&format!("SELECT 1;\n\n{comment}\nSELECT 2;")]);
            refused(read, &format!("migrations/1/up.sql:3: {message}"));
        }
        // Those of all comments at once.
        let wrong = "-- drift: alow(primary-key-absent) x\nSELECT 1;\n";
        let told = allowed(&[wrong, "SELECT 1;", wrong]).unwrap_err();
        let places: Vec<&str> = told.lines().map(|line| &line[..22]).collect();
        assert_eq!(places, ["migrations/1/up.sql:1:", "migrations/3/up.sql:1:"]);
        let read = allowed(&["SELECT 1;\n/*\n\n  drift: alow(a) x */"]);
        refused(read, "migrations/1/up.sql:4: ");
    }

    #[test]
    fn each_rule_that_accepts_nothing_is_told() {
        let sql =
            "-- drift: allow(primary-key-absent, foreign-key-unindexed) x\nCREATE TABLE posts ();";
        let applied = applied(&[sql], &["primary-key-absent public.posts"]);
        assert_eq!(applied.accepted[0].1, "x");
        let [unused] = &applied.unused[..] else {
            panic!("{:?}", applied.unused)
        };
        assert_eq!(
            unused.message(),
            "the suppression of `foreign-key-unindexed 1` suppresses nothing"
        );
        // Who did not look for a rule does not know.
        let all = allowed(&[sql]).unwrap();
        let none = all.apply(Vec::new(), &[], &catalog(&[]), |_| false);
        assert!(none.unused.is_empty());
    }

    #[test]
    fn of_two_that_accept_the_same_the_wider_is_told() {
        let key = "foreign-key-unindexed posts_author_id_fkey";
        let sql = "-- drift: allow(foreign-key-unindexed) wide\nCREATE TABLE posts (\n  \
                   author_id int REFERENCES users -- drift: allow(foreign-key-unindexed) narrow\n);";
        assert_eq!(applied(&[sql], &[key]).accepted[0].1, "narrow");
        assert_eq!(
            unused(&[sql], &[key]),
            ["1: remove one of the two: migrations/1/up.sql:3 accepts it already"]
        );
        let accepted = finding(key);
        let all = allowed(&[sql]).unwrap();
        let told = all.apply(Vec::new(), &[&accepted], &catalog(&[]), |_| true);
        let help: Vec<_> = told.unused.iter().map(|it| it.help.join("")).collect();
        assert_eq!(help.len(), 2);
        assert!(
            help[0].ends_with("drift.toml accepts it already"),
            "{help:?}"
        );
    }
}
