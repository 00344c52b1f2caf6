//! A list that nearly always holds nothing or one thing.

use std::ops::{Deref, DerefMut};

/// A few things: nothing is asked of the allocator for none or one, and copying such a list, or dropping
/// it, costs next to nothing. An outcome has hundreds of them.
#[derive(Debug, Clone, Default)]
pub enum Few<T> {
    /// None.
    #[default]
    None,
    /// One.
    One(T),
    /// Any number; two or more, unless things were taken out.
    Many(Vec<T>),
}

impl<T> Few<T> {
    /// Makes a list of nothing.
    pub const fn new() -> Few<T> {
        Few::None
    }

    /// Adds one at the end.
    pub fn push(&mut self, item: T) {
        *self = match std::mem::take(self) {
            Few::None => Few::One(item),
            Few::One(first) => Few::Many(vec![first, item]),
            Few::Many(mut items) => {
                items.push(item);
                Few::Many(items)
            }
        };
    }
}

impl<T> Deref for Few<T> {
    type Target = [T];

    #[inline]
    fn deref(&self) -> &[T] {
        match self {
            Few::None => &[],
            Few::One(item) => std::slice::from_ref(item),
            Few::Many(items) => items,
        }
    }
}

impl<T> DerefMut for Few<T> {
    fn deref_mut(&mut self) -> &mut [T] {
        match self {
            Few::None => &mut [],
            Few::One(item) => std::slice::from_mut(item),
            Few::Many(items) => items,
        }
    }
}

impl<T> Extend<T> for Few<T> {
    fn extend<I: IntoIterator<Item = T>>(&mut self, items: I) {
        for item in items {
            self.push(item);
        }
    }
}

impl<T> From<Vec<T>> for Few<T> {
    fn from(items: Vec<T>) -> Few<T> {
        Few::Many(items)
    }
}

impl<T> FromIterator<T> for Few<T> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Few<T> {
        let mut few = Few::None;
        few.extend(items);
        few
    }
}

impl<'a, T> IntoIterator for &'a Few<T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// Two lists are equal if they hold the same, however they hold it.
impl<T: PartialEq> PartialEq for Few<T> {
    fn eq(&self, other: &Few<T>) -> bool {
        **self == **other
    }
}

impl<T: Eq> Eq for Few<T> {}

#[cfg(test)]
mod tests {
    use super::Few;

    #[test]
    fn it_is_a_list_whatever_its_length() {
        let mut few: Few<u8> = Few::new();
        assert!(few.is_empty());
        for number in 1..=4 {
            few.push(number);
            assert_eq!(few.last(), Some(&number));
            assert_eq!(few.len(), usize::from(number));
        }
        assert_eq!(*few, [1, 2, 3, 4]);
        few.reverse();
        assert_eq!(few.iter().copied().collect::<Vec<_>>(), [4, 3, 2, 1]);
        assert_eq!([7].into_iter().collect::<Few<u8>>(), Few::One(7));
    }

    #[test]
    fn lists_are_equal_that_hold_the_same() {
        assert_eq!(Few::Many(vec![1]), Few::One(1));
        assert_eq!(Few::<u8>::Many(Vec::new()), Few::None);
        assert_ne!(Few::One(1), Few::One(2));
    }
}
