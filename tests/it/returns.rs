//! The looked-after children return in every shape in which it is found, and every combination of codes.

#![expect(clippy::unwrap_used, reason = "a test may stop where it fails")]

use std::collections::BTreeMap;
use std::sync::LazyLock;

use duly::cases::read;
use duly::import::{Codes, Fate, Form, Import, import, mappings, written};
use duly::policy::Policy;
use fastrand::Rng;

use crate::shipped::{Shipped, shipped};

const EPISODES: &str = "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE";

fn policies() -> &'static [Shipped] {
    static POLICIES: LazyLock<Vec<Shipped>> = LazyLock::new(shipped);
    &POLICIES
}

fn england() -> &'static Policy {
    policies().iter().find(|shipped| shipped.name == "england").unwrap().policy()
}

fn of(files: &[(&str, &[u8])]) -> Import {
    let files: Vec<(String, Vec<u8>)> =
        files.iter().map(|(name, bytes)| ((*name).to_owned(), bytes.to_vec())).collect();
    import(england(), &Codes::shipped(), &files, None)
}

/// What became of each row: `file line used`, or the reason.
fn fates(import: &Import) -> Vec<String> {
    let told = |fate: &Fate| match fate {
        Fate::Used => "used".to_owned(),
        Fate::Explained(why) | Fate::Rejected(why) => format!("{}: {why}", fate.name()),
    };
    let rows = import.outcomes.iter();
    rows.map(|row| format!("{} {} {}", row.file, row.line, told(&row.fate))).collect()
}

/// How many rows were used, explained and rejected.
fn sums(import: &Import) -> [usize; 3] {
    ["used", "explained", "rejected"]
        .map(|name| import.outcomes.iter().filter(|row| row.fate.name() == name).count())
}

fn codes(when: &str) -> Vec<&'static str> {
    let of = |row: &&duly::import::Mapping| row.when == when && row.code != "any";
    let mut codes: Vec<&str> = mappings().iter().filter(of).map(|row| row.code.as_str()).collect();
    codes.sort_unstable();
    codes.dedup();
    codes
}

#[test]
fn every_combination_of_codes_is_accounted_for() {
    let mut legal = codes("legal status begins");
    legal.extend(codes("short breaks begin"));
    let mut ends = codes("care ends");
    ends.extend(["X1", ""]);
    // One code in each column that is none.
    let with_wrong = |mut codes: Vec<&'static str>| {
        codes.push("Q9");
        codes
    };
    let (reasons, legal) = (with_wrong(codes("new episode")), with_wrong(legal));
    let (places, ends) = (with_wrong(codes("placement begins")), with_wrong(ends));
    let mut lines = vec![EPISODES.to_owned()];
    let mut expected: Vec<bool> = Vec::new();
    for reason in &reasons {
        for status in &legal {
            for place in &places {
                for end in &ends {
                    let child = expected.len();
                    let day = if end.is_empty() { "" } else { "01/12/2025" };
                    lines.push(format!(
                        "{child},01/09/2025,{reason},{status},N1,{place},PR1,{day},{end},"
                    ));
                    // Of short breaks the placement is not looked at.
                    let breaks = ["V3", "V4"].contains(status);
                    let wrong = [reason, status, end].iter().any(|code| **code == "Q9")
                        || (*place == "Q9" && !breaks);
                    expected.push(!wrong);
                }
            }
        }
    }
    assert!(expected.len() > 50_000, "{} combinations", expected.len());
    let bytes = lines.join("\n").into_bytes();
    for shipped in policies() {
        let files = [("e.csv".to_owned(), bytes.clone())];
        let import = import(shipped.policy(), &Codes::shipped(), &files, None);
        let [used, explained, rejected] = sums(&import);
        assert_eq!(used + explained + rejected, expected.len());
        assert_eq!(rejected, expected.iter().filter(|good| !**good).count(), "{}", shipped.name);
        let sound = expected.len() - rejected;
        assert_eq!(import.children.len() + import.empty, sound, "{}", shipped.name);
        for (row, good) in import.outcomes.iter().zip(&expected) {
            assert_eq!(row.fate.name() != "rejected", *good, "line {}: {:?}", row.line, row.fate);
            assert!(row.fate == Fate::Used || !row.fate.why().is_empty(), "line {}", row.line);
        }
        for child in import.children.iter().step_by(17) {
            let read = read(shipped.policy(), &child.case, &child.rows);
            assert!(read.is_ok(), "{}: {:?}", shipped.name, read.err());
        }
    }
}

