//! Expressions that the catalog has as trees (`pg_node_tree`), deparsed.
//!
//! To deparse one over a table's columns, PostgreSQL opens the table for their names, which is what costs. So each distinct
//! expression is deparsed once, and expressions are deparsed over as few tables as have all the columns they name.

use super::IntrospectError;
use super::query::Query;
use super::tree;
use diesel::sql_types::{Array, Nullable, Oid, Text};
use diesel::{PgConnection, QueryableByName};
use std::collections::HashMap;

/// Columns that an expression names: their numbers, and names where they are the table's own and no system column.
type Columns = Vec<(i16, Option<String>)>;

/// Trees that are to be deparsed.
#[derive(Default)]
pub(super) struct Trees {
    /// A tree without locations and the columns it names, and the place of the first that is like it in `distinct`.
    places: HashMap<(String, Columns), usize>,
    /// Who has a tree, and the table that it is deparsed over; 0 for none.
    distinct: Vec<(u32, u32)>,
    /// A table that has these columns.
    tables: HashMap<Columns, u32>,
    /// Which of `distinct` everybody's is.
    of: HashMap<u32, usize>,
}

/// Expressions as SQL.
pub(super) struct Expressions {
    of: HashMap<u32, usize>,
    texts: Vec<Option<String>>,
}

#[derive(QueryableByName)]
#[diesel(check_for_backend(diesel::pg::Pg))]
struct ExpressionRow {
    #[diesel(sql_type = Oid)]
    oid: u32,
    #[diesel(sql_type = Nullable<Text>)]
    expression: Option<String>,
}

impl Trees {
    /// Adds the tree of the row number `oid` of a catalog, over the columns of `table`. `name` tells what an expression calls
    /// the column of a number.
    ///
    /// Two expressions are the same text if they are the same tree over columns of the same names, and a tree is the same text over
    /// any table whose columns of these numbers have these names.
    pub(super) fn add<'names>(
        &mut self,
        oid: u32,
        table: u32,
        tree: &str,
        name: impl Fn(i16) -> Option<&'names str>,
    ) {
        let mut columns: Columns = tree::columns(tree)
            .map(|number| (number, name(number).map(str::to_owned)))
            .collect();
        columns.sort_unstable();
        columns.dedup();
        let key = (tree::without_locations(tree), columns);
        let place = match self.places.get(&key) {
            Some(place) => *place,
            None => {
                let table = match key.1.is_empty() {
                    true => 0,
                    false => *self.tables.entry(key.1.clone()).or_insert(table),
                };
                self.distinct.push((oid, table));
                self.places.insert(key, self.distinct.len() - 1);
                self.distinct.len() - 1
            }
        };
        self.of.insert(oid, place);
    }

    /// Has them deparsed by a query that takes the numbers of rows ($1) and of tables ($2).
    pub(super) fn deparsed(
        self,
        connection: &mut PgConnection,
        query: Query,
    ) -> Result<Expressions, IntrospectError> {
        let (rows, tables): (Vec<u32>, Vec<u32>) = self.distinct.iter().copied().unzip();
        let bound = diesel::sql_query(query.text)
            .bind::<Array<Oid>, _>(rows)
            .bind::<Array<Oid>, _>(tables);
        let mut texts = vec![None; self.distinct.len()];
        for row in query.load::<ExpressionRow, _>(bound, connection)? {
            if let Some(text) = self
                .of
                .get(&row.oid)
                .and_then(|place| texts.get_mut(*place))
            {
                *text = row.expression;
            }
        }
        Ok(Expressions { of: self.of, texts })
    }
}

impl Expressions {
    /// The expression of the row number `oid`.
    pub(super) fn of(&self, oid: u32) -> Option<&str> {
        self.texts.get(*self.of.get(&oid)?)?.as_deref()
    }
}

#[cfg(test)]
mod tests {
    use super::Trees;

    fn tree(number: i16, location: u32) -> String {
        format!("{{VAR :varno 1 :varattno {number} :vartype 23 :location {location}}}")
    }

    fn add(trees: &mut Trees, oid: u32, tree: &str, columns: [&'static str; 2]) {
        trees.add(oid, oid + 100, tree, |number| {
            columns
                .get(usize::try_from(number).ok()?.checked_sub(1)?)
                .copied()
        });
    }

    #[test]
    fn a_table_is_used_for_all_that_have_the_columns_of_an_expression() {
        let mut trees = Trees::default();
        add(&mut trees, 1, &tree(1, 7), ["a", "b"]);
        add(&mut trees, 2, &tree(1, 8), ["a", "c"]);
        add(&mut trees, 3, &tree(1, 7), ["x", "b"]);
        add(&mut trees, 4, &(tree(1, 7) + &tree(1, 9)), ["a", "y"]);
        add(&mut trees, 5, &tree(-6, 7), ["a", "b"]);
        add(&mut trees, 6, "{CONST :consttype 23}", ["a", "b"]);
        assert_eq!(
            trees.distinct,
            [(1, 101), (3, 103), (4, 101), (5, 105), (6, 0)]
        );
        assert_eq!(trees.of[&2], trees.of[&1]);
        assert_ne!(trees.of[&3], trees.of[&1]);
    }
}
