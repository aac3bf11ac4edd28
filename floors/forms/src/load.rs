//! Reads a form from TOML and says every fault at its line, in words for whoever edits the file.
use std::collections::BTreeSet;

use kernel::Refusal;
use serde::Serialize;
use toml::Spanned;

use crate::form::{DRAFT, FINAL, Field, Form, FormKind, Kind, Opt, Required, Section, Text};
use crate::when::{AlertRule, Cond};

mod field;
mod scoring;
mod wire;

use wire::{RawForm, RawSection};

/// What is wrong with a definition, and on which line (from 1).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fault {
    pub line: usize,
    /// The sentence, and as its field the place: `client.name`.
    pub refusal: Refusal,
}

/// Longest definition read, in bytes.
const LONGEST: usize = 200_000;
/// The most fields and columns of one form.
const MOST_FIELDS: usize = 400;

/// Collects faults while a text is read.
pub(super) struct Faults<'a> {
    text: &'a str,
    pub(super) all: Vec<Fault>,
}

impl Faults<'_> {
    /// A fault at a byte of the text.
    pub(super) fn at(&mut self, byte: usize, place: &str, refusal: Refusal) {
        let line = self.text.bytes().take(byte).filter(|b| *b == b'\n').count() + 1;
        let field = (!place.is_empty()).then(|| place.to_owned());
        self.all.push(Fault { line, refusal: Refusal { field, ..refusal } });
    }
    /// A fault unless the condition holds.
    pub(super) fn need(&mut self, holds: bool, byte: usize, place: &str, key: &'static str) {
        if !holds {
            self.at(byte, place, Refusal::new(key));
        }
    }
}

/// Small letters, digits, underscores.
fn is_name(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_lowercase())
        && word.len() <= 40
        && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}

impl Form {
    /// Reads a definition.
    ///
    /// # Errors
    /// Every fault with its line; a text that is no TOML of this shape has one.
    pub fn load(text: &str) -> Result<Self, Vec<Fault>> {
        let mut faults = Faults { text, all: Vec::new() };
        if text.len() > LONGEST {
            faults.at(0, "", Refusal::new("forms.fault.long"));
            return Err(faults.all);
        }
        let raw: RawForm = match toml::from_str(text) {
            Ok(raw) => raw,
            Err(why) => {
                let byte = why.span().map_or(0, |s| s.start);
                let said = why.message().to_owned();
                faults.at(byte, "", Refusal::new("forms.fault.toml").with("why", said));
                return Err(faults.all);
            }
        };
        let form = build(raw, &mut faults);
        if faults.all.is_empty() {
            Ok(form)
        } else {
            faults.all.sort_by_key(|f| f.line);
            Err(faults.all)
        }
    }
}

fn build(raw: RawForm, faults: &mut Faults<'_>) -> Form {
    let (at, id) = (raw.id.span().start, raw.id.into_inner());
    faults.need(is_name(&id), at, &id, "forms.fault.name");
    faults.need((1..1_000_000).contains(&raw.version), at, &id, "forms.fault.version");
    let stages = raw.stages.unwrap_or_else(|| vec![FINAL.to_owned()]);
    let sound = !stages.is_empty() && stages.iter().all(|s| is_name(s) && s != DRAFT);
    faults.need(sound, at, &id, "forms.fault.stages");
    let lists = wire::lists(raw.options, faults);
    let mut form = Form {
        kind: raw.kind,
        title: raw.title,
        note: raw.note,
        field: raw.field,
        standard: raw.standard,
        clause: raw.clause,
        source: raw.source,
        licence: raw.licence,
        version: raw.version,
        stages,
        sections: Vec::new(),
        score: None,
        alerts: Vec::new(),
        id,
    };
    faults.need(!raw.section.is_empty(), at, "", "forms.fault.no_sections");
    let mut seen: BTreeSet<String> = BTreeSet::new();
    for section in raw.section {
        let section = read_section(section, &form, &lists, &mut seen, faults);
        form.sections.push(section);
    }
    let count: usize = form.fields().map(|f| 1 + f.columns.len()).sum();
    faults.need(count <= MOST_FIELDS, at, "", "forms.fault.too_many");
    if let Some(score) = raw.score {
        form.score = scoring::read(score, &form, faults);
    }
    if form.kind == FormKind::Scale {
        faults.need(form.score.is_some(), at, "", "forms.fault.no_score");
        faults.need(!form.licence.is_empty(), at, "", "forms.fault.no_licence");
        faults.need(!form.source.is_empty(), at, "", "forms.fault.no_source");
    }
    for alert in raw.alert {
        let (byte, alert) = (alert.span().start, alert.into_inner());
        faults.need(is_name(&alert.key), byte, &alert.key, "forms.fault.name");
        let when = conditions(&alert.when, &form, byte, &alert.key, faults);
        form.alerts.push(AlertRule { key: alert.key, label: alert.label, when });
    }
    form
}

