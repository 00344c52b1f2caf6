//! Finds an event by its name: the first and the last four letters say which it can be.

use super::case::Kind;

/// What has to be read behind the name of an event and its constants.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Rest {
    /// Nothing more.
    Kind(Kind),
    Born,
    Begin,
    Placed,
    Planned,
    Rearranged,
    Held,
    Decided,
    Judged,
    Raised,
    Answered,
    Satisfied,
    Resolved,
}

/// An event that was found.
pub(crate) struct Found<'t> {
    pub(crate) rest: Rest,
    /// What stands behind its name and its constants.
    pub(crate) text: &'t [u8],
}

/// The events of the caseload: the name, what always stands behind it, and what then is to be read.
#[rustfmt::skip]
const EVENTS: &[(&str, &str, Rest)] = &[
    ("born", "\"}", Rest::Born),
    ("became-looked-after", "\"}", Rest::Begin),
    ("unit-notified", "\"}", Rest::Kind(Kind::Unit)),
    ("iro-allocated", "\"}", Rest::Kind(Kind::Allocated)),
    ("health-assessment-initiated", "\"}", Rest::Kind(Kind::Assessment)),
    ("accommodated", "\"}", Rest::Kind(Kind::Accommodated)),
    ("interim-care-order-made", "\"}", Rest::Kind(Kind::Interim)),
    ("care-order-made", "\"}", Rest::Kind(Kind::CareOrder)),
    ("proceedings-issued", "\"}", Rest::Kind(Kind::Proceedings)),
    ("ceased-to-be-looked-after", "\"}", Rest::Kind(Kind::Ceased)),
    ("social-worker-changed", "\"}", Rest::Kind(Kind::WorkerChanged)),
    ("went-missing", "\"}", Rest::Kind(Kind::WentMissing)),
    ("panel-decision", "\"}", Rest::Kind(Kind::PanelDecision)),
    ("safeguarding-concern", "\"}", Rest::Kind(Kind::Concern)),
    ("complaint-made", "\"}", Rest::Kind(Kind::Complaint)),
    ("became-eligible", "\"}", Rest::Kind(Kind::Eligible)),
    ("advocate-involved", "\"}", Rest::Kind(Kind::Advocate)),
    ("put-on-protection-plan", "\"}", Rest::Kind(Kind::ProtectionPlan)),
    ("placement-changed", "\",\"severity\":\"minor\"}", Rest::Kind(Kind::PlacementChanged)),
    ("iro-informed", "\"}", Rest::Kind(Kind::Informed)),
    ("significance-judged", "\",\"significant\":", Rest::Judged),
    ("new-date-agreed", "\"}", Rest::Kind(Kind::DateAgreed)),
    ("review-rearranged", "\",\"new-date\":\"", Rest::Rearranged),
    ("review-planned", "\",\"new-date\":\"", Rest::Planned),
    ("participants-told", "\",\"about\":\"new-date\"}", Rest::Kind(Kind::Told)),
    ("consulted", "\",\"who\":\"child\",\"about\":\"invitations\"}", Rest::Kind(Kind::Consulted)),
    ("purpose-discussed", "\"}", Rest::Kind(Kind::PurposeDiscussed)),
    ("attendance-weighed", "\"}", Rest::Kind(Kind::AttendanceWeighed)),
    ("invitations-sent", "\"}", Rest::Kind(Kind::Invitations)),
    ("booklets-sent", "\"}", Rest::Kind(Kind::Booklets)),
    ("child-visited", "\"}", Rest::Kind(Kind::Visited)),
    ("child-seen", "\"}", Rest::Kind(Kind::Seen)),
    ("documents-sent", "\"}", Rest::Kind(Kind::Documents)),
    ("consultation-returned", "\"}", Rest::Kind(Kind::Consultation)),
    ("review-held", "\",\"kind\":\"", Rest::Held),
    ("matter-considered", "\",\"matter\":\"placement\"}", Rest::Kind(Kind::Unasked)),
    ("plan-considered", "\",\"plan\":\"care\",\"standing\":\"up-to-date\"}", Rest::Kind(Kind::Unasked)),
    ("decision-made", "\",\"complete-by\":\"", Rest::Decided),
    ("decisions-circulated", "\"}", Rest::Kind(Kind::Circulated)),
    ("decisions-received", "\"}", Rest::Kind(Kind::Received)),
    ("outcomes-completed", "\"}", Rest::Kind(Kind::OutcomesCompleted)),
    ("decisions-agreed", "\"}", Rest::Kind(Kind::Agreed)),
    ("outcomes-finalised", "\"}", Rest::Kind(Kind::Finalised)),
    ("record-completed", "\"}", Rest::Kind(Kind::RecordCompleted)),
    ("record-distributed", "\"}", Rest::Kind(Kind::Distributed)),
    ("placed", "\",\"miles\":", Rest::Placed),
    ("failure-found", "\",\"in-material-respect\":true}", Rest::Kind(Kind::Failure)),
    ("challenge-raised", "\",\"ref\":\"", Rest::Raised),
    ("challenge-recorded", "\"}", Rest::Kind(Kind::ChallengeRecorded)),
    ("challenge-answered", "\",\"ref\":\"", Rest::Answered),
    ("answer-judged", "\",\"ref\":\"", Rest::Satisfied),
    ("challenge-resolved", "\",\"ref\":\"", Rest::Resolved),
];

