//! The figures of a caseload: how many reviews were in time, what is owed and by whom, and how
//! challenges went.
//!
//! [`Figures`] takes the outcomes of cases one at a time and keeps only counts, so that its size
//! depends on the policy and on the months reported, never on the number of cases; two of them
//! [merge](Figures::merge). [`Report`] sets them out as [`Table`]s, each with the definition of what
//! it counts, and the renderers write those tables: as text, Markdown, CSV, JSON, one page of HTML
//! or a workbook.
//!
//! What is counted follows from the policy alone: every series of reviews or visits, every duty,
//! every ladder, every event and every word that an event can carry. No council is named here.
//!
//! INVARIANT: what cannot be said is counted as such, and never as in time.

#[cfg(feature = "report")]
mod bars;
mod challenge;
mod counts;
mod data;
#[cfg(feature = "report")]
mod drawing;
mod figures;
mod frame;
#[cfg(feature = "report")]
mod html;
mod ladders;
mod markdown;
mod names;
mod owed;
mod recorded;
mod share;
mod summary;
mod table;
mod tables;
mod text;
mod timely;
#[cfg(feature = "report")]
mod workbook;

pub use data::{CSV_HEADER, csv_long, csv_table, json};
pub use figures::{Figures, Mistake, Refusal};
pub use frame::{Frame, FrameError, Span, SpanKind};
#[cfg(feature = "report")]
pub use html::page;
pub use markdown::markdown;
pub use names::{LONGEST_OVERDUE, table_names};
pub use share::{Of, Share};
pub use table::{Cell, Chart, Column, Report, Shade, Table};
pub use text::text;
#[cfg(feature = "report")]
pub use workbook::{WorkbookError, workbook};
