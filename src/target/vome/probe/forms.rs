//! The questions about how values are written: the forms that there are, tried one after the other.

use super::own::Own;
use super::{Landed, no_person};
use crate::target::probe::{Heard, Known, Learned, Step, Touch};
use crate::target::vome::Vome;
use crate::target::vome::custom::declared::{NumberForm, SelectionForm, SeveralForm};
use crate::target::vome::read::{Custom, customs};
use crate::target::vome::settings::{BoolEncoding, EnumEncoding, Settings};

impl Vome {
    /// How values of one kind are written (V6, V9, V13).
    pub(super) fn encoding(&self, question: &str, known: &Known<'_>, heard: &[Heard]) -> Step {
        let Some(person) = known.person else { return no_person(heard) };
        let Some(forms) = self.forms(question) else {
            return Learned::open("there is no such question", heard).into();
        };
        let of_kind: Vec<Custom> = customs(person)
            .filter(|one| {
                one.kind.is_some() && one.kind == kind(question) && !one.values.is_empty()
            })
            .collect();
        let record = |form: &Form| {
            let like = self.writer().like(form.change);
            let own = like.own(person, known);
            let record = match question {
                "codes" => own.with_codes(person, &like.settings),
                "flags" => own.with_flag(person, &like.settings),
                _ if own == Own::least(person) => {
                    own.with_custom(&of_kind, &like.settings.custom_encoding)
                }
                _ => own,
            };
            (like, record.json())
        };
        let plain = self.writer().own(person, known).json();
        let bare = question == "codes" || question == "flags";
        let least = Own::least(person).json();
        let lacking = if bare {
            forms.first().is_none_or(|form| record(form).1 == plain && plain == least)
        } else {
            of_kind.is_empty()
        };
        if lacking {
            let why = "your profile has no such value: give it one in Vome, and ask again";
            return Learned::open(why, heard).into();
        }
        for (one, form) in heard.iter().zip(&forms) {
            let (like, record) = record(form);
            match (like.landed(one, &record, known), one.changed) {
                (_, Some(true)) => {
                    let why = format!("sent {}, the value changed", form.words);
                    return Learned::open(why, heard).into();
                }
                (Landed::Yes, Some(false)) => {
                    let mut learned = Learned::told(form.words, heard);
                    for (name, value) in form.settings {
                        learned = learned.set(name, *value);
                    }
                    return learned.into();
                }
                (Landed::No, Some(false)) => {}
                _ => {
                    return Learned::open("the answer does not say whether it landed", heard)
                        .into();
                }
            }
        }
        match forms.get(heard.len()) {
            Some(form) => {
                let (like, record) = record(form);
                like.call(vec![record], Touch::Own).into()
            }
            None => Learned::open("it was refused in every form", heard).into(),
        }
    }

    /// The forms of a kind of value, the one in use first.
    fn forms(&self, question: &str) -> Option<Vec<Form>> {
        let encoding = &self.settings.custom_encoding;
        let mut forms = match question {
            "codes" => CODES.to_vec(),
            "flags" => FLAGS.to_vec(),
            "custom-boolean" => BOOLEANS.to_vec(),
            "custom-number" => NUMBERS.to_vec(),
            "custom-single-selection" => SINGLES.to_vec(),
            "custom-multiple-selection" => SEVERAL.to_vec(),
            _ => return None,
        };
        let used = match question {
            "codes" => usize::from(self.settings.enum_encoding == EnumEncoding::String),
            "flags" => usize::from(self.settings.bool_encoding == BoolEncoding::String),
            "custom-boolean" => usize::from(encoding.boolean == BoolEncoding::String),
            "custom-number" => usize::from(encoding.number == NumberForm::Native),
            "custom-single-selection" => {
                usize::from(encoding.single_selection == SelectionForm::OptionId)
            }
            _ => match encoding.multiple_selection {
                SeveralForm::List => 0,
                SeveralForm::OptionIds => 1,
                SeveralForm::Joined => 2,
            },
        };
        let first = forms.remove(used.min(forms.len().saturating_sub(1)));
        forms.insert(0, first);
        Some(forms)
    }
}

