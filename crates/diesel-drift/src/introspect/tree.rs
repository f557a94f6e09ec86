//! Expressions as PostgreSQL stores them (`pg_node_tree`), told apart without deparsing them.

/// A tree without the places in the source text that it remembers: those have no effect, and differ between tables that
/// were made by the same words.
pub(super) fn without_locations(tree: &str) -> String {
    let mut kept = String::with_capacity(tree.len());
    let mut pieces = tree.split(":location ");
    kept.extend(pieces.next());
    for piece in pieces {
        let number = piece.find(|c: char| c != '-' && !c.is_ascii_digit());
        kept.push_str(number.map_or("", |end| &piece[end..]));
    }
    kept
}

/// The numbers of the columns that a tree over one table names, in the order in which it names them. 0 is the whole row.
pub(super) fn columns(tree: &str) -> impl Iterator<Item = i16> {
    tree.split(":varattno ").skip(1).filter_map(|piece| {
        let number = piece.split([' ', '}']).next()?;
        number.parse().ok()
    })
}

#[cfg(test)]
mod tests {
    use super::{columns, without_locations};

    const TREE: &str = "{OPEXPR :opno 521 :args ({VAR :varno 1 :varattno 4 :vartype 23 :varattnosyn 4 :location 195} \
                        {VAR :varno 1 :varattno -6 :location -1}) :location 201}";

    #[test]
    fn locations_are_dropped_and_nothing_else() {
        let other = TREE.replace("195", "7").replace("201", "12345");
        assert_eq!(without_locations(TREE), without_locations(&other));
        assert_ne!(
            without_locations(TREE),
            without_locations(&TREE.replace("521", "522"))
        );
        assert_eq!(
            without_locations("{CONST :consttype 23}"),
            "{CONST :consttype 23}"
        );
        assert_eq!(without_locations("{A :location 3} {B}"), "{A } {B}");
    }

    #[test]
    fn columns_are_found() {
        assert_eq!(columns(TREE).collect::<Vec<_>>(), [4, -6]);
    }
}
