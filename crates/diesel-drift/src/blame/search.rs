//! Where in a sequence of states things came to be, changed last and went: a bisection of many questions at once. Pure: states are asked
//! for by number, and each answer serves every question.

use std::collections::{BTreeMap, BTreeSet};

/// How many states an interval is divided by in one round. Reading states in ascending order costs one replay a round, so that fewer
/// rounds with more states each are cheaper than halving.
const FAN: usize = 7;

/// The last life of what was asked for. `v` is the step from state `v - 1` to state `v`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Life {
    /// The step that made it; none where it was there from the beginning, or never.
    pub(super) born: Option<usize>,
    /// The last step after which it was another one; none where it stayed as it was born.
    pub(super) changed: Option<usize>,
    /// The step that took it away; none where it is there at the end, or never was.
    pub(super) gone: Option<usize>,
}

/// One question: up to which state it looks.
#[derive(Clone, Copy, Debug)]
pub(super) struct Question {
    /// The last state of its sequence.
    pub(super) end: usize,
}

/// What states say: of each, the answer to each question; none where the thing is not there.
pub(super) type Answers<V> = Vec<(usize, Vec<Option<V>>)>;

/// Reads states by their numbers.
pub(super) type Reader<'a, V, E> = dyn FnMut(&BTreeSet<usize>) -> Result<Answers<V>, E> + 'a;

/// Finds the last life of each thing that is asked for.
///
/// Each bound of a life is between two neighbouring states that were read and differ, and no state that was read behind it says otherwise.
/// What is changed and changed back between two states that were read is not seen: `suspects` are the steps that may do such a thing, and
/// the state behind each is read. None where a state that is needed was not answered.
pub(super) fn search<V: Eq, E>(
    questions: &[Question],
    suspects: &BTreeSet<usize>,
    read: &mut Reader<'_, V, E>,
) -> Result<Vec<Option<Life>>, E> {
    let mut wanted: BTreeSet<usize> = questions.iter().map(|question| question.end).collect();
    let last = wanted.last().copied().unwrap_or_default();
    wanted.insert(0);
    wanted.extend(suspects.iter().filter(|step| **step <= last));
    let mut asked = wanted.clone();
    let mut known: BTreeMap<usize, Vec<Option<V>>> = BTreeMap::new();
    loop {
        known.extend(read(&wanted)?);
        let bounds: Vec<Bounds> = (0..questions.len())
            .map(|index| Bounds::of(&known, index, questions[index].end))
            .collect();
        let pairs = bounds.iter().flat_map(Bounds::all);
        let inside: BTreeSet<usize> = pairs.flat_map(|pair| inside(pair, suspects)).collect();
        wanted = inside.difference(&asked).copied().collect();
        asked.extend(&wanted);
        if wanted.is_empty() {
            let has = |state: usize| known.contains_key(&state);
            let lives = questions.iter().zip(&bounds);
            return Ok(lives
                .map(|(question, bounds)| bounds.settled().filter(|_| has(0) && has(question.end)))
                .collect());
        }
    }
}

/// The states that narrow a pair down. Where the upper one is behind a suspect, that did it in all likelihood.
fn inside((low, high): (usize, usize), suspects: &BTreeSet<usize>) -> Vec<usize> {
    if high - low > 1 && suspects.contains(&high) {
        return vec![high - 1];
    }
    let parts = (high - low).min(FAN + 1);
    (1..parts)
        .map(|part| low + (high - low) * part / parts)
        .collect()
}

/// Pairs of states that were read one after the other, and between which something happened.
#[derive(Debug, Default)]
struct Bounds {
    born: Option<(usize, usize)>,
    changed: Option<(usize, usize)>,
    gone: Option<(usize, usize)>,
}

impl Bounds {
    fn of<V: Eq>(known: &BTreeMap<usize, Vec<Option<V>>>, index: usize, end: usize) -> Self {
        let mut bounds = Self::default();
        let mut later: Option<(usize, Option<&V>)> = None;
        for (&state, answers) in known.range(..=end).rev() {
            let there = answers.get(index).and_then(Option::as_ref);
            let Some((after, was)) = later.replace((state, there)) else {
                continue;
            };
            let pair = (state, after);
            match (there, was) {
                (None, Some(_)) => {
                    bounds.born = Some(pair);
                    break;
                }
                (Some(_), None) => bounds.gone = Some(pair),
                (Some(one), Some(other)) if one != other => {
                    bounds.changed.get_or_insert(pair);
                }
                _ => {}
            }
        }
        bounds
    }

    fn all(&self) -> impl Iterator<Item = (usize, usize)> {
        [self.born, self.changed, self.gone].into_iter().flatten()
    }

