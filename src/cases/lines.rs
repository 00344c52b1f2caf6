//! Lines of offsets that come in order.

/// Tells the lines of offsets in a text, going through the text once.
pub(super) struct Lines<'a> {
    text: &'a str,
    offset: usize,
    line: u32,
}

impl<'a> Lines<'a> {
    /// Starts at the first line, or at the line on which the text stands in a larger one.
    pub(super) fn new(text: &'a str, first: u32) -> Self {
        Lines { text, offset: 0, line: first }
    }

    /// The line of an offset; one before the last asked for is taken to be on its line.
    ///
    /// A line ends with a line feed, with or without a carriage return before it.
    pub(super) fn at(&mut self, offset: usize) -> u32 {
        if let Some(passed) = self.text.as_bytes().get(self.offset..offset) {
            self.line += passed.iter().map(|&byte| u32::from(byte == b'\n')).sum::<u32>();
            self.offset = offset;
        }
        self.line
    }

    /// The line of a part of this very text, by where it begins.
    pub(super) fn of(&mut self, part: &str) -> u32 {
        let offset = (part.as_ptr() as usize).saturating_sub(self.text.as_ptr() as usize);
        self.at(offset)
    }
}
