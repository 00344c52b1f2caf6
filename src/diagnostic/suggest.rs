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
            let limit = (length.max(folded.chars().count()) / 3).min(FAR);
            let distance = strsim::damerau_levenshtein(&word, &folded);
            (distance <= limit).then_some((distance, candidate))
        })
        .min()
        .map(|(_, candidate)| candidate)
}

/// The form of a word in which differences nobody means are gone.
fn fold(word: &str) -> String {
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
}
