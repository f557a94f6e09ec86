//! Keyset pagination: a page begins after the last key of the one before it, so that no page gets slower than the
//! first, and rows that come or go between two requests are neither repeated nor skipped.

/// Which part of a list is wanted. Lists are in the order of their keys, which is the order in which rows were made.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Page<K> {
    /// The key that the page begins after; `None`: the first page.
    pub after: Option<K>,
    /// How many rows at most; 0 is taken for 1, because a page without rows has no next one.
    pub limit: u16,
}

impl<K> Page<K> {
    /// The first page.
    #[must_use]
    pub fn first(limit: u16) -> Self {
        Self { after: None, limit }
    }

    /// One row more than the page has, by which the store knows whether there is a next one.
    pub(crate) fn fetch(&self) -> i64 {
        i64::from(self.limit.max(1)) + 1
    }
}

/// One page of a list.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Listed<T, K> {
    /// The rows, by ascending key.
    pub rows: Vec<T>,
    /// The page after this one; `None` where this is the last.
    pub next: Option<Page<K>>,
}

impl<T, K> Listed<T, K> {
    /// The page that was asked for, of the rows that [`Page::fetch`] brought.
    pub(crate) fn of(mut rows: Vec<T>, page: Page<K>, key: impl Fn(&T) -> K) -> Self {
        let limit = usize::from(page.limit.max(1));
        let more = rows.len() > limit;
        rows.truncate(limit);
        let after = rows.last().map(key).filter(|_| more);
        Self {
            rows,
            next: after.map(|key| Page {
                after: Some(key),
                limit: page.limit,
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pages(total: u32, limit: u16) -> Vec<Vec<u32>> {
        let mut page = Some(Page::first(limit));
        let mut pages = Vec::new();
        while let Some(wanted) = page {
            let from = wanted.after.map_or(0, |after| after + 1);
            let rows = (from..total)
                .take(usize::try_from(wanted.fetch()).unwrap_or(0))
                .collect();
            let listed = Listed::of(rows, wanted, |row| *row);
            pages.push(listed.rows);
            page = listed.next;
        }
        pages
    }

    #[test]
    fn every_row_is_on_one_page() {
        assert_eq!(pages(0, 2), [Vec::<u32>::new()]);
        assert_eq!(pages(2, 2), [vec![0, 1]]);
        assert_eq!(pages(5, 2), [vec![0, 1], vec![2, 3], vec![4]]);
    }

    #[test]
    fn a_limit_of_nothing_ends() {
        assert_eq!(pages(2, 0), [vec![0], vec![1]]);
    }
}
