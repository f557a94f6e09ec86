//! A statement as a tree of its parts, by squawk's grammar.

use squawk_parser::{EntryPoint, LexedStr, StrStep, SyntaxKind};
use std::ops::Range;

/// A part of a statement.
pub(super) struct Node {
    pub(super) kind: SyntaxKind,
    /// In bytes of the statement.
    pub(super) place: Range<usize>,
    pub(super) children: Vec<Node>,
}

/// Deeper than this stands no name that is asked for.
const SHALLOW: usize = 6;

/// The statement, without its deeper parts.
pub(super) fn tree(statement: &str) -> Option<Node> {
    let lexed = LexedStr::new(statement);
    let parsed = EntryPoint::SourceFile.parse(&lexed.to_input());
    let (mut open, mut place, mut whole) = (Vec::<Node>::new(), 0, None);
    lexed.intersperse_trivia(&parsed, &mut |step| match step {
        StrStep::Enter { kind } => open.push(Node {
            kind,
            place: place..place,
            children: Vec::new(),
        }),
        StrStep::Token { text, .. } => place += text.len(),
        StrStep::Exit => {
            let Some(mut done) = open.pop() else { return };
            done.place.end = place;
            let depth = open.len();
            match open.last_mut() {
                Some(around) if depth <= SHALLOW => around.children.push(done),
                Some(_) => {}
                None => whole = Some(done),
            }
        }
        StrStep::Error { .. } => {}
    });
    let mut whole: Node = whole?;
    let is_statement = whole.children.len() == 1 && whole.children[0].kind != SyntaxKind::ERROR;
    is_statement.then(|| whole.children.remove(0))
}

impl Node {
    pub(super) fn has(&self, kind: SyntaxKind) -> bool {
        self.children.iter().any(|child| child.kind == kind)
    }

    /// It and what is in it, in order, of these kinds; what is in one of those is left out.
    pub(super) fn all<'a>(
        &'a self,
        kinds: &'a [SyntaxKind],
    ) -> Box<dyn Iterator<Item = &'a Node> + 'a> {
        match kinds.contains(&self.kind) {
            true => Box::new(std::iter::once(self)),
            false => Box::new(self.children.iter().flat_map(|child| child.all(kinds))),
        }
    }

    pub(super) fn first<'a>(&'a self, kinds: &'a [SyntaxKind]) -> Option<&'a Node> {
        self.all(kinds).next()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_asked_for_is_found_in_order() {
        let sql = "DROP TABLE a, /* x */ b.c";
        let tree = tree(sql).unwrap();
        let names = tree.all(&[SyntaxKind::TABLE_NAME_REF]);
        let names: Vec<&str> = names.map(|node| sql[node.place.clone()].trim()).collect();
        assert_eq!((tree.kind, names.len()), (SyntaxKind::DROP_TABLE, 2));
        assert!(names[1].ends_with("b.c"), "{names:?}");
        assert!(tree.has(SyntaxKind::TABLE_NAME_REF) && !tree.has(SyntaxKind::TABLE_NAME));
    }
}
