//! What candidates are made from, and what was done to them (seed 3: candidate lineage, provenance tracker).

use diesel::dsl::select;
use diesel::pg::Pg;
use diesel::prelude::*;
use serde_json::Value;

use super::input::NewCandidate;
use super::models::{Candidate, CandidateId, ProjectId};
use crate::error::Error;
use crate::json::{JsonArray, JsonObject};
use crate::schema::crucible::{candidate_parents, candidates};
use crate::store::{Conn, Filter, New, get, missing};

#[declare_sql_function]
extern "SQL" {
    /// The migration's function: recursion is not in Diesel's language, and the trigger asks the same.
    #[sql_name = "crucible.candidate_ancestors"]
    fn candidate_ancestors(candidate: diesel::sql_types::Uuid) -> diesel::sql_types::Uuid;
    /// As above, the other way.
    #[sql_name = "crucible.candidate_descendants"]
    fn candidate_descendants(candidate: diesel::sql_types::Uuid) -> diesel::sql_types::Uuid;
}

/// Candidates by how they are related to one; to be [listed](crate::store::list). Nobody is a relative of itself.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Relatives {
    /// What it was made from.
    Parents(CandidateId),
    /// What was made from it.
    Children(CandidateId),
    /// What it was made from, and what those were made from, and so on.
    Ancestors(CandidateId),
    /// What was made from it, and what was made from those, and so on.
    Descendants(CandidateId),
}

/// Candidates with something in their provenance; to be [listed](crate::store::list).
#[derive(Clone, Debug)]
pub struct ProvenanceFilter {
    /// What one of the entries holds, among other things: `{"actor": "designer", "action": "design"}`.
    pub entry: JsonObject,
    /// Only candidates of this project; `None` does not filter.
    pub project_id: Option<ProjectId>,
}

type Boxed<'a> = candidates::BoxedQuery<'a, Pg>;

impl Filter for Relatives {
    type Key = CandidateId;

    fn load<C: Conn>(
        &self,
        conn: &mut C,
        after: Option<CandidateId>,
        limit: i64,
    ) -> QueryResult<Vec<Candidate>> {
        let all = candidates::table.into_boxed();
        let links = candidate_parents::table;
        let related = match *self {
            Self::Parents(of) => {
                let parents = links
                    .filter(candidate_parents::candidate_id.eq(of))
                    .select(candidate_parents::parent_id);
                all.filter(candidates::id.eq_any(parents))
            }
            Self::Children(of) => {
                let children = links
                    .filter(candidate_parents::parent_id.eq(of))
                    .select(candidate_parents::candidate_id);
                all.filter(candidates::id.eq_any(children))
            }
            Self::Ancestors(of) => {
                all.filter(candidates::id.eq_any(select(candidate_ancestors(of))))
            }
            Self::Descendants(of) => {
                all.filter(candidates::id.eq_any(select(candidate_descendants(of))))
            }
        };
        page(related, conn, after, limit)
    }
}

impl Filter for ProvenanceFilter {
    type Key = CandidateId;

    fn load<C: Conn>(
        &self,
        conn: &mut C,
        after: Option<CandidateId>,
        limit: i64,
    ) -> QueryResult<Vec<Candidate>> {
        let mut with_entry = candidates::table
            .into_boxed()
            .filter(candidates::provenance.contains(entries(self.entry.clone())));
        if let Some(project) = self.project_id {
            with_entry = with_entry.filter(candidates::project_id.eq(project));
        }
        page(with_entry, conn, after, limit)
    }
}

impl New for NewCandidate {
    type Key = CandidateId;
    type Context = ();

    fn insert<C: Conn>(self, conn: &mut C, (): ()) -> QueryResult<Candidate> {
        conn.transaction(|conn| {
            let row = diesel::insert_into(candidates::table)
                .values((
                    candidates::id.eq(CandidateId::generate()),
                    candidates::project_id.eq(self.project_id),
                    candidates::run_id.eq(self.run_id),
                    candidates::origin.eq(self.origin),
                    candidates::mechanism_description.eq(self.mechanism_description),
                    (self.predicted_effects)
                        .map(|effects| candidates::predicted_effects.eq(effects)),
                    (self.provenance).map(|entries| candidates::provenance.eq(entries)),
                ))
                .returning(Candidate::as_returning())
                .get_result(conn)?;
            link(conn, &row, &self.parents)?;
            Ok(row)
        })
    }
}

/// Adds to what a candidate was made from.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Rule`] ([`LineageCycle`](crate::error::Rule::LineageCycle)) where the parent descends from the
/// candidate; [`Error::Constraint`] where it is the candidate, is known already, or is not there in the candidate's project;
/// [`Error::Database`] in a transaction that is `REPEATABLE READ`, where a cycle could not be told.
pub fn add_parent(
    conn: &mut impl Conn,
    candidate: CandidateId,
    parent: CandidateId,
) -> Result<(), Error> {
    let row = get(conn, candidate)?;
    Ok(link(conn, &row, &[parent])?)
}

/// Adds an entry to a candidate's provenance, at its end. Two that do so at once both find theirs there.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Constraint`] where the entry has no actor or no action.
pub fn record(
    conn: &mut impl Conn,
    candidate: CandidateId,
    entry: JsonObject,
) -> Result<Candidate, Error> {
    diesel::update(candidates::table.find(candidate))
        .set(candidates::provenance.eq(candidates::provenance.concat(entries(entry))))
        .returning(Candidate::as_returning())
        .get_result(conn)
        .map_err(|error| missing(candidate, error))
}

fn link<C: Conn>(conn: &mut C, child: &Candidate, parents: &[CandidateId]) -> QueryResult<()> {
    let links: Vec<_> = parents
        .iter()
        .map(|parent| {
            (
                candidate_parents::candidate_id.eq(child.id),
                candidate_parents::parent_id.eq(*parent),
                candidate_parents::project_id.eq(child.project_id),
            )
        })
        .collect();
    diesel::insert_into(candidate_parents::table)
        .values(links)
        .execute(conn)?;
    Ok(())
}

fn entries(entry: JsonObject) -> JsonArray {
    JsonArray(vec![Value::Object(entry.0)])
}

fn page<C: Conn>(
    query: Boxed<'_>,
    conn: &mut C,
    after: Option<CandidateId>,
    limit: i64,
) -> QueryResult<Vec<Candidate>> {
    let query = match after {
        Some(after) => query.filter(candidates::id.gt(after)),
        None => query,
    };
    query
        .select(Candidate::as_select())
        .order(candidates::id)
        .limit(limit)
        .load(conn)
}