    /// The life, if nothing is left to narrow down.
    fn settled(&self) -> Option<Life> {
        let narrow = |(low, high): (usize, usize)| high == low + 1;
        let step = |pair: Option<(usize, usize)>| pair.map(|(_, high)| high);
        self.all().all(narrow).then(|| Life {
            born: step(self.born),
            changed: step(self.changed),
            gone: step(self.gone),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::convert::Infallible;

    type History = Vec<Option<u8>>;

    /// The last life, by looking at every state.
    fn brute(history: &[Option<u8>]) -> Life {
        let mut life = Life::default();
        for step in (1..history.len()).rev() {
            match (history[step - 1], history[step]) {
                (None, Some(_)) => {
                    life.born = Some(step);
                    break;
                }
                (Some(_), None) => life.gone = Some(step),
                (one, other) if one != other => {
                    life.changed.get_or_insert(step);
                }
                _ => {}
            }
        }
        life
    }

    /// The lives that are found, and the states that were read.
    fn found(histories: &[History], suspects: &BTreeSet<usize>) -> (Vec<Life>, BTreeSet<usize>) {
        let ends: Vec<_> = (histories.iter())
            .map(|history| Question {
                end: history.len() - 1,
            })
            .collect();
        let mut seen = BTreeSet::new();
        let lives = search(&ends, suspects, &mut |wanted| {
            seen.extend(wanted);
            let at = |state: &usize| {
                let answers = histories.iter();
                let answers = answers.map(|history| history.get(*state).copied().flatten());
                (*state, answers.collect())
            };
            Ok::<_, Infallible>(wanted.iter().map(at).collect())
        });
        let Ok(lives) = lives;
        (lives.into_iter().map(Option::unwrap).collect(), seen)
    }

    fn histories() -> impl Strategy<Value = Vec<History>> {
        let history = prop::collection::vec((prop::option::of(0u8..3), 1usize..40), 1..6);
        let spread = history.prop_map(|runs| {
            let run = |(value, length)| std::iter::repeat_n(value, length);
            runs.into_iter().flat_map(run).collect::<History>()
        });
        prop::collection::vec(spread, 1..5)
    }

    proptest! {
        /// With every step that does something under suspicion, whatever came and went and came back.
        #[test]
        fn what_suspects_cover_is_what_looking_at_every_state_finds(histories in histories()) {
            let steps = histories.iter().flat_map(|history| {
                (1..history.len()).filter(|step| history[step - 1] != history[*step])
            });
            let (lives, _) = found(&histories, &steps.collect());
            for (history, life) in histories.iter().zip(lives) {
                prop_assert_eq!(life, brute(history));
            }
        }

        /// Without suspects, nothing is claimed that is not so.
        #[test]
        fn every_bound_is_one_and_no_state_that_was_read_contradicts_it(histories in histories()) {
            let (lives, seen) = found(&histories, &BTreeSet::new());
            for (history, life) in histories.iter().zip(lives) {
                let last = history[history.len() - 1];
                let behind = |step: usize| seen.range(step..history.len()).map(|state| history[*state]);
                if let Some(step) = life.changed.filter(|_| life.gone.is_none()) {
                    prop_assert_ne!(history[step - 1], history[step]);
                    prop_assert!(behind(step).all(|value| value == last));
                }
                if let Some(step) = life.gone {
                    prop_assert!(history[step - 1].is_some());
                    prop_assert!(behind(step).all(|value| value.is_none()));
                }
                if let Some(step) = life.born {
                    prop_assert!(history[step - 1].is_none() && history[step].is_some());
                }
                prop_assert_eq!(last.is_some(), life.gone.is_none() && history_has(history, &seen));
            }
        }

        /// Where no value comes back, no suspects are needed.
        #[test]
        fn values_that_do_not_come_back_are_found_in_few_states(lengths in prop::collection::vec(1usize..60, 1..6)) {
            let runs = lengths.iter().enumerate();
            let history: History = runs.flat_map(|(value, length)| {
                let value = (value > 0).then(|| u8::try_from(value).unwrap());
                std::iter::repeat_n(value, *length)
            }).collect();
            let (lives, seen) = found(std::slice::from_ref(&history), &BTreeSet::new());
            prop_assert_eq!(lives[0], brute(&history));
            prop_assert!(seen.len() <= 2 + 4 * 2 * FAN, "{} of {}", seen.len(), history.len());
        }
    }

    fn history_has(history: &[Option<u8>], seen: &BTreeSet<usize>) -> bool {
        seen.range(..history.len())
            .any(|state| history[*state].is_some())
    }

    #[test]
    fn what_is_not_answered_is_not_guessed() {
        let lives = search(&[Question { end: 100 }], &BTreeSet::new(), &mut |wanted| {
            let at = |state: &usize| (*state, vec![(*state >= 50).then_some(())]);
            let first = |state: &&usize| [0, 100].contains(*state);
            Ok::<_, Infallible>(wanted.iter().filter(first).map(at).collect())
        });
        assert_eq!(lives, Ok(vec![None]));
    }
}
