//! Cells to a register's input, and records to cells.
use db::{Result, Tx};
use kernel::Refusal;
use locale::Lang;
use papers::{Cell, CellFault, Value, csv_out};
use serde_json::Value as Json;
use web::register::{Field, Kind, Object, Register};

use crate::house::House;

/// What a cell says, as the register's reading takes it: words for labels, ISO days, plain digits.
///
/// # Errors
/// What only a sheet can get wrong: a rounded number, a formula's error, a masked value.
pub fn input_of(
    house: &House,
    register: &Register,
    field: &Field,
    cell: &Cell,
) -> std::result::Result<String, Refusal> {
    if let Cell::Error(_) = cell {
        return Err(Refusal::new("papers.cell.formula"));
    }
    let plain = unquoted(cell.text());
    Ok(match field.kind {
        Kind::Day => match cell.day() {
            Ok(day) => day.map_or_else(String::new, |d| d.to_string()),
            Err(_) => plain,
        },
        Kind::Whole(..) => match cell.whole() {
            Ok(n) => n.map_or_else(String::new, |n| n.to_string()),
            Err(CellFault::Rounded) => return Err(Refusal::new("papers.cell.rounded")),
            Err(_) => plain,
        },
        Kind::IdNumber | Kind::Uscc | Kind::Phone => {
            if plain.contains(['*', '＊', '•']) {
                return Err(Refusal::new("exchange.masked_value"));
            }
            match cell.code() {
                Ok(code) => code.trim_start_matches('\'').to_owned(),
                Err(CellFault::Rounded) if field.kind == Kind::IdNumber => {
                    return Err(Refusal::new("register.id_rounded"));
                }
                Err(fault) => return Err(Refusal::new(fault.key())),
            }
        }
        Kind::Flag => match plain.to_lowercase().as_str() {
            "" | "否" | "no" | "n" | "0" | "false" | "×" => "0".to_owned(),
            _ => "1".to_owned(),
        },
        Kind::Choice(words) => word(house, register, field, words, &plain).unwrap_or(plain),
        Kind::Many(words) => plain
            .split([',', '，', '、', ';', '；'])
            .map(str::trim)
            .filter(|t| !t.is_empty())
            .map(|t| word(house, register, field, words, t).unwrap_or_else(|| t.to_owned()))
            .collect::<Vec<_>>()
            .join(","),
        _ => plain,
    })
}

/// The apostrophe by which an exported CSV keeps a text from running is no part of the text.
fn unquoted(text: String) -> String {
    match text.strip_prefix('\'') {
        Some(rest) if csv_out::starts_a_formula(rest) => rest.to_owned(),
        _ => text,
    }
}

/// The code word of what was typed: its label in either language, or itself.
fn word(
    house: &House,
    register: &Register,
    field: &Field,
    words: &'static [&'static str],
    typed: &str,
) -> Option<String> {
    let same = |label: &str| label.eq_ignore_ascii_case(typed);
    words
        .iter()
        .find(|w| {
            let key = format!("{}.{}.{w}", register.name, field.name);
            same(w)
                || [Lang::Zh, Lang::En].iter().any(|lang| same(house.catalogue.text(*lang, &key)))
        })
        .map(|w| (*w).to_owned())
}

/// A column of a record as a cell, and for a reference the name a person reads beside it.
///
/// # Errors
/// The engine's fault.
pub fn value_of(
    tx: &mut Tx<'_>,
    house: &House,
    lang: Lang,
    register: &Register,
    kind: Kind,
    column: &str,
    o: &Object,
) -> Result<(Value, Option<String>)> {
    let json = o.get(column).unwrap_or(&Json::Null);
    let plain = match json {
        Json::Null => return Ok((Value::Empty, Some(String::new()))),
        Json::String(s) => s.clone(),
        Json::Bool(b) => return Ok((Value::Text(yes(house, lang, *b)), None)),
        Json::Number(n) => {
            return Ok((n.as_i64().map_or_else(|| Value::text(n.to_string()), Value::Whole), None));
        }
        other => other.to_string(),
    };
    let label = |w: &str| {
        let key = format!("{}.{column}.{w}", register.name);
        house.catalogue.text(lang, &key).to_owned()
    };
    Ok(match kind {
        Kind::Day => (plain.parse().map_or(Value::Text(plain), Value::Day), None),
        Kind::Choice(_) => (Value::Text(label(&plain)), None),
        Kind::Many(_) => {
            let labels: Vec<String> = plain.split(',').map(label).collect();
            (Value::text(labels.join("、")), None)
        }
        Kind::Person | Kind::Org | Kind::Site | Kind::Region => {
            let (key, name) = house.reference(tx, kind, &plain)?;
            (Value::text(key), Some(name))
        }
        _ => (Value::text(plain), None),
    })
}

/// 是 or 否.
pub(super) fn yes(house: &House, lang: Lang, b: bool) -> String {
    house.catalogue.text(lang, if b { "exchange.yes" } else { "exchange.no" }).to_owned()
}
