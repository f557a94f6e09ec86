//! Access control lists as deviations from what PostgreSQL grants by itself.

use crate::catalog::{Privileges, quote_identifier};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

/// One access control list, as `privileges.sql` returns it.
#[derive(Debug, Deserialize)]
pub(super) struct AccessList {
    /// Who owns the object.
    owner: String,
    /// Every privilege that the kind of object has.
    every: BTreeSet<String>,
    /// What PostgreSQL grants by itself; null for nothing.
    usual: Option<Vec<Item>>,
    /// What is granted; null for nothing.
    actual: Option<Vec<Item>>,
}

/// One privilege of one role (`aclexplode`).
#[derive(Debug, Deserialize)]
struct Item {
    /// Null for everybody.
    grantee: Option<String>,
    grantor: String,
    privilege: String,
    grantable: bool,
}

/// Who got something, and from whom; the grantor is none where it is the owner.
type Grant = (String, Option<String>);

const OWNER: &str = "OWNER";

impl AccessList {
    /// What is granted beyond what is usual, and what is usual and not granted.
    pub(super) fn deviations(&self) -> Privileges {
        // What was there from the beginning was granted by whoever owned the object then.
        let usual = by_grant(self.usual.iter().flatten(), |item| &item.grantor);
        let actual = by_grant(self.actual.iter().flatten(), |_| &self.owner);
        let mut deviations: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for grant in usual.keys().chain(actual.keys()).collect::<BTreeSet<_>>() {
            let words = self.words(usual.get(grant), actual.get(grant));
            if !words.is_empty() {
                let (grantee, grantor) = grant;
                let by = grantor.as_ref().map_or(String::new(), |grantor| {
                    format!(" GRANTED BY {}", quote_identifier(grantor))
                });
                let values = deviations.entry(grantee.clone()).or_default();
                values.extend(words.into_iter().map(|word| word + &by));
                values.sort();
            }
        }
        Privileges(deviations)
    }

    fn words(&self, usual: Option<&Held>, actual: Option<&Held>) -> Vec<String> {
        let none = Held::new();
        let (usual, actual) = (usual.unwrap_or(&none), actual.unwrap_or(&none));
        let revoked = usual.keys().filter(|held| !actual.contains_key(*held));
        let granted = |grantable: bool| {
            let new = actual.iter().filter(move |&(_, &held)| held == grantable);
            new.filter(|&(held, &grantable)| usual.get(held) != Some(&grantable))
                .map(|(held, _)| *held)
        };
        let mut words = Vec::new();
        words.extend(self.summed_up(granted(false).collect(), "", ""));
        words.extend(self.summed_up(granted(true).collect(), "", " WITH GRANT OPTION"));
        words.extend(self.summed_up(revoked.copied().collect(), "REVOKED ", ""));
        words
    }

    /// `ALL` for every privilege: which these are differs between releases. One that is the only one is said by its name.
    fn summed_up(&self, privileges: Vec<&str>, before: &str, after: &str) -> Vec<String> {
        let word = |privilege: &str| format!("{before}{privilege}{after}");
        if privileges.len() == self.every.len() && privileges.len() > 1 {
            vec![word("ALL")]
        } else {
            privileges.into_iter().map(word).collect()
        }
    }
}

/// Privileges, and whether they may be passed on.
type Held<'list> = BTreeMap<&'list str, bool>;

fn by_grant<'list>(
    items: impl Iterator<Item = &'list Item>,
    owner: impl Fn(&'list Item) -> &'list String,
) -> BTreeMap<Grant, Held<'list>> {
    let mut grants: BTreeMap<Grant, Held<'list>> = BTreeMap::new();
    for item in items {
        let owner = owner(item);
        let grantee = match &item.grantee {
            None => "PUBLIC".to_owned(),
            Some(grantee) if grantee == owner => OWNER.to_owned(),
            Some(grantee) => quote_identifier(grantee),
        };
        // An owner may pass on what is the owner's, whatever the list says.
        let grantable = item.grantable && grantee != OWNER;
        let grantor = (item.grantor != *owner).then(|| item.grantor.clone());
        let held = grants.entry((grantee, grantor)).or_default();
        held.insert(&item.privilege, grantable);
    }
    grants
}

#[cfg(test)]
mod tests {
    use super::{AccessList, Item};
    use serde_json::json;

    /// Items as `grantee=privilege,privilege*/grantor`, in the manner of PostgreSQL.
    fn items(list: &[&str]) -> Option<Vec<Item>> {
        let items = list.iter().flat_map(|text| {
            let (grantee, rest) = text.split_once('=').unwrap();
            let (privileges, grantor) = rest.split_once('/').unwrap();
            privileges.split(',').map(move |privilege| Item {
                grantee: (!grantee.is_empty()).then(|| grantee.to_owned()),
                grantor: grantor.to_owned(),
                privilege: privilege.trim_end_matches('*').to_owned(),
                grantable: privilege.ends_with('*'),
            })
        });
        Some(items.collect())
    }

    fn deviations(every: &str, usual: &[&str], actual: &[&str]) -> serde_json::Value {
        let list = AccessList {
            owner: "me".to_owned(),
            every: every.split(',').map(str::to_owned).collect(),
            usual: items(usual),
            actual: items(actual),
        };
        serde_json::to_value(list.deviations()).unwrap()
    }

    #[test]
    fn what_equals_the_default_is_nothing() {
        let table = "SELECT,INSERT";
        let usual = ["me=SELECT,INSERT/me"];
        assert_eq!(deviations(table, &usual, &usual), json!({}));
        assert_eq!(
            deviations(table, &usual, &["me=INSERT*,SELECT/me"]),
            json!({})
        );
        // What another owner left behind at initdb.
        let initdb = ["admin=SELECT,INSERT/admin", "=SELECT/admin"];
        let now = ["me=SELECT,INSERT/me", "=SELECT/me"];
        assert_eq!(deviations(table, &initdb, &now), json!({}));
    }

    #[test]
    fn deviations_are_said_by_grantee() {
        let usual = ["me=SELECT,INSERT,DELETE/me"];
        let actual = [
            "me=SELECT/me",
            "=SELECT/me",
            "reader=SELECT*,INSERT/me",
            "all=SELECT,INSERT,DELETE/me",
            "OWNER=SELECT/reader",
        ];
        assert_eq!(
            deviations("SELECT,INSERT,DELETE", &usual, &actual),
            json!({
                "\"OWNER\"": ["SELECT GRANTED BY reader"],
                "\"all\"": ["ALL"],
                "OWNER": ["REVOKED DELETE", "REVOKED INSERT"],
                "PUBLIC": ["SELECT"],
                "reader": ["INSERT", "SELECT WITH GRANT OPTION"],
            })
        );
        assert_eq!(
            deviations("SELECT,INSERT,DELETE", &usual, &[]),
            json!({ "OWNER": ["REVOKED ALL"] })
        );
    }

    #[test]
    fn a_default_that_was_taken_back_is_said() {
        let usual = ["me=EXECUTE/me", "=EXECUTE/me"];
        assert_eq!(
            deviations("EXECUTE", &usual, &["me=EXECUTE/me", "app=EXECUTE/me"]),
            json!({ "PUBLIC": ["REVOKED EXECUTE"], "app": ["EXECUTE"] })
        );
        assert_eq!(
            deviations(
                "EXECUTE",
                &usual,
                &["me=EXECUTE/me", "=EXECUTE/me", "app=EXECUTE*/me"]
            ),
            json!({ "app": ["EXECUTE WITH GRANT OPTION"] })
        );
    }
}
