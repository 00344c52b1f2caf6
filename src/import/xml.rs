//! The XML form of the return: `EXPSSDA903 > CHILD > HEADER, EPISODE*`, and in the header a part for each
//! review, time missing or placement for adoption. Its parts become the rows of the CSV form.

use std::collections::BTreeMap;
use std::sync::Arc;

use quick_xml::Reader;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesStart, Event};

use super::read::{Fields, Module, Record, column, is_read, module, wrong};
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

impl Element {
    fn new(tag: String, line: u32) -> Element {
        Element { tag, line, text: String::new(), inside: Vec::new() }
    }
}

/// What the elements of a row hold, by column.
#[derive(Clone, Default)]
struct Values {
    /// Each value with the line on which it stands.
    known: BTreeMap<String, (String, u32)>,
    /// What is given twice and not the same: which is right nobody can tell.
    flaw: Option<Box<str>>,
}

impl Values {
    fn add(&mut self, column: String, value: &str, line: u32) {
        match self.known.get(&column) {
            None => {
                self.known.insert(column, (value.to_owned(), line));
            }
            Some((other, _)) if other == value => {}
            Some((_, before)) => {
                let lines = if *before == line {
                    format!("twice on line {line}")
                } else {
                    format!("twice, on lines {before} and {line}")
                };
                self.flaw.get_or_insert_with(|| {
                    format!("{column} is given {lines}, and not the same").into()
                });
            }
        }
    }

    /// Adds all values that stand in an element.
    fn add_all(&mut self, element: Element) {
        if element.inside.is_empty() {
            self.add(column(&element.tag), element.text.trim(), element.line);
        }
        for inside in element.inside {
            self.add_all(inside);
        }
    }

    fn get(&self, column: &str) -> Option<&str> {
        self.known.get(column).map(|(value, _)| value.as_str())
    }
}

/// What stands where a return has nothing: the first of it, and how often there is such a thing.
#[derive(Default)]
struct Unread {
    first: Option<String>,
    times: usize,
}

impl Unread {
    fn add(&mut self, what: impl FnOnce() -> String) {
        self.first.get_or_insert_with(what);
        self.times += 1;
    }

    /// Says that it was not read.
    fn tell(self, file: &str, why: &str, notices: &mut Vec<String>) {
        let Some(first) = self.first else { return };
        let more = match self.times - 1 {
            0 => String::new(),
            1 => " (and one more)".to_owned(),
            more => format!(" (and {more} more)"),
        };
        notices.push(format!("{file}: not read, because {why}: {first}{more}"));
    }
}

/// A return while it is read.
struct Reading {
    file: Arc<str>,
    /// The elements that have begun and not ended.
    open: Vec<Element>,
    records: Vec<Record>,
    attributes: Unread,
    texts: Unread,
}

/// Reads the parts of a return as rows.
pub(super) fn records(
    name: &str,
    text: &str,
    notices: &mut Vec<String>,
) -> Result<Vec<Record>, RowError> {
    let mut reader = Reader::from_str(text);
    let mut reading = Reading {
        file: Arc::from(name),
        open: Vec::new(),
        records: Vec::new(),
        attributes: Unread::default(),
        texts: Unread::default(),
    };
    let (mut counted, mut line) = (0, 1);
    loop {
        let event = reader.read_event();
        let until = reader.buffer_position() as usize;
        let passed = text.as_bytes().get(counted..until).unwrap_or_default();
        line += passed.iter().map(|&byte| u32::from(byte == b'\n')).sum::<u32>();
        counted = until.max(counted);
        let event = event.map_err(|error| wrong(line, format!("this is no XML: {error}")))?;
        match event {
            Event::Start(tag) => reading.begin(&tag, line)?,
            Event::Empty(tag) => {
                reading.begin(&tag, line)?;
                reading.end();
            }
            Event::End(_) => reading.end(),
            Event::Text(text) => reading.text(&text.xml10_content()),
            Event::CData(text) => reading.text(&text.xml10_content()),
            Event::GeneralRef(entity) => {
                let letter = entity.resolve_char_ref().ok().flatten().map(String::from);
                let named = || resolve_predefined_entity(&entity).map(str::to_owned);
                let text = letter.or_else(named);
                reading.text(&text.ok_or_else(|| wrong(line, "the entity is not known"))?);
            }
            Event::Eof if reading.open.is_empty() => break,
            Event::Eof => return Err(wrong(line, "the file ends in the middle of the return")),
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => {}
        }
    }
    Ok(reading.finish(notices))
}

