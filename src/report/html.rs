//! A report as one page: it loads nothing, runs nothing and prints well.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::bars;
use super::table::{Cell, Report, Table};

/// The look of the page, on a light and on a dark ground; paper is always light. The shades differ in
/// lightness, so that they can be told apart in grey; none of them is the red or the green that would
/// call a figure bad or good.
const STYLE: &str = "
:root{color-scheme:light dark;--ink:#1d2733;--soft:#44505e;--faint:#5f6a76;--paper:#fff;--line:#d5dbe1;
--strong:#1d2733;--link:#1d4f7c;--edge:#1d4f7c;--kept:#1d4f7c;--late:#6fa3cf;--not:#d3e1ee;
--step0:#1d4f7c;--step1:#4381b5;--step2:#83b1d6;--step3:#bcd6ea;--step4:#eaf2f9}
@media screen and (prefers-color-scheme:dark){:root{--ink:#e4e9ef;--soft:#b6c0cc;--faint:#98a4b2;
--paper:#14191f;--line:#36404c;--strong:#8b97a5;--link:#8fc1ea;--edge:#8fc1ea;--kept:#8fc1ea;--late:#4a7ba6;
--not:#20374d;--step0:#a9d2f5;--step1:#74a9d6;--step2:#4a7ba6;--step3:#2f5677;--step4:#1c3044}}
*{box-sizing:border-box}
body{font:16px/1.5 system-ui,'Segoe UI',Arial,'DejaVu Sans',sans-serif;color:var(--ink);
background:var(--paper);margin:0 auto;padding:2rem 1.25rem 4rem;max-width:64rem}
h1{font-size:1.7rem;line-height:1.25;margin:0 0 .25rem}
h2{font-size:1.2rem;line-height:1.3;margin:2.75rem 0 .5rem;padding-top:.75rem;
border-top:2px solid var(--strong)}
p{margin:.4rem 0}
.time{font-size:1.05rem}
.definition{color:var(--soft);font-size:.9rem;max-width:48rem}
nav ul{columns:2;padding-left:1.1rem;margin:.75rem 0;font-size:.92rem}
nav li{break-inside:avoid}
a{color:var(--link)}
.chart{max-width:48rem;margin:.5rem 0;font-size:.88rem;line-height:1.3}
.bar{display:grid;grid-template-columns:minmax(6rem,15rem) 1fr minmax(3.2rem,auto);column-gap:.75rem;
align-items:center;min-height:1.7rem}
.label{text-align:right;overflow-wrap:anywhere}
.track{display:flex;height:1.25rem}
.number{text-align:right;font-variant-numeric:tabular-nums}
.head{color:var(--faint);font-size:.82rem;line-height:1.15}
.track>span,.key>span{display:block;min-width:2px;border:1px solid var(--edge);forced-color-adjust:none}
.track>span+span{border-left-width:0}
.kept{background:var(--kept)}.late{background:var(--late)}.not{background:var(--not)}
.unsaid{background:repeating-linear-gradient(135deg,var(--paper) 0 4px,var(--line) 4px 6px)}
.step0{background:var(--step0)}.step1{background:var(--step1)}.step2{background:var(--step2)}
.step3{background:var(--step3)}.step4{background:var(--step4)}
.legend{font-size:.88rem;display:flex;flex-wrap:wrap;gap:.2rem 1.2rem}
.key{display:inline-flex;align-items:center;gap:.4rem;white-space:nowrap}
.key>span{width:.9rem;height:.9rem}
.scroll{overflow-x:auto;margin:.6rem 0}
table{border-collapse:collapse;font-size:.9rem;font-variant-numeric:tabular-nums}
caption{text-align:left;position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
th,td{padding:.28rem .7rem;border-bottom:1px solid var(--line);vertical-align:top;text-align:right}
thead th{border-bottom:2px solid var(--strong);vertical-align:bottom;font-weight:600}
th:first-child{padding-left:0}
.w{text-align:left}tbody th{font-weight:400}.n{white-space:nowrap}
.new td,.new th{border-top:2px solid var(--strong)}
.z{color:var(--faint)}
.wide table{font-size:.82rem}.wide th,.wide td{padding:.25rem .45rem}
.wide th:first-child{position:sticky;left:0;background:var(--paper);min-width:9rem}
#summary~.scroll td,#now~.scroll td{font-size:1.1rem;font-weight:600}
code{font-size:.95em}
@page{size:A4;margin:14mm}
@page wide{size:A4 landscape}
@media print{body{max-width:none;padding:0;font-size:10.5pt}nav{display:none}
h2{break-after:avoid;break-inside:avoid;margin-top:1.5rem}.bar,tr,.legend,.chart{break-inside:avoid}.scroll{overflow:visible}
thead{display:table-header-group}table{font-size:8.5pt}th,td{padding:.12rem .4rem}a{color:inherit;text-decoration:none}.wide{page:wide;break-before:page}
.wide table{font-size:7pt}.wide th,.wide td{padding:.12rem .25rem}.wide th:first-child{position:static}
*{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
@media (max-width:40rem){body{padding:1.25rem .9rem 3rem}nav ul{columns:1}
.bar{grid-template-columns:6.5rem 1fr minmax(2.6rem,auto);column-gap:.5rem}
th,td{padding:.28rem .3rem}table{font-size:.82rem}.n{white-space:normal}.wide th:first-child{min-width:7rem;max-width:8.5rem}}
";

/// A table of more columns than this is wide: its first column stays in sight, and it is printed across.
const WIDE: usize = 11;

/// What the page may do: nothing but use its own style.
const POLICY: &str =
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/// Writes a report as one page of HTML.
pub fn page(report: &Report) -> String {
    let frame = &report.frame;
    let title = format!("{}: figures", report.title);
    let page = html! {
        (DOCTYPE)
        html lang="en-GB" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta http-equiv="Content-Security-Policy" content=(POLICY);
                title { (title) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                main {
                    h1 { (title) }
                    p.time {
                        "From " time datetime=(frame.from) { (frame.from.long()) }
                        " to " time datetime=(frame.to) { (frame.to.long()) }
                        ", as of " time datetime=(frame.as_of) { (frame.as_of.long()) } "."
                    }
                    p {
                        "Cases: " strong { (Cell::Count(report.cases).shown()) } "."
                        @if report.refused > 0 {
                            " Not included: " strong { (Cell::Count(report.refused).shown()) } ", "
                            a href="#not-included" { "listed at the end" } "."
                        }
                    }
                    @for note in &report.notes { p.definition { (note) } }
                    nav aria-label="Tables" {
                        ul { @for table in &report.tables {
                            li { a href=(format!("#{}", table.name)) { (table.title) } }
                        } }
                    }
                    @for table in &report.tables { (section(table)) }
                }
            }
        }
    };
    page.into_string()
}

fn section(table: &Table) -> Markup {
    let wide = (table.columns.len() > WIDE).then_some("wide");
    html! {
        section class=[wide] aria-labelledby=(table.name) {
            h2 id=(table.name) { (table.title) }
            @if let Some(chart) = bars::chart(table) { (chart) }
            div.scroll tabindex="0" role="region" aria-labelledby=(table.name) { (figures(table)) }
            p.definition { (prose(&table.definition)) }
        }
    }
}

/// Sentences in which what stands between backticks is to be typed.
fn prose(text: &str) -> Markup {
    html! {
        @for (place, piece) in text.split('`').enumerate() {
            @if place % 2 == 1 { code { (piece) } } @else { (piece) }
        }
    }
}

fn figures(table: &Table) -> Markup {
    let words =
        |place: usize| table.rows.iter().any(|row| row.get(place).is_some_and(Cell::is_words));
    let spans = table.spanned();
    let class = |place: usize| match words(place) {
        true if place == 0 && spans => Some("w n"),
        true => Some("w"),
        false => None,
    };
    let begins = |place: usize| {
        let kind = |place: usize| table.rows.get(place).and_then(|row| row.first()?.kind());
        (place > 0 && kind(place) != kind(place - 1)).then_some("new")
    };
    html! {
        table {
            caption { (table.title) }
            thead { tr { @for (place, column) in table.columns.iter().enumerate() {
                th scope="col" class=[class(place)] { (column.title) }
            } } }
            tbody { @for (place, row) in table.rows.iter().enumerate() {
                tr class=[begins(place)] { @for (column, cell) in row.iter().enumerate() {
                    @if column == 0 {
                        th scope="row" class=[class(column)] { (cell.shown()) }
                    } @else if matches!(cell, Cell::Count(0) | Cell::Blank | Cell::Share(_, 0)) {
                        td.z class=[class(column)] { (cell.shown()) }
                    } @else {
                        td class=[class(column)] { (cell.shown()) }
                    }
                } }
            } }
        }
    }
}