fn read_section(
    raw: Spanned<RawSection>,
    so_far: &Form,
    lists: &wire::Lists,
    seen: &mut BTreeSet<String>,
    faults: &mut Faults<'_>,
) -> Section {
    let (at, raw) = (raw.span().start, raw.into_inner());
    faults.need(is_name(&raw.id), at, &raw.id, "forms.fault.name");
    let twice = so_far.sections.iter().any(|s| s.id == raw.id);
    faults.need(!twice, at, &raw.id, "forms.fault.section_twice");
    let empty = raw.field.is_empty() && raw.note.is_empty();
    let mut section = Section { id: raw.id, title: raw.title, note: raw.note, fields: Vec::new() };
    // Fields see what stands before them: other sections and the earlier fields of their own.
    let mut before = so_far.clone();
    for field in raw.field {
        let byte = field.span().start;
        let home = field::Home {
            place: &section.id,
            purpose: raw.purpose,
            class: raw.class,
            stages: &so_far.stages,
            lists,
        };
        let Some(field) = field::read(field, &home, &before, faults) else { continue };
        if !seen.insert(field.name.clone()) {
            let place = format!("{}.{}", section.id, field.name);
            faults.at(byte, &place, Refusal::new("forms.fault.field_twice"));
            continue;
        }
        section.fields.push(field);
        before.sections = so_far.sections.iter().cloned().chain([section.clone()]).collect();
    }
    faults.need(!empty, at, &section.id, "forms.fault.empty_section");
    section
}

/// Conditions over fields that stand before.
fn conditions(
    texts: &[String],
    before: &Form,
    byte: usize,
    place: &str,
    faults: &mut Faults<'_>,
) -> Vec<Cond> {
    let mut out = Vec::new();
    for text in texts {
        let Some(cond) = Cond::parse(text) else {
            faults.at(byte, place, Refusal::new("forms.fault.when").with("text", text));
            continue;
        };
        let Some(field) = before.field_of(&cond.field) else {
            faults.at(byte, place, Refusal::new("forms.fault.unknown").with("name", &cond.field));
            continue;
        };
        let named = matches!(cond.op, crate::when::Op::Is | crate::when::Op::IsNot)
            && matches!(field.kind, Kind::Choice | Kind::Many);
        if let Some(word) = cond.words.iter().find(|w| named && field.option(w).is_none()) {
            faults.at(byte, place, Refusal::new("forms.fault.no_option").with("name", word));
            continue;
        }
        out.push(cond);
    }
    out
}

/// Which stages a field is required at.
fn required(
    raw: Option<wire::RawRequired>,
    stages: &[String],
    byte: usize,
    place: &str,
    faults: &mut Faults<'_>,
) -> Required {
    match raw {
        None | Some(wire::RawRequired::Flag(false)) => Required::Never,
        Some(wire::RawRequired::Flag(true)) => Required::Always,
        Some(wire::RawRequired::Stages(named)) => {
            for stage in named.iter().filter(|s| !stages.contains(s)) {
                faults.at(byte, place, Refusal::new("forms.fault.stage").with("name", stage));
            }
            Required::At(named)
        }
    }
}

/// The options of a field: a list by name, or written out.
fn options(
    raw: Option<wire::RawOptions>,
    lists: &wire::Lists,
    byte: usize,
    place: &str,
    faults: &mut Faults<'_>,
) -> Vec<Opt> {
    match raw {
        None => Vec::new(),
        Some(wire::RawOptions::Listed(all)) => wire::opts(all, byte, place, faults),
        Some(wire::RawOptions::Named(name)) => lists.get(&name).cloned().unwrap_or_else(|| {
            faults.at(byte, place, Refusal::new("forms.fault.no_list").with("name", &name));
            Vec::new()
        }),
    }
}

/// The text when there is one.
fn text(raw: Option<Text>) -> Text {
    raw.unwrap_or_default()
}

/// Of a table's column as of a field.
fn names(fields: &[Field]) -> BTreeSet<&str> {
    fields.iter().map(|f| f.name.as_str()).collect()
}