impl Reading {
    /// An element begins.
    fn begin(&mut self, start: &BytesStart<'_>, line: u32) -> Result<(), RowError> {
        let tag = start.name().as_ref().to_ascii_uppercase();
        if self.open.is_empty() && tag != ROOT {
            let message = format!("a return in XML begins with `{ROOT}`, and this does not");
            return Err(wrong(line, message));
        }
        if self.open.len() == DEEPEST {
            return Err(wrong(line, "the elements lie deeper than in any return"));
        }
        for attribute in start.attributes() {
            let attribute =
                attribute.map_err(|error| wrong(line, format!("this is no XML: {error}")))?;
            let name = attribute.key.as_ref();
            // These say how the file is written, and nothing of a child.
            if name != "xmlns" && !["xmlns:", "xsi:", "xml:"].iter().any(|it| name.starts_with(it))
            {
                self.attributes.add(|| format!("`{name}` of `{tag}` on line {line}"));
            }
        }
        self.open.push(Element::new(tag, line));
        Ok(())
    }

    fn text(&mut self, text: &str) {
        if let Some(element) = self.open.last_mut() {
            element.text += text;
        }
    }

    /// The innermost element ends: a child becomes rows, anything else belongs to what it stands in.
    fn end(&mut self) {
        let Some(element) = self.open.pop() else { return };
        let has_parts = self.open.is_empty() || !element.inside.is_empty();
        if has_parts && !element.text.trim().is_empty() {
            self.texts.add(|| format!("a text in `{}` on line {}", element.tag, element.line));
        }
        match self.open.as_mut_slice() {
            [] => {}
            [_] => self.child(element),
            [.., outer] => outer.inside.push(element),
        }
    }

    /// The rows of a child: its header, and its parts in the order of the file.
    fn child(&mut self, element: Element) {
        let mut own = Values::default();
        let mut parts = Vec::new();
        let line = element.line;
        let (headers, others): (Vec<_>, Vec<_>) =
            element.inside.into_iter().partition(|inside| inside.tag == "HEADER");
        for inside in headers.into_iter().flat_map(|header| header.inside).chain(others) {
            if inside.inside.is_empty() && !PARTS.iter().any(|(tag, _)| *tag == inside.tag) {
                own.add(column(&inside.tag), inside.text.trim(), inside.line);
            } else {
                parts.push(inside);
            }
        }
        self.push(Module::Header, line, own.clone());
        for (tag, module) in INSIDE {
            if own.get(tag).is_some_and(|value| !value.is_empty()) {
                self.push(*module, line, own.clone());
            }
        }
        let mut shared = Values::default();
        for column in ["CHILD", "DOB"] {
            let value = own.known.get_key_value(column);
            shared.known.extend(value.map(|(column, value)| (column.clone(), value.clone())));
        }
        for part in parts {
            let line = part.line;
            let known = PARTS.iter().find(|(tag, _)| *tag == part.tag).map(|(_, module)| *module);
            let mut values = shared.clone();
            values.add_all(part);
            let columns: Vec<String> = values.known.keys().cloned().collect();
            let module = known.or_else(|| module(&columns).filter(|it| *it != Module::Header));
            self.push(module.unwrap_or(Module::Unknown), line, values);
        }
    }

    fn push(&mut self, module: Module, line: u32, values: Values) {
        // Of what is not read nothing can be wrong.
        let (columns, cells): (Vec<String>, Vec<String>) =
            values.known.into_iter().map(|(column, (value, _))| (column, value)).unzip();
        self.records.push(Record {
            file: Arc::clone(&self.file),
            line,
            module,
            fields: Fields::new(Arc::from(columns), cells.into_iter().map(Box::from)),
            flaw: values.flaw.filter(|_| is_read(module)),
        });
    }

    /// The rows; what was not read is said.
    fn finish(self, notices: &mut Vec<String>) -> Vec<Record> {
        let unknown = self.records.iter().filter(|record| record.module == Module::Unknown).count();
        if unknown > 0 {
            let file = &self.file;
            notices
                .push(format!("{file}: not read, because the return has no such part: {unknown}"));
        }
        self.attributes.tell(&self.file, "the return has no attributes", notices);
        self.texts.tell(&self.file, "it stands between the parts of the return", notices);
        self.records
    }
}
