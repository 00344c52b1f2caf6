//! Days as numbers, with tables for everything that is asked of them.

/// A day: how many days it lies after the first day of the tables.
pub(crate) type Day = i32;

/// The bank holidays, in the file that the crate itself embeds.
const HOLIDAYS: &str = include_str!("../../../src/calendar/england-and-wales.csv");

/// The years about which the tables know. The list of holidays begins later than 2000; before it
/// nothing but a birth lies.
const FIRST_YEAR: i32 = 2000;
const YEARS: usize = 29;

/// The tables.
pub(crate) struct Days {
    /// The first day of each month, and of the month behind the last.
    months: Vec<Day>,
    /// The month of each day, an index into `months`.
    month_of: Vec<u16>,
    /// Each day as it is written, in the first ten bytes.
    texts: Vec<[u8; 16]>,
    /// How many working days there are through each day.
    through: Vec<i32>,
    /// Every working day, in order.
    working: Vec<Day>,
}

impl Days {
    /// Works the tables out.
    pub(crate) fn new() -> Days {
        let mut days = Days {
            months: vec![0],
            month_of: Vec::new(),
            texts: Vec::new(),
            through: Vec::new(),
            working: Vec::new(),
        };
        for year in (FIRST_YEAR..).take(YEARS) {
            for month in 1..=12 {
                for day in 1..=length(year, month) {
                    let mut text = [0; 16];
                    text[..10].copy_from_slice(format!("{year:04}-{month:02}-{day:02}").as_bytes());
                    days.texts.push(text);
                    days.month_of.push(days.months.len() as u16 - 1);
                }
                days.months.push(days.texts.len() as Day);
            }
        }
        days.find_working_days();
        days
    }

    /// Counts the working days: Monday to Friday, less the holidays.
    fn find_working_days(&mut self) {
        let mut free = vec![false; self.texts.len()];
        let written = |line: &str| line.as_bytes().first_chunk().and_then(|text| self.parse(text));
        for day in HOLIDAYS.lines().filter_map(written) {
            free[day as usize] = true;
        }
        for (day, free) in (0..).zip(free) {
            // 1 January 2000 was a Saturday.
            if !free && day % 7 >= 2 {
                self.working.push(day);
            }
            self.through.push(self.working.len() as i32);
        }
    }

    /// The day that is written as `2026-05-20`, if the tables know it.
    #[inline]
    pub(crate) fn parse(&self, text: &[u8; 10]) -> Option<Day> {
        let digit = |place: usize| u32::from(text[place].wrapping_sub(b'0'));
        let digits = [0, 1, 2, 3, 5, 6, 8, 9].map(digit);
        if digits.iter().any(|&digit| digit > 9) || text[4] != b'-' || text[7] != b'-' {
            return None;
        }
        let number = |digits: &[u32]| digits.iter().fold(0, |number, digit| number * 10 + digit);
        let year = number(&digits[..4]);
        let (month, day) = (number(&digits[4..6]), number(&digits[6..]) as Day);
        if !(1..=12).contains(&month) || year < FIRST_YEAR as u32 {
            return None;
        }
        let place = ((year - FIRST_YEAR as u32) * 12 + month - 1) as usize;
        let (first, next) = (self.months.get(place)?, self.months.get(place + 1)?);
        let found = first + day - 1;
        (day > 0 && found < *next).then_some(found)
    }

    /// How the day is written; the last six bytes are none of it.
    #[inline]
    pub(crate) fn text(&self, day: Day) -> &[u8; 16] {
        &self.texts[day as usize]
    }

    /// The day so many working days after another.
    #[inline]
    pub(crate) fn after(&self, day: Day, working_days: i32) -> Day {
        self.working[(self.through[day as usize] + working_days - 1) as usize]
    }

    /// The day so many working days before another.
    #[inline]
    pub(crate) fn before(&self, day: Day, working_days: i32) -> Day {
        self.working[(self.through[day as usize - 1] - working_days) as usize]
    }

    /// The working days after one day and through another.
    #[inline]
    pub(crate) fn between(&self, after: Day, through: Day) -> i32 {
        self.through[through as usize] - self.through[after as usize]
    }

    /// The same day of a later month, or else the last day of that month.
    pub(crate) fn months_after(&self, day: Day, months: usize) -> Day {
        let month = usize::from(self.month_of[day as usize]);
        let place = day - self.months[month];
        (self.months[month + months] + place).min(self.months[month + months + 1] - 1)
    }

    /// The birthday on which somebody reaches an age: who was born on 29 February reaches it on
    /// 1 March of a common year. It may lie behind the tables, as a day that never comes.
    pub(crate) fn birthday(&self, born: Day, years: usize) -> Day {
        let month = usize::from(self.month_of[born as usize]);
        let place = born - self.months[month];
        self.months.get(month + 12 * years).map_or(Day::MAX, |first| first + place)
    }

    /// Whether a day lies so far before the end of the tables that every limit from it does.
    #[inline]
    pub(crate) fn leaves_room(&self, day: Day) -> bool {
        (day as usize) + 400 < self.texts.len()
    }
}

/// How many days a month has.
fn length(year: i32, month: u32) -> u32 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}