/// The longest name, with the quotation mark behind it, fits in so many bytes.
const WIDTH: usize = 32;
const SLOTS: usize = 256;

#[derive(Clone, Copy)]
struct Entry {
    /// The name, and behind it nothing.
    name: [u64; 4],
    mask: [u64; 4],
    length: usize,
    /// Whether nothing but the end of the event stands behind it.
    bare: bool,
    constants: &'static [u8],
    rest: Rest,
}

/// The events, ready to be found.
pub(crate) struct Names {
    factor: u64,
    slots: Vec<Option<Entry>>,
}

impl Names {
    /// Looks for a factor by which each event has a slot to itself.
    pub(crate) fn new() -> Names {
        let factors = (1u64..).map(|number| number.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
        factors
            .map(Names::with)
            .find_map(|names| names)
            .unwrap_or(Names { factor: 1, slots: vec![None; SLOTS] })
    }

    fn with(factor: u64) -> Option<Names> {
        let mut slots = vec![None; SLOTS];
        for (name, constants, rest) in EVENTS {
            let length = name.len();
            let (mut text, mut mask) = ([0; WIDTH], [0; WIDTH]);
            text[..length].copy_from_slice(name.as_bytes());
            mask[..length].fill(0xFF);
            let key = key(&text, length);
            let place = slots.get_mut(slot(key, factor))?;
            if place.is_some() {
                return None;
            }
            *place = Some(Entry {
                name: words(&text),
                mask: words(&mask),
                length,
                bare: constants.len() == 2,
                constants: constants.as_bytes(),
                rest: *rest,
            });
        }
        Some(Names { factor, slots })
    }

    /// Finds the event whose name the text begins with.
    #[inline]
    pub(crate) fn find<'t>(&self, text: &'t [u8]) -> Option<Found<'t>> {
        let window: &[u8; WIDTH] = text.first_chunk()?;
        let seen = words(window);
        let length = length(&seen)?;
        let entry = self.slots[slot(key(window, length), self.factor)].as_ref()?;
        let differs = seen
            .iter()
            .zip(&entry.mask)
            .zip(&entry.name)
            .fold(0, |differs, ((seen, mask), name)| differs | ((seen & mask) ^ name));
        if differs != 0 || length != entry.length {
            return None;
        }
        let text = text.get(length..)?;
        let text = if entry.bare {
            text.strip_prefix(b"\"}")?
        } else {
            text.strip_prefix(entry.constants)?
        };
        Some(Found { rest: entry.rest, text })
    }
}

#[inline]
fn slot(key: u64, factor: u64) -> usize {
    (key.wrapping_mul(factor) >> 56) as usize
}

/// The first and the last four letters of a name.
#[inline]
fn key(window: &[u8; WIDTH], length: usize) -> u64 {
    let four = |place: usize| window.get(place..).and_then(|text| text.first_chunk::<4>());
    let (Some(first), Some(last)) = (four(0), four(length.wrapping_sub(4))) else { return 0 };
    u64::from(u32::from_le_bytes(*first)) << 32 | u64::from(u32::from_le_bytes(*last))
}

/// Eight bytes at a time.
#[inline]
fn words(window: &[u8; WIDTH]) -> [u64; 4] {
    let mut words = [0; 4];
    for (word, bytes) in words.iter_mut().zip(window.chunks_exact(8)) {
        *word = bytes.first_chunk().map_or(0, |bytes| u64::from_le_bytes(*bytes));
    }
    words
}

/// Where the first quotation mark stands.
#[inline]
fn length(words: &[u64; 4]) -> Option<usize> {
    const ONES: u64 = 0x0101_0101_0101_0101;
    for (place, word) in words.iter().enumerate() {
        let other = word ^ (ONES * u64::from(b'"'));
        let marks = other.wrapping_sub(ONES) & !other & (ONES << 7);
        if marks != 0 {
            return Some(place * 8 + marks.trailing_zeros() as usize / 8);
        }
    }
    None
}
