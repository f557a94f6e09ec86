//! What the reader of TOML says, in words of drift.toml.

use crate::text::proposed;

/// A message of serde's as somebody understands it who does not know serde: with what was meant, and with TOML's names of values.
pub(super) fn plainly(message: &str) -> String {
    if message.contains("$__toml_private_datetime") {
        return "a date stands where none can be: what is meant as a text stands in quotes"
            .to_owned();
    }
    let message = message.trim_end();
    with_what_was_meant(message)
        .or_else(|| of_another_form(message))
        .unwrap_or_else(|| message.to_owned())
}

/// ``unknown field `x`, expected one of `a`, `b` ``
fn with_what_was_meant(message: &str) -> Option<String> {
    let (unknown, known) = message.split_once(", expected ")?;
    let (what, name) = unknown.split_once(" `")?;
    let name = name.strip_suffix('`')?;
    let known = || known.split('`').skip(1).step_by(2);
    ["unknown field", "unknown variant"]
        .contains(&what)
        .then(|| {
            let all: Vec<&str> = known().collect();
            format!(
                "{unknown}{}; there is {}",
                proposed(name, known()),
                all.join(", ")
            )
        })
}

/// `invalid type: string "x", expected a sequence`
fn of_another_form(message: &str) -> Option<String> {
    let (found, wanted) = message
        .strip_prefix("invalid type: ")?
        .rsplit_once(", expected ")?;
    let found = match found.split_once(' ') {
        Some(("string", text)) => format!("the text {text}"),
        Some(("integer" | "boolean", value)) => value.trim_matches('`').to_owned(),
        Some(("floating", value)) => value
            .trim_start_matches("point ")
            .trim_matches('`')
            .to_owned(),
        _ => in_toml(found).to_owned(),
    };
    Some(format!("{found} stands where {} has to", in_toml(wanted)))
}

/// What TOML calls what serde does.
fn in_toml(form: &str) -> &str {
    match form {
        "a sequence" | "sequence" => "a list, `[…]`,",
        "a map" | "map" => "a table",
        form if form.starts_with("struct ") => "a table",
        "a string" | "string" => "a text",
        "a boolean" => "true or false",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_serde_says_is_said_in_words_of_toml() {
        for (said, plain) in [
            (
                "unknown field `imutable`, expected one of `required`, `immutable`\n",
                "unknown field `imutable` (did you mean `immutable`?); there is required, immutable",
            ),
            (
                "unknown variant `warn`, expected one of `off`, `note`, `warning`, `error`",
                "unknown variant `warn` (did you mean `warning`?); there is off, note, warning, error",
            ),
            (
                "unknown field `x`, expected `directory`",
                "unknown field `x`; there is directory",
            ),
            (
                "invalid type: string \"x, expected y\", expected a sequence",
                "the text \"x, expected y\" stands where a list, `[…]`, has to",
            ),
            (
                "invalid type: integer `5`, expected a string",
                "5 stands where a text has to",
            ),
            (
                "invalid type: string \"$__toml_private_datetime\", expected a spanned value",
                "a date stands where none can be: what is meant as a text stands in quotes",
            ),
            ("missing field `reason`", "missing field `reason`"),
        ] {
            assert_eq!(plainly(said), plain);
        }
    }
}
