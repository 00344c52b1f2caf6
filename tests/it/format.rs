//! The layout of policy files, on the shipped policies and on what chance makes of them.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a broken assumption is to fail the test"
)]

use std::fs;
use std::path::{Path, PathBuf};

use duly::format::{Refusal, WIDTH, format};
use duly::source::Source;
use duly::syntax::{Before, Piece, parse, pieces};

/// Every policy file that is shipped, and the one that has every form of the surface.
fn shipped() -> Vec<(String, String)> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let mut files = vec![root.join("src/syntax/tests/surface.duly")];
    for folder in fs::read_dir(root.join("policies")).unwrap().flatten() {
        let entries = fs::read_dir(folder.path()).into_iter().flatten().flatten();
        files.extend(entries.map(|entry| entry.path()).filter(|path| is_policy(path)));
    }
    files.sort();
    assert!(files.len() > 25, "only {} files", files.len());
    files.iter().map(|path| (shown(path), fs::read_to_string(path).unwrap())).collect()
}

fn is_policy(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending == "duly")
}

fn shown(path: &Path) -> String {
    path.strip_prefix(env!("CARGO_MANIFEST_DIR")).unwrap().display().to_string()
}

#[track_caller]
fn laid_out(text: &str) -> String {
    match format(&Source::new("policy.duly", text)) {
        Ok(laid_out) => laid_out,
        Err(Refusal::Mistakes(problems)) => {
            panic!("{}", duly::render::concise(&Source::new("policy.duly", text), &problems))
        }
        Err(Refusal::Unfaithful) => panic!("it would not have said the same:\n{text}"),
    }
}

/// Holds that the layout of a text reads as the text does, with the same comments, and stays as it is.
#[track_caller]
fn faithful(text: &str, laid_out_text: &str) {
    let read = |text: &str| parse(&Source::new("policy.duly", text));
    let (before, after) = (read(text), read(laid_out_text));
    assert!(before.file == after.file, "it reads otherwise:\n{laid_out_text}");
    let comments = |parsed: duly::syntax::Parsed| -> Vec<String> {
        parsed.comments.into_iter().map(|comment| comment.text).collect()
    };
    assert_eq!(comments(before), comments(after));
    assert_eq!(laid_out(laid_out_text), laid_out_text, "laid out again it changes");
}

#[test]
fn the_shipped_policies_are_laid_out_as_they_should_be() {
    for (name, text) in shipped() {
        let laid_out_text = laid_out(&text);
        faithful(&text, &laid_out_text);
        if name.starts_with("policies") {
            assert!(laid_out_text == text, "{name}: `duly fmt {name}` would change it");
        }
        for line in laid_out_text.lines().filter(|line| !line.contains(['"', '#'])) {
            assert!(line.chars().count() <= WIDTH, "{name}: a line is too long: {line}");
        }
    }
}

#[test]
fn line_ends_stay_and_a_mark_goes() {
    let unix = "role iro \"Officer\"\nrole child\n";
    assert_eq!(laid_out(unix), unix);
    let windows = unix.replace('\n', "\r\n");
    assert_eq!(laid_out(&windows), windows);
    assert_eq!(laid_out(&format!("\u{feff}{windows}")), windows);
    let mixed = "role iro \"Officer\"\r\nrole child\n";
    assert_eq!(laid_out(mixed), unix);
    assert_eq!(laid_out("role child"), "role child\n");
    assert_eq!(laid_out(""), "");
    assert_eq!(laid_out("\n\n"), "");
    assert_eq!(laid_out("\n # only a comment"), "# only a comment\n");
}

#[test]
fn what_has_a_mistake_is_refused() {
    let text = "role iro \"Officer\"\nduty visit \"Visit\"\n  by iro must\n  dew within 3 days\n";
    let Err(Refusal::Mistakes(problems)) = format(&Source::new("policy.duly", text)) else {
        panic!("it was laid out");
    };
    assert!(!problems.is_empty());
}

/// The tokens of a text and what stands between them, the gap before the first token included.
fn gaps(source: &Source) -> Vec<(String, Piece)> {
    let mut end = 0;
    let cut = pieces(source).unwrap();
    let gap = |piece: &Piece| {
        let before = source.text.get(end..piece.span.start as usize).unwrap().to_owned();
        end = piece.span.end as usize;
        (before, *piece)
    };
    cut.iter().map(gap).collect()
}

/// Whether a token begins a line of its own.
fn begins(piece: &Piece) -> bool {
    matches!(piece.before, Before::Declaration(_) | Before::Stage | Before::Clause | Before::Item)
}

/// Whether a token is the second word of a unit, as in `working days`: both stand on one line.
fn in_unit(source: &Source, gaps: &[(String, Piece)], index: usize) -> bool {
    let text = |index: usize| gaps[index].1.span.text(source);
    let word = text(index).trim_end_matches('s');
    ["day", "week", "month", "year"].contains(&word)
        && !text(index - 1).starts_with(|c: char| c.is_ascii_digit())
}

/// For each token, whether its line may be broken before it without changing what is laid out: the line of
/// a dated event may not, and a break in a list is kept.
fn breakable(source: &Source, gaps: &[(String, Piece)]) -> Vec<bool> {
    let mut free = vec![false; gaps.len()];
    let mut start = 0;
    for index in 0..=gaps.len() {
        if gaps.get(index).is_none_or(|(_, piece)| begins(piece)) {
            let line = &gaps[start..index];
            let dated = line.first().is_some_and(|(_, piece)| {
                piece.span.text(source).starts_with(|c: char| c.is_ascii_digit())
            });
            let list = line.iter().any(|(_, piece)| piece.before == Before::Entry);
            // A `while` at the end of an act is a condition of it only on its line.
            let list = list || line.iter().any(|(_, piece)| piece.span.text(source) == "while");
            for (place, free) in free.iter_mut().enumerate().take(index).skip(start + 1) {
                *free = !dated && !list && !in_unit(source, gaps, place);
            }
            start = index;
        }
    }
    free
}

