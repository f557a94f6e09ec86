//! What a fact never is, though its form is right.

use crate::catalog::TypeName;
use crate::text::visible;
use serde_json::Value;

/// What SQL takes for an expression though it is one word; and what is told otherwise: that there is none.
const WORDS: [&str; 15] = [
    "current_catalog",
    "current_date",
    "current_role",
    "current_schema",
    "current_time",
    "current_timestamp",
    "current_user",
    "false",
    "localtime",
    "localtimestamp",
    "none",
    "null",
    "session_user",
    "true",
    "user",
];

/// A type; as it is written, because that is how people know it again.
pub(super) fn type_of(key: &str, text: String) -> Result<Value, String> {
    let name = TypeName::read(&text);
    if let Some(kept) = name.of_serial() {
        return Err(format!(
            "`{key}` is never `{}`: a column that was declared so is `{kept}`, with a `default` that matches `nextval`",
            visible(&text)
        ));
    }
    match name.misspelt() {
        Some(meant) => Err(format!(
            "there is no type `{0}` (did you mean `{meant}`?); one of your own is written with its schema, as `public.{0}`",
            visible(&text)
        )),
        None => Ok(Value::from(text)),
    }
}

/// Whether a text is one word that is no expression: a column elsewhere, but a default names none.
pub(super) fn is_bare_word(text: &str) -> bool {
    let word = text.trim().to_lowercase();
    let is_of_word = |c: char| c.is_alphanumeric() || c == '_';
    word.starts_with(|c: char| c.is_alphabetic() || c == '_')
        && word.chars().all(is_of_word)
        && !WORDS.contains(&word.as_str())
}

/// That no default is such a word, and what may be meant.
pub(super) fn no_default(text: &str) -> String {
    format!(
        "`default` is never `{text}`, which is no expression: the text is `default = \"'{text}'\"`, \
         what a function gives `default = \"{text}()\"`"
    )
}
