//! The one way in. A page sends flat fields, an import sends cells, the API sends JSON that is laid flat first; all are read here.
//!
//! A table's cells are named `table.0.column`; several ticks are one text joined by commas. What a condition closes is not read, and
//! what is computed is never taken from outside.
use std::collections::BTreeMap;

use kernel::{Day, Refusal, Refusals};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use crate::form::{Digits, Field, Form, Kind};
use crate::when::UNIT;

mod number;

pub(crate) use number::number_of;
use number::{plain, scaled};

/// Answers by field name: text for words and days, whole numbers as numbers, numbers with a point as text, `true` for a tick, lists
/// for several ticks, lists of objects for tables. What is open is absent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Answers(pub BTreeMap<String, Json>);

impl Answers {
    /// The text of an answer; empty when it is open. Ticks are joined by commas.
    pub fn text(&self, name: &str) -> String {
        self.0.get(name).map_or_else(String::new, |v| words_of(v).join(","))
    }
    /// The day of an answer.
    pub fn day(&self, name: &str) -> Option<Day> {
        self.0.get(name)?.as_str()?.parse().ok()
    }
    /// The whole number of an answer.
    pub fn whole(&self, name: &str) -> Option<i64> {
        self.0.get(name).and_then(number_of).map(|n| n / UNIT)
    }
    /// Was a tick set, or this option chosen?
    pub fn is(&self, name: &str, word: &str) -> bool {
        self.0.get(name).is_some_and(|v| words_of(v).iter().any(|w| w == word))
    }
    /// The rows of a table, each with its cells as text.
    pub fn rows(&self, name: &str) -> Vec<BTreeMap<String, String>> {
        self.0.get(name).and_then(Json::as_array).map_or_else(Vec::new, |rows| {
            rows.iter()
                .filter_map(Json::as_object)
                .map(|row| row.iter().map(|(k, v)| (k.clone(), words_of(v).join(","))).collect())
                .collect()
        })
    }
    /// Is nothing answered?
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// The words of an answer: one, or each of a list; a tick is `1`.
pub(crate) fn words_of(v: &Json) -> Vec<String> {
    match v {
        Json::Null | Json::Object(_) | Json::Bool(false) => Vec::new(),
        Json::Bool(true) => vec!["1".into()],
        Json::Number(n) => vec![n.to_string()],
        Json::String(s) => vec![s.clone()],
        Json::Array(all) => all.iter().flat_map(words_of).collect(),
    }
}

/// The most characters of a line and of a long text, unless the field says otherwise.
const LINE: i64 = 200;
const PAGE: i64 = 8_000;
/// The most rows of a table, unless the field says otherwise.
const ROWS: i64 = 60;

impl Form {
    /// Reads flat fields. Names that are none of the form's are not looked at: the page has fields of its own.
    ///
    /// # Errors
    /// Everything that is not what its field takes, at the field.
    pub fn read(&self, flat: &BTreeMap<String, String>) -> Result<Answers, Refusals> {
        let mut out = Answers::default();
        let mut no = Refusals::none();
        for field in self.fields() {
            if !field.when.iter().all(|c| c.holds(&out)) {
                continue;
            }
            let answer = if let Some(formula) = &field.compute {
                formula.value(&out).and_then(|n| shown(field, n))
            } else if field.kind == Kind::Table {
                rows(field, flat, &mut no)
            } else {
                let sent = flat.get(&field.name).map_or("", |s| s.trim());
                one(field, &field.name, sent, &mut no)
            };
            if let Some(answer) = answer {
                out.0.insert(field.name.clone(), answer);
            }
            self.in_order(field, &out, &mut no);
        }
        no.done().map(|()| out)
    }
    /// Reads what can be read and leaves out the rest: for a preview while somebody types, never for keeping.
    pub fn glance(&self, flat: &BTreeMap<String, String>) -> Answers {
        let mut flat = flat.clone();
        loop {
            let no = match self.read(&flat) {
                Ok(answers) => return answers,
                Err(no) => no,
            };
            let before = flat.len();
            for field in no.0.iter().filter_map(|r| r.field.as_deref()) {
                let rows = format!("{field}.");
                flat.retain(|name, _| name != field && !name.starts_with(&rows));
            }
            if flat.len() == before {
                return Answers::default();
            }
        }
    }
    /// Reads JSON answers by laying them flat, so that a machine passes the same gate as a page.
    ///
    /// # Errors
    /// As [`Form::read`], and names that are none of the form's.
    pub fn take(&self, sent: &Map<String, Json>) -> Result<Answers, Refusals> {
        let mut no = Refusals::none();
        for name in sent.keys().filter(|n| self.field_of(n).is_none()) {
            no.push(Refusal::at(name.clone(), "forms.unknown_field"));
        }
        no.done()?;
        let sent = Answers(sent.iter().map(|(k, v)| (k.clone(), v.clone())).collect());
        self.read(&self.flat(&sent))
    }
    /// Everything that stands against keeping these answers at this stage: what [`Form::read`] would refuse, and what is still open.
    pub fn check(&self, answers: &Answers, stage: &str) -> Refusals {
        let again = match self.read(&self.flat(answers)) {
            Ok(again) => again,
            Err(no) => return no,
        };
        let mut no = Refusals::none();
        for field in self.fields() {
            let open = field.compute.is_none()
                && field.when.iter().all(|c| c.holds(&again))
                && !again.0.contains_key(&field.name);
            if open && field.required.at(stage) {
                no.push(Refusal::at(field.name.clone(), "forms.required"));
            }
            if field.kind != Kind::Table {
                continue;
            }
            for (at, row) in again.rows(&field.name).iter().enumerate() {
                for column in field.columns.iter().filter(|c| c.required.at(stage)) {
                    if !row.contains_key(&column.name) {
                        let cell = format!("{}.{at}.{}", field.name, column.name);
                        no.push(Refusal::at(cell, "forms.required"));
                    }
                }
            }
        }
        no
    }
    /// The html fields of these answers.
    pub fn flat(&self, answers: &Answers) -> BTreeMap<String, String> {
        let mut out = BTreeMap::new();
        for field in self.fields() {
            let Some(answer) = answers.0.get(&field.name) else { continue };
            match (field.kind, answer) {
                (Kind::Table, Json::Array(rows)) => {
                    for (at, row) in rows.iter().enumerate() {
                        for column in &field.columns {
                            if let Some(cell) = row.get(&column.name) {
                                let name = format!("{}.{at}.{}", field.name, column.name);
                                out.insert(name, words_of(cell).join(","));
                            }
                        }
                    }
                }
                _ => {
                    out.insert(field.name.clone(), words_of(answer).join(","));
                }
            }
        }
        out
    }

