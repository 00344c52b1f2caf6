//! The names most like one that there is not, out of any number of names.
//!
//! Names of cases are numbers more often than words, and the nearest number is another case. So a name
//! is offered as what was meant only where it is written otherwise and reads the same; others are named
//! as what is there.

use super::suggest::{fold, limit, list};

/// So many names are kept.
const KEPT: usize = 3;

/// Fewer letters are a part of too much.
const LETTERS: usize = 3;

/// The names most like a word, of those that were added. Which they are does not depend on the order.
#[derive(Debug, Clone)]
pub struct Likest {
    folded: String,
    bare: String,
    /// The best first.
    kept: Vec<(Likeness, String)>,
}

/// How like a name is to the word, the most like first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Likeness {
    /// It reads the same: capitals, marks between the parts and zeros before a number aside.
    Same,
    /// So many changes make one of the other.
    Near(usize),
    /// The word is a part of it.
    Part,
}

impl Likest {
    /// Nothing is like the word yet.
    pub fn new(word: &str) -> Self {
        let folded = fold(word.trim());
        Self { bare: bare(&folded), folded, kept: Vec::new() }
    }

    /// Adds a name.
    pub fn add(&mut self, name: &str) {
        if let Some(likeness) = self.likeness(name) {
            self.keep(likeness, name);
        }
    }

    /// Adds the names that were added to another one for the same word.
    pub fn take_in(&mut self, other: &Self) {
        for (likeness, name) in &other.kept {
            self.keep(*likeness, name);
        }
    }

    /// What to say of the names that are like it, if there are any. They are shown by the function.
    pub fn way_on(&self, shown: impl Fn(&str) -> String) -> Option<String> {
        let same = self.kept.iter().filter(|(likeness, _)| *likeness == Likeness::Same);
        let same: Vec<String> = same.map(|(_, name)| shown(name)).collect();
        match same.as_slice() {
            [] => {}
            [only] => return Some(format!("did you mean `{only}`?")),
            _ => return Some(format!("did you mean one of {}?", list(same))),
        }
        let names: Vec<String> = self.kept.iter().map(|(_, name)| shown(name)).collect();
        match names.as_slice() {
            [] => None,
            [only] => Some(format!("the name most like it is `{only}`")),
            _ => Some(format!("the names most like it are {}", list(names))),
        }
    }

    fn likeness(&self, name: &str) -> Option<Likeness> {
        let folded = fold(name.trim());
        if bare(&folded) == self.bare {
            return Some(Likeness::Same);
        }
        let (own, other) = (self.folded.chars().count(), folded.chars().count());
        let limit = limit(own, other);
        // Lengths that lie further apart need more changes, and are not compared letter by letter.
        if own.abs_diff(other) <= limit {
            let changes = strsim::osa_distance(&self.folded, &folded);
            if changes <= limit {
                return Some(Likeness::Near(changes));
            }
        }
        (own >= LETTERS && folded.contains(&self.folded)).then_some(Likeness::Part)
    }

    fn keep(&mut self, likeness: Likeness, name: &str) {
        let place =
            self.kept.partition_point(|(other, kept)| (*other, kept.as_str()) < (likeness, name));
        let here = self.kept.get(place);
        if place < KEPT && here.is_none_or(|(_, kept)| kept != name) {
            self.kept.insert(place, (likeness, name.to_owned()));
            self.kept.truncate(KEPT);
        }
    }
}

/// A name without what is left out or added when it is written from memory: the marks between its parts
/// and the zeros before its numbers.
fn bare(folded: &str) -> String {
    let mut bare = String::with_capacity(folded.len());
    let mut in_number = false;
    let mut letters = folded.chars().filter(|letter| letter.is_alphanumeric()).peekable();
    while let Some(letter) = letters.next() {
        let digit = letter.is_ascii_digit();
        let goes_on = letters.peek().is_some_and(char::is_ascii_digit);
        if letter == '0' && !in_number && goes_on {
            continue;
        }
        in_number = digit;
        bare.push(letter);
    }
    bare
}

#[cfg(test)]
mod tests {
    use super::*;

    fn way_on(word: &str, names: &[&str]) -> Option<String> {
        let mut likest = Likest::new(word);
        for name in names {
            likest.add(name);
        }
        likest.way_on(str::to_owned)
    }

    #[test]
    fn a_name_that_is_only_written_otherwise_is_what_was_meant() {
        let names = ["LA-0041", "LA-0042", "LA-0420", "LA-0043"];
        for word in ["la-0042", "LA0042", "LA 42", " la/00042 "] {
            assert_eq!(way_on(word, &names).unwrap(), "did you mean `LA-0042`?", "{word}");
        }
        assert_eq!(
            way_on("a 7", &["A-7", "a-07", "A-8"]).unwrap(),
            "did you mean one of `A-7` and `a-07`?"
        );
        // A nought alone is a number, and one behind a digit counts.
        assert_eq!(way_on("a-0", &["a", "a-00"]).unwrap(), "did you mean `a-00`?");
        assert_eq!(way_on("a-10", &["a-1", "a-010"]).unwrap(), "did you mean `a-010`?");
    }

    #[test]
    fn other_names_are_told_the_most_like_first() {
        // Two digits that changed places are one change, as is one other digit.
        let names = ["LA-0124", "LA-0213", "LA-0999", "LA-0122", "LA-1023"];
        assert_eq!(
            way_on("LA-0123", &names).unwrap(),
            "the names most like it are `LA-0122`, `LA-0124` and `LA-0213`"
        );
        let names = ["2026/child-17/a", "2026/child-7/b"];
        assert_eq!(
            way_on("child-17", &names).unwrap(),
            "the name most like it is `2026/child-17/a`"
        );
        assert_eq!(way_on("child-17", &["k", "2026"]), None);
        assert_eq!(way_on("17", &["2017-a-child"]), None);
        assert_eq!(way_on("anything", &[]), None);
    }

    #[test]
    fn neither_the_order_nor_the_parts_in_which_they_come_matter() {
        let names: Vec<String> = (100..200).map(|number| format!("k-{number}")).collect();
        let mut forwards = Likest::new("k-15");
        for name in &names {
            forwards.add(name);
        }
        let mut backwards = Likest::new("k-15");
        for part in names.rchunks(7) {
            let mut own = Likest::new("k-15");
            for name in part.iter().rev() {
                own.add(name);
            }
            backwards.take_in(&own);
            // The same part twice is the same names.
            backwards.take_in(&own);
        }
        let told = "the names most like it are `k-105`, `k-115` and `k-125`";
        assert_eq!(forwards.way_on(str::to_owned).unwrap(), told);
        assert_eq!(backwards.way_on(str::to_owned).unwrap(), told);
    }
}
