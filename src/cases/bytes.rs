//! From bytes to text: the encodings in which spreadsheets and editors leave files behind.

use std::borrow::Cow;

use super::rows::RowError;

/// How much of an input is looked at to tell its format.
const BEGINNING: usize = 64 * 1024;

/// The encodings in which a text is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8, with or without a byte-order mark.
    Utf8,
    /// UTF-16, as Windows calls it Unicode.
    Utf16,
    /// Windows-1252, the encoding of older programs in western Europe.
    Windows1252,
}

impl Encoding {
    /// What it is called.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::Utf16 => "UTF-16",
            Self::Windows1252 => "Windows-1252",
        }
    }
}

/// Reads a text in any of the encodings in which editors leave one, line ends as they are.
pub fn read_text(bytes: &[u8]) -> Result<(String, Encoding), RowError> {
    let decoded = decode_encoding(bytes)?;
    Ok((decoded.text.into_owned(), decoded.encoding))
}

/// A text, and what is to be said about how it was found in the bytes.
pub(super) struct Decoded<'a> {
    pub(super) text: Cow<'a, str>,
    pub(super) notice: Option<String>,
    encoding: Encoding,
}

/// Decodes an input: UTF-8, or UTF-16 where its mark or its shape says so, or else Windows-1252, in
/// which Excel saves its plain "CSV". A byte-order mark is dropped, and the carriage returns that end
/// the lines of an old Macintosh file become line feeds.
pub(super) fn decode(bytes: &[u8]) -> Result<Decoded<'_>, RowError> {
    let mut decoded = decode_encoding(bytes)?;
    if !decoded.text.contains('\n') && decoded.text.contains('\r') {
        decoded.text = decoded.text.replace('\r', "\n").into();
    }
    Ok(decoded)
}

/// Decodes an input, line ends as they are.
fn decode_encoding(bytes: &[u8]) -> Result<Decoded<'_>, RowError> {
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"\xD0\xCF\x11\xE0") {
        return Err(RowError::new(0, "this is a workbook or an archive, not a text")
            .help("in Excel, choose Save As and the type CSV UTF-8"));
    }
    if bytes.starts_with(b"%PDF") {
        return Err(
            RowError::new(0, "this is a PDF, not a text").help("ask for the table itself, as CSV")
        );
    }
    if let Some(utf16) = utf16(bytes) {
        return utf16;
    }
    let bytes = without_mark(bytes);
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(Decoded { text: text.into(), notice: None, encoding: Encoding::Utf8 }),
        Err(error) => {
            let line =
                1 + bytes.iter().take(error.valid_up_to()).filter(|&&byte| byte == b'\n').count();
            one_byte(bytes, line as u32)
        }
    }
}

/// The bytes without the byte-order mark that Windows programs put in front of UTF-8.
pub(super) fn without_mark(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes)
}

/// Whether the bytes are to be read as UTF-16.
#[cfg(feature = "cli")]
pub(super) fn is_utf16(bytes: &[u8]) -> bool {
    utf16(bytes.get(..4).unwrap_or(bytes)).is_some()
}

/// Decodes as much of the beginning as tells the format. A character cut in two does not matter.
pub(super) fn beginning(bytes: &[u8]) -> Cow<'_, str> {
    let beginning = bytes.get(..BEGINNING).unwrap_or(bytes);
    match utf16(beginning) {
        Some(Ok(decoded)) => decoded.text,
        _ => match String::from_utf8_lossy(beginning) {
            Cow::Borrowed(text) => text.trim_start_matches('\u{feff}').into(),
            Cow::Owned(text) => Cow::Owned(text.trim_start_matches('\u{feff}').to_owned()),
        },
    }
}

/// Decodes UTF-16, if it is that: by its mark, or because an ASCII character and a zero alternate.
fn utf16(bytes: &[u8]) -> Option<Result<Decoded<'_>, RowError>> {
    let (little, bytes) = match bytes {
        [0xFF, 0xFE, rest @ ..] => (true, rest),
        [0xFE, 0xFF, rest @ ..] => (false, rest),
        [1..=0x7F, 0, 1..=0x7F, 0, ..] => (true, bytes),
        [0, 1..=0x7F, 0, 1..=0x7F, ..] => (false, bytes),
        _ => return None,
    };
    let (pairs, rest) = bytes.as_chunks::<2>();
    let units = pairs
        .iter()
        .map(|&pair| if little { u16::from_le_bytes(pair) } else { u16::from_be_bytes(pair) });
    let text: Result<String, _> = char::decode_utf16(units).collect();
    Some(match text {
        Ok(text) if rest.is_empty() => Ok(Decoded {
            text: text.into(),
            notice: Some("the text is in UTF-16 and was read as such; UTF-8 is safer".to_owned()),
            encoding: Encoding::Utf16,
        }),
        _ => Err(RowError::new(0, "the text begins as UTF-16 but does not go on so")
            .help("save it as UTF-8; in Excel the type is CSV UTF-8")),
    })
}

/// Decodes what is not UTF-8 as Windows-1252, in which every byte is some character.
#[cfg(feature = "cli")]
#[expect(clippy::unnecessary_wraps, reason = "without the tables the bytes are refused")]
fn one_byte(bytes: &[u8], line: u32) -> Result<Decoded<'_>, RowError> {
    let (text, _) = encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes);
    Ok(Decoded {
        text,
        notice: Some(format!(
            "the text is not UTF-8 (first on line {line}) and was read as Windows-1252; UTF-8 is \
             safer, in Excel the type is CSV UTF-8"
        )),
        encoding: Encoding::Windows1252,
    })
}

/// Refuses what is not UTF-8, where the tables of other encodings are not at hand.
#[cfg(not(feature = "cli"))]
fn one_byte(_: &[u8], line: u32) -> Result<Decoded<'_>, RowError> {
    Err(RowError::new(line, "the text is not UTF-8").help("save it as UTF-8"))
}
