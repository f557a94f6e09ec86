//! Versions of PostgreSQL, as `server_version_num` says them.

/// The oldest major version that the harness works with: the oldest that its catalog queries are written for.
pub(crate) const OLDEST: u32 = 13;

/// `150018` as people write it: `15.18`.
pub(crate) fn readable(number: u32) -> String {
    format!("{}.{}", major(number), number % 10_000)
}

/// `15` of `150018`.
pub(crate) fn major(number: u32) -> u32 {
    number / 10_000
}

/// Refuses a server that is older than [`OLDEST`].
pub(crate) fn check(number: u32) -> Result<(), String> {
    let major = major(number);
    if major >= OLDEST {
        return Ok(());
    }
    Err(format!(
        "the server is PostgreSQL {major}, and {OLDEST} is the oldest that diesel-drift works with"
    ))
}

#[cfg(test)]
mod tests {
    use super::{check, readable};

    #[test]
    fn versions_read_as_people_write_them() {
        assert_eq!(readable(150_018), "15.18");
        assert_eq!(readable(180_000), "18.0");
    }

    #[test]
    fn older_servers_are_refused() {
        assert_eq!(check(130_000), Ok(()));
        let message = check(120_022).unwrap_err();
        assert!(message.contains("PostgreSQL 12,"), "{message}");
        assert!(check(90_624).unwrap_err().contains("PostgreSQL 9,"));
    }
}
