//! A report as one page: it loads nothing, runs nothing and prints well.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::svg;
use super::table::{Cell, Report, Table};

/// The look of the page. The shades differ in lightness and in pattern-free contrast, so that they can
/// be told apart in grey; none of them is the red or the green that would call a figure bad or good.
const STYLE: &str = "
:root{color-scheme:light}
body{font:16px/1.5 system-ui,'Segoe UI',Arial,'DejaVu Sans',sans-serif;color:#1d2733;background:#fff;
margin:0 auto;padding:2rem 1.25rem 4rem;max-width:60rem}
h1{font-size:1.7rem;line-height:1.25;margin:0 0 .25rem}
h2{font-size:1.2rem;line-height:1.3;margin:2.75rem 0 .5rem;padding-top:.75rem;border-top:2px solid #1d2733}
p{margin:.4rem 0}
.time{font-size:1.05rem}
.definition{color:#44505e;font-size:.9rem;max-width:48rem}
nav ul{columns:2;padding-left:1.1rem;margin:.75rem 0;font-size:.92rem}
a{color:#1d4f7c}
svg{display:block;width:100%;max-width:46rem;height:auto;margin:.5rem 0}
svg text{font-size:13px;fill:#1d2733}
svg.key{display:inline-block;width:.9rem;height:.9rem;margin:0 .35rem 0 0;vertical-align:-.1rem}
.p0{fill:#1d4f7c}.p1{fill:#6fa3cf}.p2{fill:#c9d9e8;stroke:#1d4f7c;stroke-width:1}
.p3{fill:#fff;stroke:#44505e;stroke-width:1;stroke-dasharray:3 2}.p4{fill:#e9e2d0;stroke:#44505e;stroke-width:1}
.legend{font-size:.88rem}.legend span{margin-right:1.2rem;white-space:nowrap}
.scroll{overflow-x:auto;margin:.6rem 0}
table{border-collapse:collapse;font-size:.9rem;font-variant-numeric:tabular-nums}
caption{text-align:left;position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
th,td{padding:.28rem .7rem;border-bottom:1px solid #d5dbe1;vertical-align:top;text-align:right}
thead th{border-bottom:2px solid #1d2733;vertical-align:bottom;font-weight:600}
.w{text-align:left}tbody th{font-weight:400}
.new td,.new th{border-top:2px solid #8b97a5}
.z{color:#6a7581}
@media print{body{max-width:none;padding:0;font-size:11pt}nav{display:none}h2{break-after:avoid}
svg,tr,.legend{break-inside:avoid}.scroll{overflow:visible}a{color:inherit;text-decoration:none}
*{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
@media (max-width:40rem){nav ul{columns:1}}
";

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
                        "Cases: " strong { (report.cases) } "."
                        @if report.refused > 0 {
                            " Not included: " strong { (report.refused) } ", "
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
    html! {
        section aria-labelledby=(table.name) {
            h2 id=(table.name) { (table.title) }
            @if let Some(chart) = svg::chart(table) { (chart) }
            div.scroll tabindex="0" role="region" aria-labelledby=(table.name) { (figures(table)) }
            p.definition { (table.definition) }
        }
    }
}

fn figures(table: &Table) -> Markup {
    let words =
        |place: usize| table.rows.iter().any(|row| row.get(place).is_some_and(Cell::is_words));
    let class = |place: usize| words(place).then_some("w");
    let begins = |place: usize| {
        let kind = |place: usize| match table.rows.get(place).and_then(|row| row.first()) {
            Some(Cell::Span(span)) => Some(span.kind),
            _ => None,
        };
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
