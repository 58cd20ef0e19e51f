//! One person's values, in the slots of the fields that the run uses. They borrow from the file until they
//! are encoded.

use jiff::civil::Date;

use super::short::Short;

/// One value, ready to be written. Text borrows from the file where it can.
///
/// Whatever it is, it lies behind a whole word that says so: then it is copied by words, and none of them
/// is made of parts that were just written, for which the processor would wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u64)]
pub enum Value<'a> {
    /// Text.
    Text(&'a str),
    /// A whole number.
    Integer(i64),
    /// Yes or no.
    Bool(bool),
    /// A day.
    Date(Date),
    /// Several texts.
    List(&'a [Box<str>]),
    /// A value written as JSON: a number with a fraction, an object.
    Json(&'a str),
    /// Clears the field in the target.
    Null,
}

impl std::fmt::Display for Value<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Text(text) | Self::Json(text) => f.write_str(text),
            Self::Integer(number) => number.fmt(f),
            Self::Bool(yes) => yes.fmt(f),
            Self::Date(date) => date.fmt(f),
            Self::List(list) => f.write_str(&list.join("; ")),
            Self::Null => f.write_str("null"),
        }
    }
}

/// One person's values: one slot for each field in use, in the order of the payload.
#[derive(Clone, Debug, Default)]
pub struct Record<'a> {
    slots: Vec<Option<Slot<'a>>>,
    /// Slots whose value stands in for a blank one.
    stand_ins: Vec<usize>,
}

/// A value that borrows from the file, or owns the text that a rule made of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Slot<'a> {
    /// A value of the file, or one that needs no text.
    Plain(Value<'a>),
    /// Text that a rule made.
    Made(Box<str>),
    /// The same, where it is short.
    Short(Short),
    /// Several texts.
    List(Box<[Box<str>]>),
    /// A value written as JSON.
    Json(Box<str>),
}

impl Slot<'_> {
    /// The same value, borrowing nothing.
    pub fn into_owned(self) -> Slot<'static> {
        match self {
            Self::Made(text) => Slot::Made(text),
            Self::Short(text) => Slot::Made(text.as_str().into()),
            Self::List(list) => Slot::List(list),
            Self::Json(text) => Slot::Json(text),
            Self::Plain(Value::List(list)) => Slot::List(list.into()),
            Self::Plain(Value::Json(text)) => Slot::Json(text.into()),
            Self::Plain(Value::Text(text)) => Slot::Made(text.into()),
            Self::Plain(Value::Integer(number)) => Slot::Plain(Value::Integer(number)),
            Self::Plain(Value::Bool(yes)) => Slot::Plain(Value::Bool(yes)),
            Self::Plain(Value::Date(date)) => Slot::Plain(Value::Date(date)),
            Self::Plain(Value::Null) => Slot::Plain(Value::Null),
        }
    }

    /// What is in it.
    pub fn value(&self) -> Value<'_> {
        match self {
            Slot::Plain(value) => *value,
            Slot::Made(text) => Value::Text(text),
            Slot::Short(text) => Value::Text(text.as_str()),
            Slot::List(list) => Value::List(list),
            Slot::Json(text) => Value::Json(text),
        }
    }
}

impl<'a> Record<'a> {
    /// An empty record with this many slots.
    pub fn new(slots: usize) -> Self {
        Self { slots: vec![None; slots], stand_ins: Vec::new() }
    }

    /// Empties every slot, for the next person.
    pub fn clear(&mut self) {
        for slot in &mut self.slots {
            match slot {
                // Nearly all own nothing, and are not asked what to free.
                None | Some(Slot::Plain(_) | Slot::Short(_)) => std::mem::forget(slot.take()),
                Some(_) => *slot = None,
            }
        }
        self.stand_ins.clear();
    }

    /// Puts a value into a slot.
    #[inline]
    pub fn set(&mut self, slot: usize, value: Slot<'a>) {
        if let Some(place) = self.slots.get_mut(slot) {
            *place = Some(match value {
                // Its parts go where they belong one by one, as they were made: the processor waits for
                // what it wrote in parts and is to copy as a whole.
                Slot::Plain(Value::Text(text)) => Slot::Plain(Value::Text(text)),
                other => other,
            });
        }
    }

    /// Puts a value that borrows all it has into a slot.
    #[inline]
    pub fn set_plain(&mut self, slot: usize, value: Value<'a>) {
        // Apart from `set`: a value that is never given back need not lie in memory on its way.
        if let Some(place) = self.slots.get_mut(slot) {
            *place = Some(Slot::Plain(value));
        }
    }

    /// Lets a short text be written into a slot. Where `write` says that it is none, the slot is empty.
    #[inline]
    pub fn set_short(&mut self, slot: usize, write: impl FnOnce(&mut Short) -> bool) -> bool {
        let Some(place) = self.slots.get_mut(slot) else { return false };
        let Slot::Short(short) = place.insert(Slot::Short(Short::default())) else { return false };
        let written = write(short);
        if !written {
            *place = None;
        }
        written
    }

    /// Puts a value into a slot that has none, where a cell was blank. Beside other rows of the same
    /// person it is worth no more than the blank.
    pub fn fill_in(&mut self, slot: usize, value: Slot<'a>) {
        self.set(slot, value);
        self.stand_ins.push(slot);
    }

    /// Empties a slot.
    pub fn unset(&mut self, slot: usize) {
        if let Some(place) = self.slots.get_mut(slot) {
            *place = None;
        }
    }

