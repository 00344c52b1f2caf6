//! Lists of lists that lie side by side in one buffer, which is used again for the next case.

/// The items of each of a number of owners, those of one owner side by side.
#[derive(Debug)]
pub(super) struct Groups<T> {
    all: Vec<T>,
    /// Where those of each owner begin and end.
    places: Vec<(u32, u32)>,
}

impl<T> Default for Groups<T> {
    fn default() -> Groups<T> {
        Groups { all: Vec::new(), places: Vec::new() }
    }
}

impl<T> Groups<T> {
    /// Forgets everything, and makes room for so many owners.
    pub(super) fn clear(&mut self, owners: usize) {
        self.all.clear();
        self.places.clear();
        self.places.resize(owners, (0, 0));
    }

    /// How many items there are; what is pushed from here on can become those of one owner.
    pub(super) fn len(&self) -> usize {
        self.all.len()
    }

    /// Adds an item, which belongs to nobody yet.
    pub(super) fn push(&mut self, item: T) {
        self.all.push(item);
    }

    /// Makes the items from a place on those of an owner.
    pub(super) fn keep(&mut self, owner: usize, begin: usize) {
        if let Some(place) = self.places.get_mut(owner) {
            *place = (begin as u32, self.all.len() as u32);
        }
    }

    /// The items of an owner.
    pub(super) fn of(&self, owner: usize) -> &[T] {
        let (begin, end) = self.places.get(owner).copied().unwrap_or_default();
        self.all.get(begin as usize..end as usize).unwrap_or(&[])
    }
}