#[test]
fn every_code_of_the_other_modules_is_accounted_for() {
    let mut reviews = vec!["CHILD,DOB,REVIEW,REVIEW_CODE".to_owned()];
    for (child, code) in codes("row").into_iter().chain(["PN8", ""]).enumerate() {
        reviews.push(format!("{child},01/02/2015,03/03/2026,{code}"));
    }
    let missing = "CHILD,DOB,MISSING,MIS_START,MIS_END\n\
                   a,,M,01/03/2026,\nb,,A,01/03/2026,02/03/2026\nc,,X,01/03/2026,\nd,,,01/03/2026,\n\
                   e,,M,,\nf,,M,02/03/2026,01/03/2026";
    let placed = "CHILD,DOB,DATE_PLACED,DATE_PLACED_CEASED,REASON_PLACED_CEASED\n\
                  g,,01/03/2026,,\nh,,01/03/2026,04/03/2026,RD1\ni,,,,\nj,,04/03/2026,01/03/2026,RD1";
    let workers = "CHILD,DOB,SW_ID,SW_DECOM,SW_DEC,SW_REASON\n\
                   k,,A1,01/03/2026,02/03/2026,MANAGE\nk,,A2,02/03/2026,,LEFTRL\nl,,A3,,,\n\
                   m,,A4,03/03/2026,01/03/2026,";
    let import = of(&[
        ("r.csv", reviews.join("\n").as_bytes()),
        ("m.csv", missing.as_bytes()),
        ("p.csv", placed.as_bytes()),
        ("s.csv", workers.as_bytes()),
    ]);
    let [used, explained, rejected] = sums(&import);
    assert_eq!(used + explained + rejected, reviews.len() - 1 + 6 + 4 + 4);
    let wrong: Vec<String> =
        fates(&import).into_iter().filter(|fate| fate.contains("rejected")).collect();
    let rows = |file: &str| wrong.iter().filter(|fate| fate.starts_with(file)).count();
    // In the reviews all but PN0 to PN7: M, A and the row without a code, of other modules, PN8, none.
    assert_eq!(rows("r.csv"), reviews.len() - 1 - 8);
    assert_eq!((rows("m.csv"), rows("p.csv"), rows("s.csv")), (4, 1, 2), "{wrong:#?}");
}

/// Two children, as most files have them.
const PLAIN: &str = "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE\r\n\
                     7,01/09/2025,S,C2,N1,U6,PR1,,,\r\n\
                     8,02/09/2025,S,V2,N1,K2,PR1,03/11/2025,E4A,OTHER\r\n";