/// One form of writing a value.
#[derive(Clone, Copy)]
struct Form {
    words: &'static str,
    settings: &'static [(&'static str, &'static str)],
    change: fn(&mut Settings),
}

const CODES: [Form; 2] = [
    Form {
        words: "as numbers",
        settings: &[("vome.enum_encoding", "integer")],
        change: |settings| settings.enum_encoding = EnumEncoding::Integer,
    },
    Form {
        words: "as text",
        settings: &[("vome.enum_encoding", "string")],
        change: |settings| settings.enum_encoding = EnumEncoding::String,
    },
];

const FLAGS: [Form; 2] = [
    Form {
        words: "as true",
        settings: &[("vome.bool_encoding", "native")],
        change: |settings| settings.bool_encoding = BoolEncoding::Native,
    },
    Form {
        words: "as the text \"true\"",
        settings: &[("vome.bool_encoding", "string")],
        change: |settings| settings.bool_encoding = BoolEncoding::String,
    },
];

const BOOLEANS: [Form; 2] = [
    Form {
        words: "as true or false",
        settings: &[("vome.custom_encoding.boolean", "native")],
        change: |settings| settings.custom_encoding.boolean = BoolEncoding::Native,
    },
    Form {
        words: "as the text \"true\" or \"false\"",
        settings: &[("vome.custom_encoding.boolean", "string")],
        change: |settings| settings.custom_encoding.boolean = BoolEncoding::String,
    },
];

const NUMBERS: [Form; 2] = [
    Form {
        words: "as text",
        settings: &[("vome.custom_encoding.number", "text")],
        change: |settings| settings.custom_encoding.number = NumberForm::Text,
    },
    Form {
        words: "as numbers",
        settings: &[("vome.custom_encoding.number", "native")],
        change: |settings| settings.custom_encoding.number = NumberForm::Native,
    },
];

const SINGLES: [Form; 2] = [
    Form {
        words: "by the text of the option",
        settings: &[("vome.custom_encoding.single_selection", "text")],
        change: |settings| settings.custom_encoding.single_selection = SelectionForm::Text,
    },
    Form {
        words: "by the id of the option",
        settings: &[("vome.custom_encoding.single_selection", "option_id")],
        change: |settings| settings.custom_encoding.single_selection = SelectionForm::OptionId,
    },
];

/// What the settings of several options joined to one text come to.
fn join(settings: &mut Settings, separator: &str) {
    settings.custom_encoding.multiple_selection = SeveralForm::Joined;
    separator.clone_into(&mut settings.custom_encoding.separator);
}

const SEVERAL: [Form; 5] = [
    Form {
        words: "as a list of the texts of the options",
        settings: &[("vome.custom_encoding.multiple_selection", "list")],
        change: |settings| settings.custom_encoding.multiple_selection = SeveralForm::List,
    },
    Form {
        words: "as a list of the ids of the options",
        settings: &[("vome.custom_encoding.multiple_selection", "option_ids")],
        change: |settings| settings.custom_encoding.multiple_selection = SeveralForm::OptionIds,
    },
    Form {
        words: "as one text with ; between the options",
        settings: &[
            ("vome.custom_encoding.multiple_selection", "joined"),
            ("vome.custom_encoding.separator", "; "),
        ],
        change: |settings| join(settings, "; "),
    },
    Form {
        words: "as one text with a comma between the options",
        settings: &[
            ("vome.custom_encoding.multiple_selection", "joined"),
            ("vome.custom_encoding.separator", ", "),
        ],
        change: |settings| join(settings, ", "),
    },
    Form {
        words: "as one text with | between the options",
        settings: &[
            ("vome.custom_encoding.multiple_selection", "joined"),
            ("vome.custom_encoding.separator", "|"),
        ],
        change: |settings| join(settings, "|"),
    },
];

/// The code of the type of custom fields that a question is about.
fn kind(question: &str) -> Option<u64> {
    match question {
        "custom-number" => Some(1),
        "custom-single-selection" => Some(2),
        "custom-multiple-selection" => Some(3),
        "custom-boolean" => Some(10),
        _ => None,
    }
}
