//! What only the text of a trigger says: PostgreSQL has no function for the condition alone, and keeps arguments as bytes.

/// The parts of what `pg_get_triggerdef` returns: `CREATE TRIGGER … [WHEN (condition)] EXECUTE FUNCTION name('argument', …)`.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct TriggerText<'text> {
    pub(super) when: Option<&'text str>,
    pub(super) arguments: Vec<String>,
}

const WHEN: &str = " WHEN (";
const EXECUTE: &str = " EXECUTE FUNCTION ";

impl<'text> TriggerText<'text> {
    /// The parts; none where the text is of another form.
    pub(super) fn of(text: &'text str) -> Option<Self> {
        // Before `WHEN` there are only words and names, after `EXECUTE FUNCTION` a name and strings: both words stand outside
        // of quotes, the one for the first time, the other for the last.
        let execute = unquoted(text, EXECUTE).last()?;
        let when = unquoted(&text[..execute], WHEN).next();
        let condition = when.and_then(|when| text[when + WHEN.len()..execute].strip_suffix(')'));
        let call = &text[execute + EXECUTE.len()..];
        let open = unquoted(call, "(").next()?;
        Some(Self {
            when: condition,
            arguments: strings(call[open + 1..].strip_suffix(')')?)?,
        })
    }
}

/// Where `word` stands outside of quotes. A quote in a name or string is doubled, and so opens what it has just closed.
fn unquoted<'text>(text: &'text str, word: &'text str) -> impl Iterator<Item = usize> + 'text {
    let mut quote = None;
    text.char_indices().filter_map(move |(place, c)| {
        match quote {
            Some(open) if open == c => quote = None,
            None if matches!(c, '\'' | '"') => quote = Some(c),
            _ => {}
        }
        (quote.is_none() && text[place..].starts_with(word)).then_some(place)
    })
}

/// The strings of a list `'one', 'it''s'`, with `standard_conforming_strings`.
fn strings(list: &str) -> Option<Vec<String>> {
    let mut strings = Vec::new();
    let mut rest = list;
    while !rest.is_empty() {
        let mut string = String::new();
        rest = rest.strip_prefix('\'')?;
        loop {
            let (before, after) = rest.split_once('\'')?;
            string += before;
            match after.strip_prefix('\'') {
                Some(after) => {
                    string.push('\'');
                    rest = after;
                }
                None => {
                    rest = after.strip_prefix(", ").unwrap_or(after);
                    break;
                }
            }
        }
        strings.push(string);
    }
    Some(strings)
}

#[cfg(test)]
mod tests {
    use super::TriggerText;

    fn parts(text: &str) -> (Option<&str>, Vec<String>) {
        let text = TriggerText::of(text).unwrap();
        (text.when, text.arguments)
    }

    #[test]
    fn condition_and_arguments_are_found() {
        let text =
            "CREATE TRIGGER t AFTER INSERT ON public.t FOR EACH ROW EXECUTE FUNCTION public.f()";
        assert_eq!(parts(text), (None, vec![]));
        let text = "CREATE TRIGGER t AFTER UPDATE OF a ON public.t FOR EACH ROW \
                    WHEN ((old.a IS DISTINCT FROM new.a)) EXECUTE FUNCTION public.f('a', '', 'it''s, \\')";
        let arguments = ["a", "", "it's, \\"].map(str::to_owned).into();
        assert_eq!(
            parts(text),
            (Some("(old.a IS DISTINCT FROM new.a)"), arguments)
        );
    }

    #[test]
    fn quotes_mislead_nobody() {
        let text = "CREATE TRIGGER \" WHEN (\"\" EXECUTE FUNCTION \" AFTER INSERT ON public.\"it's\" FOR EACH ROW \
                    WHEN ((new.a <> ' EXECUTE FUNCTION f('')'::text)) EXECUTE FUNCTION public.\"f(\"(' WHEN (')";
        assert_eq!(
            parts(text),
            (
                Some("(new.a <> ' EXECUTE FUNCTION f('')'::text)"),
                vec![" WHEN (".to_owned()]
            )
        );
        assert_eq!(TriggerText::of("CREATE TRIGGER t"), None);
        assert_eq!(TriggerText::of("x EXECUTE FUNCTION f('a)"), None);
    }
}
