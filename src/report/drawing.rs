//! The charts of a workbook.

use rust_xlsxwriter::{
    Chart as Drawing, ChartAxisLabelPosition, ChartFont, ChartFormat, ChartLegendPosition,
    ChartLine, ChartSolidFill, ChartType, Color,
};

use super::table::{Cell, Chart, Shade, Table};

/// The height of a row, in the workbook's points on the screen.
const ROW: u32 = 26;

/// A chart of the rows that are drawn, which stand in the sheet of this name from its second row on;
/// `places` are the columns of the sheet in which the columns of the table stand.
pub(super) fn chart(table: &Table, sheet: &str, places: &[u16]) -> Option<Drawing> {
    let rows = table.drawn();
    let (kind, parts) = match table.chart.as_ref()? {
        Chart::Parts(parts) => (ChartType::BarPercentStacked, parts.clone()),
        Chart::Numbers(place) => (ChartType::Bar, vec![(*place, Shade::InTime)]),
    };
    let drawn = |row: &&Vec<Cell>| {
        parts.iter().any(|(place, _)| row.get(*place).is_some_and(|cell| cell.number() > 0))
    };
    if !rows.iter().any(drawn) {
        return None;
    }
    let last = rows.len() as u32;
    let labels = *places.first()?;
    let mut drawing = Drawing::new(kind);
    for (place, shade) in parts {
        let column = *places.get(place)?;
        let mut fill = ChartFormat::new();
        fill.set_solid_fill(ChartSolidFill::new().set_color(colour(shade)));
        fill.set_border(ChartLine::new().set_color(Color::RGB(0x001D_4F7C)).set_width(0.75));
        drawing
            .add_series()
            .set_name((sheet, 0, column))
            .set_categories((sheet, 1, labels, last, labels))
            .set_values((sheet, 1, column, last, column))
            .set_gap(30)
            .set_format(&mut fill);
    }
    drawing.title().set_name(&table.title).set_font(ChartFont::new().set_size(12));
    // The first row of the table is the first bar from the top.
    drawing.y_axis().set_reverse().set_label_interval(1).set_font(ChartFont::new().set_size(9));
    drawing.x_axis().set_label_position(ChartAxisLabelPosition::High);
    drawing.legend().set_position(ChartLegendPosition::Bottom);
    drawing.set_width(760).set_height(last * ROW + 110);
    drawing.set_alt_text(format!("{}. The figures stand in the table above.", table.title));
    Some(drawing)
}

/// As on the page: told apart in grey, and never as bad or good.
fn colour(shade: Shade) -> Color {
    Color::RGB(match shade {
        Shade::InTime | Shade::Step(0) => 0x001D_4F7C,
        Shade::Late => 0x006F_A3CF,
        Shade::NotDone => 0x00D3_E1EE,
        Shade::Unsaid => 0x00FF_FFFF,
        Shade::Step(1) => 0x0043_81B5,
        Shade::Step(2) => 0x0083_B1D6,
        Shade::Step(3) => 0x00BC_D6EA,
        Shade::Step(_) => 0x00EA_F2F9,
    })
}