    /// A day or time may not lie before the field it comes after.
    fn in_order(&self, field: &Field, answers: &Answers, no: &mut Refusals) {
        let Some(first) = field.after.as_deref() else { return };
        let (early, late) = (answers.text(first), answers.text(&field.name));
        // Both are canonical: text order is time order.
        if !early.is_empty() && !late.is_empty() && late < early {
            no.push(Refusal::at(field.name.clone(), "forms.before").with("other", early));
        }
    }
}

/// A computed number as its field shows it.
fn shown(field: &Field, n: i64) -> Option<Json> {
    Some(plain(n, field.decimals))
}

/// The rows of a table; rows without any cell are left out, and the rest close up.
fn rows(field: &Field, flat: &BTreeMap<String, String>, no: &mut Refusals) -> Option<Json> {
    let prefix = format!("{}.", field.name);
    let mut sent: BTreeMap<usize, BTreeMap<&str, &str>> = BTreeMap::new();
    for (name, value) in flat.range(prefix.clone()..) {
        let Some(rest) = name.strip_prefix(&prefix) else { break };
        let Some((at, column)) = rest.split_once('.') else { continue };
        if let (Ok(at), false) = (at.parse(), value.trim().is_empty()) {
            sent.entry(at).or_default().insert(column, value.trim());
        }
    }
    let most = field.max.unwrap_or(ROWS);
    let mut out = Vec::new();
    for (at, cells) in sent {
        let mut row = Map::new();
        for column in &field.columns {
            let cell = cells.get(column.name.as_str()).copied().unwrap_or_default();
            let name = format!("{}.{at}.{}", field.name, column.name);
            if let Some(answer) = one(column, &name, cell, no) {
                row.insert(column.name.clone(), answer);
            }
        }
        if !row.is_empty() {
            out.push(Json::Object(row));
        }
    }
    if i64::try_from(out.len()).is_ok_and(|n| n > most) {
        no.push(Refusal::at(field.name.clone(), "forms.too_many_rows").with("n", most));
        return None;
    }
    (!out.is_empty()).then_some(Json::Array(out))
}

/// One answer of a field that is no table. Nothing is written for what is open or refused.
fn one(field: &Field, name: &str, sent: &str, no: &mut Refusals) -> Option<Json> {
    if sent.is_empty() {
        return None;
    }
    match word(field, sent) {
        Ok(answer) => answer,
        Err(refusal) => {
            no.push(Refusal { field: Some(name.to_owned()), ..refusal });
            None
        }
    }
}

fn word(field: &Field, sent: &str) -> Result<Option<Json>, Refusal> {
    let text = |s: String| Ok(Some(Json::String(s)));
    match field.kind {
        Kind::Number => {
            let n = scaled(sent, field.decimals).ok_or(Refusal::new(if field.decimals == 0 {
                "forms.not_whole"
            } else {
                "forms.not_number"
            }))?;
            let show = |n: i64| words_of(&plain(n, field.decimals)).concat();
            if let Some(min) = field.min.filter(|min| n < *min) {
                return Err(Refusal::new("forms.too_small").with("min", show(min)));
            }
            if let Some(max) = field.max.filter(|max| n > *max) {
                return Err(Refusal::new("forms.too_large").with("max", show(max)));
            }
            Ok(Some(plain(n, field.decimals)))
        }
        Kind::Date => {
            let day: Day = sent.parse().map_err(|_| Refusal::new("forms.not_day"))?;
            text(day.to_string())
        }
        Kind::Time => {
            number::time(sent).ok_or(Refusal::new("forms.not_time")).map(|t| Some(Json::String(t)))
        }
        Kind::Choice => match field.option(sent) {
            Some(option) => text(option.value.clone()),
            None => Err(Refusal::new("forms.not_option")),
        },
        Kind::Many => {
            let words: Vec<&str> =
                sent.split(',').map(str::trim).filter(|w| !w.is_empty()).collect();
            if words.iter().any(|w| field.option(w).is_none()) {
                return Err(Refusal::new("forms.not_option"));
            }
            // In the order of the options, each once.
            let chosen: Vec<Json> = field
                .options
                .iter()
                .filter(|o| words.contains(&o.value.as_str()))
                .map(|o| Json::String(o.value.clone()))
                .collect();
            Ok((!chosen.is_empty()).then_some(Json::Array(chosen)))
        }
        Kind::Flag => match sent {
            "1" | "true" | "on" | "yes" | "是" => Ok(Some(Json::Bool(true))),
            "0" | "false" | "off" | "no" | "否" => Ok(None),
            _ => Err(Refusal::new("forms.not_flag")),
        },
        Kind::Table => Ok(None),
        Kind::Text | Kind::Long | Kind::Person | Kind::Region | Kind::Photo | Kind::Signature => {
            let most = field.max.unwrap_or(if field.kind == Kind::Long { PAGE } else { LINE });
            if i64::try_from(sent.chars().count()).is_ok_and(|n| n > most) {
                return Err(Refusal::new("forms.too_long").with("n", most));
            }
            digits(field, sent).and_then(text)
        }
    }
}

/// A text whose digits prove themselves, brought into its standard form.
fn digits(field: &Field, sent: &str) -> Result<String, Refusal> {
    match field.digits {
        None => Ok(sent.replace("\r\n", "\n")),
        Some(Digits::IdCard) => kernel::numbers::id_card(sent, Day::MAX)
            .map(|card| card.number)
            .map_err(|_| Refusal::new("forms.bad_id")),
        Some(Digits::Mobile) => {
            kernel::numbers::mobile(sent).ok_or(Refusal::new("forms.bad_phone"))
        }
        Some(Digits::Uscc) => {
            kernel::numbers::uscc(sent).map_err(|_| Refusal::new("forms.bad_uscc"))
        }
    }
}
