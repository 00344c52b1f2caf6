//! The XML form of the return: `EXPSSDA903 > CHILD > HEADER, EPISODE*`, and in the header a part for each
//! review, time missing or placement for adoption. Its parts become the rows of the CSV form.

use std::collections::BTreeMap;
use std::sync::Arc;

use quick_xml::Reader;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::Event;

use super::read::{Fields, Module, Record, column, module, wrong};
use crate::cases::RowError;

/// The element that holds a whole return.
const ROOT: &str = "EXPSSDA903";

/// No return nests deeper than this.
const DEEPEST: usize = 8;

/// The parts of a child, by their elements.
const PARTS: &[(&str, Module)] = &[
    ("EPISODE", Module::Episodes),
    ("AREVIEW", Module::Reviews),
    ("AMISSING", Module::Missing),
    ("AD_PLACED", Module::PlacedAdoption),
    ("OC2", Module::Other("OC2")),
    ("PERMANENCE", Module::Other("PrevPerm")),
];

/// What stands in the header itself and is a module of its own in the CSV form, by one of its elements.
const INSIDE: &[(&str, Module)] = &[
    ("IN_TOUCH", Module::Other("OC3")),
    ("DATE_INT", Module::Other("AD1")),
    ("DUC", Module::Other("UASC")),
];

/// An element that has been read.
struct Element {
    tag: String,
    line: u32,
    text: String,
    inside: Vec<Element>,
}

type Values = BTreeMap<String, String>;

/// Reads the parts of a return as rows.
pub(super) fn records(
    name: &str,
    text: &str,
    notices: &mut Vec<String>,
) -> Result<Vec<Record>, RowError> {
    let file: Arc<str> = Arc::from(name);
    let mut reader = Reader::from_str(text);
    let mut open: Vec<Element> = Vec::new();
    let mut records = Vec::new();
    let (mut counted, mut line) = (0, 1);
    loop {
        let event = reader.read_event();
        let until = reader.buffer_position() as usize;
        let passed = text.as_bytes().get(counted..until).unwrap_or_default();
        line += passed.iter().map(|&byte| u32::from(byte == b'\n')).sum::<u32>();
        counted = until.max(counted);
        let event = event.map_err(|error| wrong(line, format!("this is no XML: {error}")))?;
        match event {
            Event::Start(ref tag) | Event::Empty(ref tag) => {
                let tag = tag.name().as_ref().to_ascii_uppercase();
                if open.is_empty() && tag != ROOT {
                    let message =
                        format!("a return in XML begins with `{ROOT}`, and this does not");
                    return Err(wrong(line, message));
                }
                if open.len() == DEEPEST {
                    return Err(wrong(line, "the elements lie deeper than in any return"));
                }
                open.push(Element { tag, line, text: String::new(), inside: Vec::new() });
                if matches!(event, Event::Empty(_)) {
                    close(&file, &mut open, &mut records);
                }
            }
            Event::End(_) => close(&file, &mut open, &mut records),
            Event::Text(text) => add(&mut open, &text.xml10_content()),
            Event::CData(text) => add(&mut open, &text.xml10_content()),
            Event::GeneralRef(entity) => {
                let letter = entity.resolve_char_ref().ok().flatten().map(String::from);
                let named = || resolve_predefined_entity(&entity).map(str::to_owned);
                let text = letter.or_else(named);
                add(&mut open, &text.ok_or_else(|| wrong(line, "the entity is not known"))?);
            }
            Event::Eof if open.is_empty() => break,
            Event::Eof => return Err(wrong(line, "the file ends in the middle of the return")),
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => {}
        }
    }
    let unknown =
        records.iter().filter(|record: &&Record| record.module == Module::Unknown).count();
    if unknown > 0 {
        notices.push(format!("{name}: not read, because the return has no such part: {unknown}"));
    }
    Ok(records)
}

fn add(open: &mut [Element], text: &str) {
    if let Some(element) = open.last_mut() {
        element.text += text;
    }
}

/// Closes the innermost element: a child becomes rows, anything else belongs to what it stands in.
fn close(name: &Arc<str>, open: &mut Vec<Element>, records: &mut Vec<Record>) {
    let Some(element) = open.pop() else { return };
    match open.as_mut_slice() {
        [] => {}
        [_] => child(name, element, records),
        [.., outer] => outer.inside.push(element),
    }
}

/// The rows of a child: its header, and its parts in the order of the file.
fn child(name: &Arc<str>, element: Element, records: &mut Vec<Record>) {
    let mut own = Values::new();
    let mut parts = Vec::new();
    let line = element.line;
    let (headers, others): (Vec<_>, Vec<_>) =
        element.inside.into_iter().partition(|inside| inside.tag == "HEADER");
    for inside in headers.into_iter().flat_map(|header| header.inside).chain(others) {
        if inside.inside.is_empty() && !PARTS.iter().any(|(tag, _)| *tag == inside.tag) {
            own.insert(column(&inside.tag), inside.text.trim().to_owned());
        } else {
            parts.push(inside);
        }
    }
    let mut push = |module, line, values: Values| {
        let (columns, cells): (Vec<String>, Vec<String>) = values.into_iter().unzip();
        let fields = Fields::new(Arc::from(columns), cells.into_iter().map(Box::from));
        records.push(Record { file: Arc::clone(name), line, module, fields, overlong: false });
    };
    push(Module::Header, line, own.clone());
    for (tag, module) in INSIDE {
        if own.get(*tag).is_some_and(|value| !value.is_empty()) {
            push(*module, line, own.clone());
        }
    }
    for part in parts {
        let line = part.line;
        let known = PARTS.iter().find(|(tag, _)| *tag == part.tag).map(|(_, module)| *module);
        let mut fields = Values::new();
        for column in ["CHILD", "DOB"] {
            fields.extend(own.get(column).map(|value| (column.to_owned(), value.clone())));
        }
        flat(part, &mut fields);
        let columns: Vec<String> = fields.keys().cloned().collect();
        let module = known.or_else(|| module(&columns).filter(|it| *it != Module::Header));
        push(module.unwrap_or(Module::Unknown), line, fields);
    }
}

/// Adds all values that stand in an element.
fn flat(element: Element, fields: &mut Values) {
    if element.inside.is_empty() {
        fields.insert(column(&element.tag), element.text.trim().to_owned());
    }
    for inside in element.inside {
        flat(inside, fields);
    }
}
