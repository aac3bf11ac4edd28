//! Workbooks to fill in: one sheet per register, with drop-downs, an example, notes.
use kernel::Day;
use locale::Lang;
use papers::{Column, Kind as Cells, Sheet, Value, Workbook};
use web::register::{Field, Kind, Register};

use super::cells::yes;
use super::columns::{heading, parent_kind};
use crate::house::House;
use crate::model::Slot;

/// Rows that drop-downs reach.
const BLANK_ROWS: u32 = 2000;

/// The template of these registers.
pub fn template(
    house: &House,
    lang: Lang,
    registers: &[&'static Register],
    made_on: Day,
) -> Workbook {
    let say = |key: &str| house.catalogue.text(lang, key).to_owned();
    let guide = (1..=6).map(|n| say(&format!("exchange.guide.{n}"))).collect();
    Workbook {
        sheets: registers.iter().map(|r| sheet(house, lang, r)).collect(),
        guide,
        watermark: None,
        made_on,
    }
}

fn sheet(house: &House, lang: Lang, register: &'static Register) -> Sheet {
    let mut columns = Vec::new();
    let mut example = Vec::new();
    if let Some(kind) = parent_kind(register) {
        columns.push(
            Column::new(heading(house, lang, register, &Slot::Parent), 18.0, Cells::Text)
                .required()
                .note(kind_note(house, lang, kind)),
        );
        example.push(Value::text(sample(house, lang, register, None, kind)));
    }
    for field in register.fields {
        columns.push(column(house, lang, register, field));
        example.push(Value::text(sample(house, lang, register, Some(field), field.kind)));
    }
    Sheet {
        name: house.title(lang, register.name),
        title: Vec::new(),
        columns,
        rows: Vec::new(),
        example: Some(example),
        receipt: Vec::new(),
        blank_rows: BLANK_ROWS,
    }
}

/// The column of a field, as templates and exports have it.
pub(crate) fn column(house: &House, lang: Lang, register: &Register, field: &Field) -> Column {
    let slot = Slot::Field(field.name.to_owned());
    let kind = match field.kind {
        Kind::Day => Cells::Date,
        Kind::Whole(..) => Cells::Number,
        Kind::Flag => Cells::Choice(vec![yes(house, lang, true), yes(house, lang, false)]),
        Kind::Choice(words) => Cells::Choice(labels(house, lang, register, field, words)),
        _ => Cells::Text,
    };
    let width = match field.kind {
        Kind::IdNumber | Kind::Uscc => 22.0,
        Kind::Long(_) => 30.0,
        Kind::Day => 12.0,
        Kind::Text(n) if n > 40 => 26.0,
        _ => 16.0,
    };
    let mut out = Column::new(heading(house, lang, register, &slot), width, kind);
    out.required = field.required;
    let hint = format!("{}.{}.hint", register.name, field.name);
    let mut notes = Vec::new();
    if house.catalogue.has(&hint) {
        notes.push(house.catalogue.text(lang, &hint).to_owned());
    }
    if let Kind::Many(words) = field.kind {
        notes.push(labels(house, lang, register, field, words).join("、"));
    }
    let general = kind_note(house, lang, field.kind);
    if !general.is_empty() {
        notes.push(general);
    }
    if !notes.is_empty() {
        out = out.note(notes.join("\n"));
    }
    out
}

fn labels(
    house: &House,
    lang: Lang,
    register: &Register,
    field: &Field,
    words: &[&str],
) -> Vec<String> {
    let label = |w: &&str| {
        let key = format!("{}.{}.{w}", register.name, field.name);
        house.catalogue.text(lang, &key).to_owned()
    };
    words.iter().map(label).collect()
}

fn kind_note(house: &House, lang: Lang, kind: Kind) -> String {
    let key = match kind {
        Kind::Day => "exchange.note.day",
        Kind::Many(_) => "exchange.note.many",
        Kind::Person => "exchange.note.person",
        Kind::Org => "exchange.note.org",
        Kind::Site => "exchange.note.site",
        Kind::Region => "exchange.note.region",
        Kind::IdNumber | Kind::Uscc => "exchange.note.digits",
        _ => return String::new(),
    };
    house.catalogue.text(lang, key).to_owned()
}

fn sample(
    house: &House,
    lang: Lang,
    register: &Register,
    field: Option<&Field>,
    kind: Kind,
) -> String {
    if let Some(field) = field {
        let own = format!("{}.{}.example", register.name, field.name);
        if house.catalogue.has(&own) {
            return house.catalogue.text(lang, &own).to_owned();
        }
        let first = || labels(house, lang, register, field, field.words()).into_iter().next();
        match kind {
            Kind::Choice(_) | Kind::Many(_) => return first().unwrap_or_default(),
            Kind::Flag => return yes(house, lang, true),
            _ => {}
        }
    }
    let key = match kind {
        Kind::Day => return "2026-01-01".to_owned(),
        Kind::Whole(least, _) => return least.max(1).to_string(),
        Kind::Phone => return "16400000001".to_owned(),
        Kind::IdNumber => "exchange.example.id",
        Kind::Uscc => "exchange.example.uscc",
        Kind::Person => "exchange.example.person",
        Kind::Org => "exchange.example.org",
        Kind::Site => "exchange.example.site",
        Kind::Region => "exchange.example.region",
        _ => return String::new(),
    };
    house.catalogue.text(lang, key).to_owned()
}