#[test]
fn the_same_return_is_read_in_every_shape() {
    let plain = of(&[("e.csv", PLAIN.as_bytes())]);
    assert_eq!((sums(&plain), plain.children.len()), ([2, 0, 0], 2));
    let marked = format!("\u{feff}{PLAIN}");
    let semicolons = PLAIN.replace(',', ";");
    let named = format!("sep=;\r\n{semicolons}");
    let tabs = PLAIN.replace(',', "\t");
    let lower = PLAIN.to_lowercase();
    let quoted: String = PLAIN
        .lines()
        .map(|line| {
            let cells: Vec<String> = line.split(',').map(|cell| format!("\" {cell} \"")).collect();
            cells.join(",") + "\n"
        })
        .collect();
    let xml_names = PLAIN.replace("CHILD", "CHILDID").replace("PLACE,", "PL,");
    let unix = PLAIN.replace("\r\n", "\n");
    let spaced = unix.replace('\n', "\n\n");
    let wide: Vec<u8> =
        [0xFF, 0xFE].into_iter().chain(PLAIN.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    let western = {
        // A postcode column with a letter that Windows-1252 writes in one byte.
        let text = PLAIN.replace("REASON_PLACE_CHANGE\r", "HOME_POST\r").replace("OTHER", "Caf@");
        text.bytes().map(|byte| if byte == b'@' { 0xE9 } else { byte }).collect::<Vec<u8>>()
    };
    for (what, bytes) in [
        ("a byte-order mark", marked.as_bytes()),
        ("semicolons", semicolons.as_bytes()),
        ("a line that names the separator", named.as_bytes()),
        ("tabs", tabs.as_bytes()),
        ("small letters", lower.as_bytes()),
        ("quotation marks and blanks", quoted.as_bytes()),
        ("the names of the XML form", xml_names.as_bytes()),
        ("line feeds", unix.as_bytes()),
        ("empty lines", spaced.as_bytes()),
        ("UTF-16", wide.as_slice()),
        ("Windows-1252", western.as_slice()),
    ] {
        let import = of(&[("e.csv", bytes)]);
        assert!(import.refused.is_empty(), "{what}: {:?}", import.refused);
        assert_eq!(sums(&import), [2, 0, 0], "{what}: {:?}", fates(&import));
        assert_eq!(
            written(&import.children, Form::Text),
            written(&plain.children, Form::Text),
            "{what}"
        );
    }
    // The line is that of the file, whatever stands above.
    let wrong = named.replace(";S;V2", ";Q;V2");
    let import = of(&[("e.csv", wrong.as_bytes())]);
    assert_eq!(fates(&import)[1], "e.csv 4 rejected: RNE has no code `Q`");
}

#[test]
fn what_is_no_part_of_a_return_is_told_and_the_rest_is_read() {
    let import = of(&[
        ("notes.csv", b"who,what\nme,this\n"),
        ("empty.csv", b""),
        ("book.csv", b"PK\x03\x04\x00\x00"),
        ("e.csv", PLAIN.as_bytes()),
        ("page.xml", b"<html><p>no</p></html>"),
        ("cut.xml", b"<EXPSSDA903><CHILD><HEADER><CHILDID>1</CHILDID>"),
    ]);
    let refused: Vec<&str> = import.refused.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(refused, ["notes.csv", "empty.csv", "book.csv", "page.xml", "cut.xml"]);
    assert_eq!((sums(&import), import.children.len()), ([2, 0, 0], 2));
}

#[test]
fn a_row_that_is_longer_than_its_header_is_rejected() {
    // A comma within an address moves everything behind it; empty cells at the end move nothing.
    let text = PLAIN.replace("7,01/09/2025,S,C2,N1,U6,PR1,,,", "7,01/09/2025,S,C2,N1,U6,PR1,,,,,")
        + "9,01/09/2025,S,C2,N1,U6,PR1,,,,X\n";
    let import = of(&[("e.csv", text.as_bytes())]);
    assert_eq!(
        fates(&import),
        ["e.csv 2 used", "e.csv 3 used", "e.csv 4 rejected: the row is longer than the header"]
    );
}

#[test]
fn the_returns_of_several_years_make_one_history() {
    // Open at the end of the first year, closed in the second, then moved.
    let first = format!("{EPISODES}\n5,01/09/2024,S,C1,N1,U6,PR1,,,\n");
    let second = format!(
        "{EPISODES}\n5,01/09/2024,S,C1,N1,U6,PR1,10/06/2025,X1,CARPL\n\
         5,10/06/2025,P,C1,N1,K2,PR1,,,\n5,10/06/2025,P,C1,N1,K2,PR1,,,\n"
    );
    let heads = "CHILD,SEX,DOB\n5,1,04/05/2012\n";
    let missing = "CHILD,DOB,MISSING,MIS_START,MIS_END\n5,04/05/2012,M,30/03/2025,\n";
    let found = missing.replace(",\n", ",02/04/2025\n");
    let workers = "CHILD,DOB,SW_ID,SW_DECOM,SW_DEC,SW_REASON\n5,04/05/2012,A1,01/09/2024,,\n";
    let later = "CHILD,DOB,SW_ID,SW_DECOM,SW_DEC,SW_REASON\n\
                 5,04/05/2012,A1,01/09/2024,01/07/2025,MANAGE\n5,04/05/2012,A2,01/07/2025,,\n";
    let import = of(&[
        ("1/h.csv", heads.as_bytes()),
        ("1/e.csv", first.as_bytes()),
        ("1/m.csv", missing.as_bytes()),
        ("1/s.csv", workers.as_bytes()),
        ("2/h.csv", heads.as_bytes()),
        ("2/e.csv", second.as_bytes()),
        ("2/m.csv", found.as_bytes()),
        ("2/s.csv", later.as_bytes()),
    ]);
    assert_eq!(
        fates(&import),
        [
            "1/h.csv 2 used",
            "1/e.csv 2 explained: the same stands on line 2 of 2/e.csv",
            "1/m.csv 2 explained: the same stands on line 2 of 2/m.csv",
            "1/s.csv 2 explained: the same stands on line 2 of 2/s.csv",
            "2/h.csv 2 explained: the same stands on line 2 of 1/h.csv",
            "2/e.csv 2 used",
            "2/e.csv 3 used",
            "2/e.csv 4 explained: the same stands on line 3",
            "2/m.csv 2 explained: the policy `england` has no event `went-missing` for it",
            "2/s.csv 2 explained: the first social worker is no change of social worker",
            "2/s.csv 3 explained: the policy `england` has no event `social-worker-changed` for it",
        ]
    );
    assert_eq!(
        written(&import.children, Form::Text),
        "case 5\n2012-05-04 born\n2024-09-01 became-looked-after\n\
         2024-09-01 care-order-made order interim at-home no\n2024-09-01 placed setting foster\n\
         2025-06-10 placed setting residential\n"
    );
    // Two ends for one episode cannot both be true.
    let other = first.replace(",PR1,,,", ",PR1,11/06/2025,X1,");
    let import = of(&[("1/e.csv", other.as_bytes()), ("2/e.csv", second.as_bytes())]);
    assert_eq!(sums(&import)[2], 2, "{:?}", fates(&import));
    assert!(import.children.is_empty());
    assert!(
        fates(&import)[0]
            .starts_with("1/e.csv 2 rejected: it begins before the episode of line 2 of 2/e.csv"),
        "{:?}",
        fates(&import)
    );
}

#[test]
fn the_xml_form_gives_what_the_csv_form_gives() {
    let xml = "<?xml version='1.0' encoding='us-ascii'?>\n<EXPSSDA903>\n\
        <CHILD><HEADER><CHILDID>5</CHILDID><SEX>1</SEX><DOB>04/05/2012</DOB><UASC>1</UASC>\
        <DUC>04/05/2030</DUC>\n\
        <AREVIEW><REVIEW>26/09/2025</REVIEW><REVIEW_CODE>PN1</REVIEW_CODE></AREVIEW>\n\
        <AREVIEW><REVIEW>18/12/2025</REVIEW><REVIEW_CODE>PN9</REVIEW_CODE></AREVIEW>\n\
        <MOTHER/><OC2><SDQ_REASON>SDQ5</SDQ_REASON></OC2></HEADER>\n\
        <EPISODE><DECOM>01/09/2025</DECOM><RNE>S</RNE><LS>C2</LS><PL>U6</PL><DEC/><REC/></EPISODE>\
        </CHILD>\n\
        <CHILD><HEADER><CHILDID>6</CHILDID><DOB>04/05/2013</DOB><DOG>a &amp; b</DOG>\n\
        <AD_PLACED><DATE_PLACED>03/02/2026</DATE_PLACED></AD_PLACED>\n\
        <SWS><SW_ID>A1</SW_ID><SW_DECOM>01/09/2025</SW_DECOM><SW_DEC/><SW_REASON/></SWS>\n\
        <PETS><CAT>1</CAT></PETS></HEADER>\n\
        <EPISODE><DECOM>01/09/2025</DECOM><RNE>S</RNE><LS>C2</LS><PL>U6</PL><DEC></DEC></EPISODE>\
        </CHILD>\n</EXPSSDA903>\n";
    let import = of(&[("r.xml", xml.as_bytes())]);
    assert!(import.refused.is_empty(), "{:?}", import.refused);
    let left = "explained: the child is left out, because line 5 of r.xml is rejected";
    assert_eq!(
        fates(&import),
        [
            format!("r.xml 3 {left}"),
            format!("r.xml 3 {left}"),
            format!("r.xml 4 {left}"),
            "r.xml 5 rejected: REVIEW_CODE is PN0 to PN7, not `PN9`".to_owned(),
            format!("r.xml 6 {left}"),
            format!("r.xml 7 {left}"),
            "r.xml 8 used".to_owned(),
            "r.xml 9 explained: the day on which it was decided that the child should be placed for \
             adoption; that is neither a placement nor the authority to place"
                .to_owned(),
            "r.xml 10 explained: the first social worker is no change of social worker".to_owned(),
            "r.xml 11 explained: the part of the return is none that is known".to_owned(),
            "r.xml 12 used".to_owned(),
        ]
    );
    assert_eq!(
        written(&import.children, Form::Text),
        "case 6\n2013-05-04 born\n2025-09-01 became-looked-after\n\
         2025-09-01 care-order-made order full at-home no\n2025-09-01 placed setting foster\n"
    );
}

#[test]
fn a_user_can_give_codes_a_meaning() {
    let lines = format!(
        "{EPISODES}\n1,01/09/2012,S,C2,N1,Q1,PR1,05/01/2013,X1,\n1,05/01/2013,P,C2,N1,K2,PR1,,,\n"
    );
    let files = [("e.csv".to_owned(), lines.into_bytes())];
    let mut codes = Codes::shipped();
    let before = import(england(), &codes, &files, None);
    assert_eq!(fates(&before)[0], "e.csv 2 rejected: PLACE has no code `Q1`");
    let own = "module,when,code,from,until,gives,note\n\
               Episodes,placement begins,q1,,2014-15,placed setting=foster,as our old guide has it\n\
               Episodes,placement begins,K2,,,placed setting=other,ours\n";
    assert_eq!(codes.add(own.as_bytes()), Ok(2));
    let after = import(england(), &codes, &files, None);
    assert_eq!(sums(&after), [2, 0, 0], "{:?}", fates(&after));
    let text = written(&after.children, Form::Text);
    assert!(text.contains("2012-09-01 placed setting foster\n"), "{text}");
    assert!(text.contains("2013-01-05 placed setting other\n"), "{text}");
    for (wrong, why) in [
        ("a,b\n", "the columns of a file of codes are module,when,code,from,until,gives,note"),
        ("Episodes,placement begin,Q1,,,placed,x", "`Episodes,placement begin` has no codes"),
        ("Episodes,placement begins,,,,placed,x", "the code is missing"),
        (
            "Episodes,placement begins,Q1,2014,,placed,x",
            "a year of the return is written as 2015-16",
        ),
        ("Episodes,placement begins,Q1,,,,", "of a code that gives nothing the note says why"),
        ("Episodes,placement begins,Q1,,,placed foster,x", "is not an event and name=value"),
    ] {
        let file = match wrong {
            "a,b\n" => wrong.to_owned(),
            row => format!("module,when,code,from,until,gives,note\n{row}\n"),
        };
        let error = Codes::shipped().add(file.as_bytes()).unwrap_err();
        assert!(error.message.contains(why), "{wrong}: {}", error.message);
    }
}

#[test]
fn a_large_return_is_read_whole() {
    const CHILDREN: usize = 20_000;
    let mut random = Rng::with_seed(903);
    let mut reviews = "CHILD,DOB,REVIEW,REVIEW_CODE\n".to_owned();
    let mut episodes = format!("{EPISODES}\n");
    for child in 0..CHILDREN {
        episodes += &format!("C{child},01/09/2025,S,C2,N1,U6,PR1,,,\n");
        for month in 1..=4 {
            let day = random.u8(1..=28);
            reviews += &format!("C{child},01/02/2015,{day:02}/{month:02}/2026,PN1\n");
        }
    }
    let import = of(&[("e.csv", episodes.as_bytes()), ("r.csv", reviews.as_bytes())]);
    assert_eq!((sums(&import), import.children.len()), ([5 * CHILDREN, 0, 0], CHILDREN));
    let mut found: BTreeMap<&str, usize> = BTreeMap::new();
    for child in &import.children {
        *found.entry(child.case.as_str()).or_default() += child.rows.len();
    }
    assert!(found.values().all(|rows| *rows == 8), "a row is lost");
}

#[test]
fn what_the_xml_form_has_twice_or_in_another_place_is_told() {
    let episode = "<EPISODE><DECOM>01/09/2025</DECOM><RNE>S</RNE><LS>C2</LS><PL>U6</PL><DEC/>";
    let xml = format!(
        "<EXPSSDA903 xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance' xsi:type='a' year='2026'>\n\
         <CHILD><HEADER><CHILDID>1</CHILDID><DOB>04/05/2012</DOB></HEADER>\n\
         <HEADER><CHILDID>1</CHILDID>\n<DOB>05/05/2012</DOB></HEADER>\n\
         {episode}</EPISODE></CHILD>\n\
         <CHILD id='2'><HEADER><CHILDID>2</CHILDID><DOB>04/05/2012</DOB></HEADER>\n\
         {episode}<RNE>L</RNE></EPISODE>\n\
         </CHILD>\n\
         <CHILD><HEADER><CHILDID>3</CHILDID><DOB>04/05/2012</DOB></HEADER>\n\
         <HEADER><CHILDID>3</CHILDID><DOB>04/05/2012</DOB></HEADER>from the file\n\
         {episode}<LS>C2</LS>C1</EPISODE></CHILD>\n\
         <CHILD><HEADER><CHILDID>4</CHILDID><DOB>04/05/2012</DOB></HEADER>\n\
         {episode}<CHILDID>5</CHILDID></EPISODE></CHILD>\n\
         </EXPSSDA903>\n"
    );
    let import = of(&[("r.xml", xml.as_bytes())]);
    assert!(import.refused.is_empty(), "{:?}", import.refused);
    let left = |line: u32| {
        format!("explained: the child is left out, because line {line} of r.xml is rejected")
    };
    assert_eq!(
        fates(&import),
        [
            "r.xml 2 rejected: DOB is given twice, on lines 2 and 4, and not the same".to_owned(),
            format!("r.xml 5 {}", left(2)),
            format!("r.xml 6 {}", left(7)),
            "r.xml 7 rejected: RNE is given twice on line 7, and not the same".to_owned(),
            // Twice the same is one thing.
            "r.xml 9 used".to_owned(),
            "r.xml 11 used".to_owned(),
            format!("r.xml 12 {}", left(13)),
            "r.xml 13 rejected: CHILD is given twice, on lines 12 and 13, and not the same"
                .to_owned(),
        ]
    );
    assert_eq!(
        import.notices,
        [
            "r.xml: not read, because the return has no attributes: `year` of `EXPSSDA903` on line \
             1 (and one more)",
            "r.xml: not read, because it stands between the parts of the return: a text in \
             `EPISODE` on line 11 (and one more)",
        ]
    );
    let broken = "<EXPSSDA903><CHILD id=1></CHILD></EXPSSDA903>";
    let import = of(&[("r.xml", broken.as_bytes())]);
    assert!(import.refused[0].1.message.starts_with("this is no XML: "), "{:?}", import.refused);
}

#[test]
fn a_column_that_stands_twice_has_its_file_refused() {
    let row = "1,01/09/2025,S,C2,N1,U6,PR1,,,,L\n";
    let import = of(&[
        ("episodes.csv", format!("{EPISODES},rne\n{row}").as_bytes()),
        // Nothing is taken from this one, and columns without a name are none.
        ("oc3.csv", b"CHILD,DOB,IN_TOUCH,IN_TOUCH\n1,04/05/2012,YES,NO\n"),
        ("header.csv", b"CHILD,SEX,DOB,,\n1,1,04/05/2012,,\n"),
    ]);
    let refused: Vec<_> =
        import.refused.iter().map(|(file, error)| (file.as_str(), error.to_string())).collect();
    assert_eq!(
        refused,
        [("episodes.csv", "line 1: the column `RNE` stands there twice".to_owned())]
    );
}
