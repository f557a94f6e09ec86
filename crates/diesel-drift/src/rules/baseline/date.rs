//! A day.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use std::fmt;
use std::str::FromStr;

/// A day, in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(jiff::civil::Date);

impl Date {
    /// The day that it is, by the system's clock.
    pub fn today() -> Self {
        Self(Timestamp::now().to_zoned(TimeZone::UTC).date())
    }
}

/// `2027-01-31`.
impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for Date {
    type Err = String;

    /// # Errors
    /// A sentence, for what is no day of the calendar.
    fn from_str(text: &str) -> Result<Self, String> {
        (text.parse::<jiff::civil::Date>().ok())
            .filter(|date| date.to_string() == text)
            .map(Self)
            .ok_or_else(|| "this is no day: write it as 2027-01-31".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_one_of_the_calendar() {
        let day: Date = "2028-02-29".parse().unwrap();
        assert_eq!(day.to_string(), "2028-02-29");
        for text in [
            "2027-02-29",
            "2027-1-1",
            "tomorrow",
            "",
            "2027-01-01T00:00:00",
        ] {
            assert!(text.parse::<Date>().is_err(), "{text}");
        }
    }
}