/// The text with other blanks between its tokens: where there is a comment, and between lines, they stay.
fn with_other_blanks(text: &str, random: &mut fastrand::Rng) -> String {
    let source = Source::new("policy.duly", text);
    let gaps = gaps(&source);
    let free = breakable(&source, &gaps);
    let mut out = String::new();
    for ((gap, piece), free) in gaps.iter().zip(free) {
        let blanks = ["", " ", "  ", "\t", "     ", "\u{a0}", " \u{202f} "];
        // A break in a list is kept, and so it is part of the layout.
        if gap.contains('#') || out.is_empty() || (gap.contains('\n') && !begins(piece)) {
            out += gap;
        } else if begins(piece) {
            let breaks = gap.trim_end_matches([' ', '\t']);
            out += breaks;
            let flush = matches!(piece.before, Before::Declaration(_));
            out += if flush { "" } else { random.choice(["  ", " ", "\t", "         "]).unwrap() };
        } else if free && random.u8(0..8) == 0 {
            out += random.choice(["\n  ", "\n\n ", "\r\n\t"]).unwrap();
        } else {
            let least = usize::from(piece.before != Before::Nothing && !gap.is_empty());
            out += blanks[random.usize(least..blanks.len())];
        }
        out += piece.span.text(&source);
    }
    let end = gaps.last().map_or(0, |(_, piece)| piece.span.end as usize);
    out + text.get(end..).unwrap()
}

/// Those of the shipped files that are short enough to be laid out again and again.
fn short() -> Vec<(String, String)> {
    shipped().into_iter().filter(|(_, text)| text.len() < 14_000).collect()
}

#[test]
fn other_blanks_make_no_other_layout() {
    let files = short();
    for seed in 0..20 {
        let mut random = fastrand::Rng::with_seed(seed);
        let (name, text) = random.choice(&files).unwrap();
        let text = laid_out(text);
        let changed = with_other_blanks(&text, &mut random);
        assert!(changed != text, "{name}, seed {seed}: nothing was changed");
        let again = laid_out(&changed);
        let differs = text.lines().zip(again.lines()).find(|(one, other)| one != other);
        assert!(again == text, "{name}, seed {seed}: {differs:?}");
    }
}

/// The text with comments strewn between its tokens, and how many.
fn with_comments(text: &str, random: &mut fastrand::Rng) -> (String, usize) {
    let source = Source::new("policy.duly", text);
    let gaps = gaps(&source);
    let mut free = breakable(&source, &gaps);
    // A list may have comments too; only the line of a dated event is one line.
    for (index, (_, piece)) in gaps.iter().enumerate() {
        let list = matches!(piece.before, Before::Entry) || begins(piece);
        free[index] |= list;
    }
    let (mut out, mut count) = (String::new(), 0);
    for ((gap, piece), free) in gaps.iter().zip(free) {
        if free && random.u8(0..24) == 0 {
            let (before, after) = match random.u8(0..4) {
                0 => (" # note ", "\n   "),
                1 => ("\n# note ", "\n "),
                2 => ("\n\n    # note ", "\n\n  "),
                _ => ("#note ", "\n\t"),
            };
            out += &format!("{before}{count}{after}");
            count += 1;
            if matches!(piece.before, Before::Declaration(_)) {
                out += "\n";
            }
        }
        let flush = matches!(piece.before, Before::Declaration(_)) && !gap.contains('\n');
        out += if flush { "\n" } else { gap };
        out += piece.span.text(&source);
    }
    (out + "\n", count)
}

#[test]
fn no_comment_is_lost_wherever_it_stands() {
    let files = short();
    let mut all = 0;
    for seed in 0..20 {
        let mut random = fastrand::Rng::with_seed(seed);
        let (_, text) = random.choice(&files).unwrap();
        let (changed, count) = with_comments(text, &mut random);
        let laid_out_text = laid_out(&changed);
        faithful(&changed, &laid_out_text);
        let notes =
            laid_out_text.matches("# note").count() + laid_out_text.matches("#note").count();
        assert_eq!(notes, count, "seed {seed}");
        all += count;
    }
    assert!(all > 200, "only {all} comments were tried");
}

#[test]
fn damage_is_refused_or_laid_out_faithfully() {
    let files = short();
    let (mut refused, mut fine) = (0, 0);
    for seed in 0..60 {
        let mut random = fastrand::Rng::with_seed(seed);
        let (_, text) = random.choice(&files).unwrap();
        let mut characters: Vec<char> = text.chars().collect();
        for _ in 0..random.usize(1..4) {
            let at = random.usize(0..characters.len());
            match random.u8(0..3) {
                0 => drop(characters.remove(at)),
                1 => characters
                    .insert(at, *random.choice(&['\n', ' ', '#', '"', ',', '-', 'x']).unwrap()),
                _ => {
                    let other = random.usize(0..characters.len());
                    characters.swap(at, other);
                }
            }
        }
        let damaged: String = characters.into_iter().collect();
        match format(&Source::new("policy.duly", damaged.as_str())) {
            Ok(text) => {
                faithful(&damaged, &text);
                fine += 1;
            }
            Err(Refusal::Mistakes(problems)) => {
                assert!(!problems.is_empty());
                refused += 1;
            }
            Err(Refusal::Unfaithful) => panic!("seed {seed}: it would not have said the same"),
        }
    }
    assert!(
        refused > 5 && fine > 5,
        "{refused} refused, {fine} fine: chance was too kind or too harsh"
    );
}
