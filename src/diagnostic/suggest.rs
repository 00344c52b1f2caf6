//! Did you mean: the nearest of the words that would have been right.

/// The most changes that still make a suggestion, however long the word.
///
/// Long names share long parts (`decisions-agreed`, `decisions-disputed`), so a limit that kept growing
/// would suggest the opposite of what was meant.
const FAR: usize = 3;

/// Finds the candidate nearest to a word, if one is near enough to suggest.
///
/// Near is at most one change (a letter added, dropped, altered, or swapped with its neighbour) for every
/// three letters, and never more than three. Capitals, and underscores or blanks for hyphens, do not
/// count. Of two equally near, the first by name is taken.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word = fold(word);
    let length = word.chars().count();
    candidates
        .into_iter()
        .filter_map(|candidate| {
            let folded = fold(candidate);
            let limit = limit(length, folded.chars().count());
            let distance = strsim::damerau_levenshtein(&word, &folded);
            (distance <= limit).then_some((distance, candidate))
        })
        .min()
        .map(|(_, candidate)| candidate)
}

/// How many changes still make a suggestion, between words of so many letters.
pub(super) fn limit(one: usize, other: usize) -> usize {
    (one.max(other) / 3).min(FAR)
}

/// The form of a word in which differences nobody means are gone.
pub(super) fn fold(word: &str) -> String {
    word.to_lowercase().replace(['_', ' '], "-")
}

/// Writes words as a list for a sentence: `` `a`, `b` and `c` ``.
pub fn list<S: AsRef<str>>(words: impl IntoIterator<Item = S>) -> String {
    let words: Vec<_> = words.into_iter().map(|word| format!("`{}`", word.as_ref())).collect();
    match words.split_last() {
        None => String::new(),
        Some((only, [])) => only.clone(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
    }
}

/// The most words that a message lists.
pub const LISTED: usize = 12;

/// Writes words as a list, of many only the first and how many more there are.
pub fn some_of<S: AsRef<str>>(words: impl IntoIterator<Item = S>) -> String {
    let mut words = words.into_iter();
    let first: Vec<S> = words.by_ref().take(LISTED).collect();
    list_and_more(first, words.count())
}

/// Writes words as a list, behind which there are so many more.
pub fn list_and_more<S: AsRef<str>>(words: impl IntoIterator<Item = S>, more: usize) -> String {
    if more == 0 {
        return list(words);
    }
    let words: Vec<_> = words.into_iter().map(|word| format!("`{}`", word.as_ref())).collect();
    format!("{} and {more} more", words.join(", "))
}

/// What to say to somebody who wrote a name that there is not: the nearest name; else those of which
/// it is a part; else, behind the introduction, the first of them all.
pub fn way_on<'a>(
    word: &str,
    names: impl Iterator<Item = &'a str> + Clone,
    intro: &str,
) -> Option<String> {
    /// Fewer letters are a part of too much.
    const LETTERS: usize = 3;
    if let Some(near) = nearest(word, names.clone()) {
        return Some(format!("did you mean `{near}`?"));
    }
    let part = fold(word.trim());
    let told = part.chars().count() >= LETTERS;
    let whole = |name: &&str| told && fold(name).contains(&part);
    let wholes: Vec<&str> = names.clone().filter(whole).collect();
    match wholes.as_slice() {
        [] => names.clone().next().map(|_| format!("{intro} {}", some_of(names))),
        [only] => Some(format!("did you mean `{only}`?")),
        _ => Some(format!("did you mean one of {}?", some_of(wholes))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EVENTS: [&str; 6] =
        ["review-held", "review-begun", "placed", "born", "decisions-agreed", "decisions-disputed"];

    #[test]
    fn slips_are_recognised() {
        assert_eq!(nearest("reveiw-held", EVENTS), Some("review-held"));
        assert_eq!(nearest("review_held", EVENTS), Some("review-held"));
        assert_eq!(nearest("Placed", EVENTS), Some("placed"));
        assert_eq!(nearest("plcd", EVENTS), Some("placed"));
        assert_eq!(nearest("bron", EVENTS), Some("born"));
        assert_eq!(nearest("ir", ["iro"]), Some("iro"));
    }

    #[test]
    fn other_words_are_left_alone() {
        assert_eq!(nearest("died", EVENTS), None);
        assert_eq!(nearest("at", ["on", "by"]), None);
        assert_eq!(nearest("", EVENTS), None);
        assert_eq!(nearest("decisions-deemed", ["decisions-disputed"]), None);
        assert_eq!(nearest("anything", []), None);
    }

    #[test]
    fn the_nearest_wins_and_ties_go_by_name() {
        assert_eq!(nearest("review-hel", EVENTS), Some("review-held"));
        assert_eq!(nearest("stage-3", ["stage-2", "stage-1"]), Some("stage-1"));
        assert_eq!(nearest("stage-3", ["stage-1", "stage-2"]), Some("stage-1"));
    }

    #[test]
    fn lists_read_as_sentences_do() {
        assert_eq!(list::<&str>([]), "");
        assert_eq!(list(["a"]), "`a`");
        assert_eq!(list(["a", "b"]), "`a` and `b`");
        assert_eq!(list(["a", "b", "c"]), "`a`, `b` and `c`");
    }

    #[test]
    fn long_lists_are_cut() {
        let letters: Vec<String> = ('a'..='n').map(String::from).collect();
        let twelve = "`a`, `b`, `c`, `d`, `e`, `f`, `g`, `h`, `i`, `j`, `k` and `l`";
        assert_eq!(some_of(letters.iter().take(12)), twelve);
        assert_eq!(some_of(&letters), twelve.replace(" and", ",") + " and 2 more");
        assert_eq!(some_of::<&str>([]), "");
    }

    #[test]
    fn a_part_of_a_name_finds_the_names() {
        let offered = |word| way_on(word, EVENTS.into_iter(), "there are").unwrap();
        assert_eq!(offered("reveiw-held"), "did you mean `review-held`?");
        assert_eq!(offered("held"), "did you mean `review-held`?");
        assert_eq!(
            offered("Decisions"),
            "did you mean one of `decisions-agreed` and `decisions-disputed`?"
        );
        let all = "there are `review-held`, `review-begun`, `placed`, `born`, `decisions-agreed` and \
                   `decisions-disputed`";
        for word in ["died", "or", ""] {
            assert_eq!(offered(word), all, "{word}");
        }
        assert_eq!(way_on("born", [].into_iter(), "there are"), None);
    }
}