    /// Empties a slot and gives what was in it.
    pub fn take(&mut self, slot: usize) -> Option<Slot<'a>> {
        self.slots.get_mut(slot)?.take()
    }

    /// Whether there is anything in a slot.
    #[inline]
    pub fn is_set(&self, slot: usize) -> bool {
        self.slots.get(slot).is_some_and(Option::is_some)
    }

    /// Whether there is a value in a slot that does not clear its field.
    #[inline]
    pub fn is_filled(&self, slot: usize) -> bool {
        !matches!(self.slots.get(slot), None | Some(None | Some(Slot::Plain(Value::Null))))
    }

    /// The value in a slot.
    pub fn get(&self, slot: usize) -> Option<Value<'_>> {
        Some(self.slots.get(slot)?.as_ref()?.value())
    }

    /// Whether the value of a slot stands in for a blank one.
    pub fn stands_in(&self, slot: usize) -> bool {
        self.stand_ins.contains(&slot)
    }

    /// The text in a slot, if it is text.
    #[inline]
    pub fn text(&self, slot: usize) -> Option<&str> {
        match self.slots.get(slot)?.as_ref()? {
            Slot::Plain(Value::Text(text)) => Some(text),
            Slot::Made(text) => Some(text),
            Slot::Short(text) => Some(text.as_str()),
            _ => None,
        }
    }

    /// The bytes of the text in a slot, if it is text: for those who need not know that they are one.
    #[inline]
    pub fn bytes(&self, slot: usize) -> Option<&[u8]> {
        match self.slots.get(slot)?.as_ref()? {
            Slot::Short(text) => Some(text.as_bytes()),
            _ => self.text(slot).map(str::as_bytes),
        }
    }

    /// A copy that borrows nothing.
    pub fn to_owned(&self) -> Record<'static> {
        let slots = self.slots.iter().map(|slot| slot.clone().map(Slot::into_owned)).collect();
        Record { slots, stand_ins: self.stand_ins.clone() }
    }

    /// Takes over every value that `later` has, as sending `later` after this record would.
    /// What stands in for a blank, a default, replaces no value and gives way to any.
    pub fn overlay(&mut self, later: Self) -> Overlay<'a> {
        let mut overlay = Overlay::default();
        for (slot, (mine, theirs)) in self.slots.iter_mut().zip(later.slots).enumerate() {
            let filled = mine.is_some() && !self.stand_ins.contains(&slot);
            let stands_in = later.stand_ins.contains(&slot);
            if theirs.is_none() || (filled && stands_in) {
                if mine.is_some() {
                    overlay.kept.push(slot);
                }
                continue;
            }
            if !stands_in {
                self.stand_ins.retain(|other| *other != slot);
            } else if !self.stand_ins.contains(&slot) {
                self.stand_ins.push(slot);
            }
            if *mine != theirs {
                let before = std::mem::replace(mine, theirs);
                overlay.replaced.extend(before.filter(|_| filled).map(|before| (slot, before)));
                overlay.taken.push(slot);
            }
        }
        overlay
    }
}

/// What became of the slots of a record when a later one was laid over it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Overlay<'a> {
    /// Slots in which both had a value and the values differ, with the earlier value.
    pub replaced: Vec<(usize, Slot<'a>)>,
    /// Slots whose value is now the later record's and was not before.
    pub taken: Vec<usize>,
    /// Slots in which the later record had nothing.
    pub kept: Vec<usize>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_later_record_replaces_values_and_blanks_replace_nothing() {
        let mut first = Record::new(5);
        first.set(0, Slot::Plain(Value::Text("Ada")));
        first.set(1, Slot::Plain(Value::Integer(1)));
        first.set(3, Slot::Made("same".into()));
        let mut later = Record::new(5);
        later.set(0, Slot::Made("Ada M.".into()));
        later.set(2, Slot::Plain(Value::Bool(true)));
        later.set(3, Slot::Made("same".into()));
        let overlay = first.overlay(later.to_owned());
        assert_eq!(overlay.replaced, [(0, Slot::Plain(Value::Text("Ada")))]);
        assert_eq!((overlay.taken, overlay.kept), (vec![0, 2], vec![1]));
        assert_eq!(first.text(0), Some("Ada M."));
        assert_eq!(first.get(1), Some(Value::Integer(1)));
        assert_eq!(first.get(2), Some(Value::Bool(true)));
    }

    #[test]
    fn what_stands_in_for_a_blank_replaces_nothing_and_gives_way() {
        let text = |text: &'static str| Slot::Plain(Value::Text(text));
        let mut person = Record::new(2);
        person.set(0, text("own"));
        person.fill_in(1, text("default"));
        let mut later = Record::new(2);
        later.fill_in(0, text("default"));
        later.set(1, text("own"));
        assert!(person.overlay(later.to_owned()).replaced.is_empty());
        assert_eq!((person.text(0), person.text(1)), (Some("own"), Some("own")));
        let mut last = Record::new(2);
        last.fill_in(1, text("default"));
        assert!(person.overlay(last).replaced.is_empty());
        assert_eq!(person.text(1), Some("own"));
    }

    #[test]
    fn a_short_text_is_text() {
        let mut person = Record::new(1);
        assert!(person.set_short(0, |text| text.take("+61 2".bytes().map(|byte| (byte, true)))));
        assert_eq!((person.text(0), person.get(0)), (Some("+61 2"), Some(Value::Text("+61 2"))));
        assert_eq!(person.bytes(0), Some(b"+61 2".as_slice()));
        person.set(0, Slot::Made("Ada".into()));
        assert_eq!(person.bytes(0), Some(b"Ada".as_slice()));
        person.set(0, Slot::Json("1.5".into()));
        assert_eq!((person.text(0), person.bytes(0)), (None, None));
    }
}
