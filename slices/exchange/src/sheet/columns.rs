//! Which column of an upload is which field.
use locale::Lang;
use papers::table::heading_text;
use web::register::{Kind, Parent, Register};

use crate::house::House;
use crate::model::Slot;

/// The kind of reference that names a record's parent.
pub const fn parent_kind(register: &Register) -> Option<Kind> {
    match register.parent {
        Parent::Site => Some(Kind::Site),
        Parent::Person => Some(Kind::Person),
        Parent::None => None,
    }
}

/// The heading of a slot.
pub fn heading(house: &House, lang: Lang, register: &Register, slot: &Slot) -> String {
    let key = match slot {
        Slot::None => return String::new(),
        Slot::Id => return papers::ROW_ID.to_owned(),
        Slot::Parent => format!("exchange.parent.{}", register.parent.column()),
        Slot::Field(name) => format!("{}.{name}", register.name),
    };
    if house.catalogue.has(&key) { house.catalogue.text(lang, &key).to_owned() } else { key }
}

/// Every slot of a register, in the order of its sheet.
pub fn slots(register: &Register) -> Vec<Slot> {
    let parent = parent_kind(register).map(|_| Slot::Parent);
    let fields = register.fields.iter().map(|f| Slot::Field(f.name.to_owned()));
    [Slot::Id].into_iter().chain(parent).chain(fields).collect()
}

/// The names a column of this slot may bear: the heading in either language, or the field's own name.
fn names(house: &House, register: &Register, slot: &Slot) -> Vec<String> {
    let own = match slot {
        Slot::Field(name) => name.clone(),
        Slot::Parent => register.parent.column().to_owned(),
        Slot::Id => "id".to_owned(),
        Slot::None => String::new(),
    };
    [heading(house, Lang::Zh, register, slot), heading(house, Lang::En, register, slot), own]
        .iter()
        .map(|t| heading_text(t).to_lowercase())
        .collect()
}

/// Every heading that any of these registers' sheets may bear.
pub fn expected(house: &House, registers: &[&'static Register]) -> Vec<String> {
    let mut all = vec![papers::ROW_ID.to_owned()];
    for r in registers {
        for slot in slots(r) {
            for lang in [Lang::Zh, Lang::En] {
                all.push(heading(house, lang, r, &slot));
            }
            if let Slot::Field(name) = slot {
                all.push(name);
            }
        }
    }
    all.sort();
    all.dedup();
    all
}

/// What each column is taken for; a slot is taken once, by the first column that bears its name.
pub fn match_columns(house: &House, register: &Register, columns: &[String]) -> Vec<Slot> {
    let mut left: Vec<(Slot, Vec<String>)> =
        slots(register).into_iter().map(|s| (s.clone(), names(house, register, &s))).collect();
    let mut out = Vec::with_capacity(columns.len());
    for column in columns {
        let sought = heading_text(column).to_lowercase();
        let found = left.iter().position(|(_, names)| names.contains(&sought));
        out.push(found.map_or(Slot::None, |at| left.remove(at).0));
    }
    out
}

/// The slot a form or wire names: `id`, `parent`, a field's name, or nothing.
pub fn by_name(register: &Register, name: &str) -> Slot {
    match name {
        "@id" => Slot::Id,
        "@parent" if parent_kind(register).is_some() => Slot::Parent,
        other if register.field(other).is_some() => Slot::Field(other.to_owned()),
        _ => Slot::None,
    }
}
