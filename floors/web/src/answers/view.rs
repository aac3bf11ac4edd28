//! A form to fill in: plain HTML that works without script. With script what a condition closes is hidden and tables grow.
use std::collections::BTreeMap;
use std::sync::Arc;

use forms::{Field, FormKind, Kind, Section};
use serde_json::json;

use crate::answers::text::condition;
use crate::{Choice, Form, Frame};

/// A form's fields as a part of a page: `{{ view }}` inside the page's own `<form>`.
#[derive(askama::Template)]
#[template(path = "form_fields.html")]
pub struct FormView {
    frame: Frame,
    form: Arc<forms::Form>,
    f: Form,
    choices: BTreeMap<String, Vec<Choice>>,
    photos: String,
    stage: String,
}
impl askama::filters::HtmlSafe for FormView {}

/// What the template needs of a field.
struct Shown<'a> {
    field: &'a Field,
    name: String,
    kind: &'static str,
    label: String,
    hint: String,
    unit: String,
    options: Vec<Choice>,
    /// Required whatever the other answers are, so that the browser may ask for it too.
    required: bool,
    when: String,
    mode: &'static str,
}

impl FormView {
    /// A form with what was typed so far.
    pub fn new(frame: &Frame, form: &Arc<forms::Form>, kept: Form) -> Self {
        Self {
            frame: frame.clone(),
            form: Arc::clone(form),
            f: kept,
            choices: BTreeMap::new(),
            photos: String::new(),
            stage: form.last_stage().to_owned(),
        }
    }
    /// Marks as required what this stage requires; without it the form's last stage.
    #[must_use]
    pub fn at(mut self, stage: &str) -> Self {
        stage.clone_into(&mut self.stage);
        self
    }
    /// Offers the page's own list at a person or region field, or other options at a choice.
    #[must_use]
    pub fn offering(mut self, field: &str, choices: Vec<Choice>) -> Self {
        self.choices.insert(field.to_owned(), choices);
        self
    }
    /// Where a kept photo is shown: the id is put behind. Uploads come as `NAME__file`; the page stores them and sets the id.
    #[must_use]
    pub fn photos_at(mut self, address: &str) -> Self {
        address.clone_into(&mut self.photos);
        self
    }

    fn say(&self, text: &forms::Text) -> String {
        text.say(self.frame.language()).to_owned()
    }
    fn scale(&self) -> bool {
        self.form.kind == FormKind::Scale
    }
    /// Is there something to work out while somebody types? The book of forms answers, whoever shows the form.
    fn live(&self) -> bool {
        self.form.score.is_some() || self.form.fields().any(|f| f.compute.is_some())
    }
    fn sections(&self) -> &[Section] {
        &self.form.sections
    }
    fn fields<'a>(&'a self, section: &'a Section) -> Vec<Shown<'a>> {
        section.fields.iter().map(|field| self.shown(field, &field.name)).collect()
    }
    fn columns<'a>(&'a self, table: &'a Field) -> Vec<Shown<'a>> {
        table.columns.iter().map(|column| self.shown(column, &column.name)).collect()
    }
    /// The cells of a table's row.
    fn cells<'a>(&'a self, table: &'a Field, at: &usize) -> Vec<Shown<'a>> {
        table
            .columns
            .iter()
            .map(|column| self.shown(column, &format!("{}.{at}.{}", table.name, column.name)))
            .collect()
    }
    /// Rows to show: what is kept and room for more.
    fn rows(&self, table: &Field) -> usize {
        let kept = self.f.rows(&table.name);
        let most = table.max.and_then(|n| usize::try_from(n).ok()).unwrap_or(60);
        (kept + if kept == 0 { 3 } else { 1 }).min(most.max(kept))
    }
    fn shown<'a>(&'a self, field: &'a Field, name: &str) -> Shown<'a> {
        let mut hint = self.say(&field.hint);
        let must = field.required.at(&self.stage);
        if !field.when.is_empty() {
            let asked = condition(&self.form, field, self.frame.language());
            let key = if must { "web.form.when_must" } else { "web.form.when" };
            let when = self.frame.tf1(key, "when", asked);
            hint = if hint.is_empty() { when } else { format!("{hint} {when}") };
        }
        let options = self.choices.get(name).cloned().unwrap_or_else(|| {
            field
                .options
                .iter()
                .map(|o| Choice { value: o.value.clone(), label: self.say(&o.label) })
                .collect()
        });
        Shown {
            field,
            name: name.to_owned(),
            kind: widget(field, &options),
            label: self.say(&field.label),
            hint,
            unit: self.say(&field.unit),
            options,
            required: must && field.when.is_empty(),
            when: rules(field),
            mode: if field.decimals == 0 { "numeric" } else { "decimal" },
        }
    }
}

/// The part of the template that draws a field.
fn widget(field: &Field, options: &[Choice]) -> &'static str {
    if field.compute.is_some() {
        return "computed";
    }
    match field.kind {
        Kind::Text | Kind::Signature => "text",
        Kind::Long => "long",
        Kind::Number => "number",
        Kind::Date => "date",
        Kind::Time => "time",
        Kind::Choice => {
            let longest = options.iter().map(|o| o.label.chars().count()).max().unwrap_or_default();
            let scored = field.options.iter().any(|o| o.points.is_some());
            match (options.len(), longest) {
                (9.., _) => "select",
                (6.., 9..) if !scored => "select",
                (_, 11..) => "list",
                _ => "radio",
            }
        }
        Kind::Many => "checks",
        Kind::Flag => "flag",
        Kind::Table => "table",
        Kind::Person | Kind::Region if options.is_empty() => "text",
        Kind::Person | Kind::Region => "select",
        Kind::Photo => "photo",
    }
}

/// The conditions for the island, as `[["source","is",["referral"]]]`; empty when there are none.
fn rules(field: &Field) -> String {
    if field.when.is_empty() {
        return String::new();
    }
    let all: Vec<_> = field.when.iter().map(|c| json!([c.field, op(c.op), c.words])).collect();
    json!(all).to_string()
}

const fn op(op: forms::when::Op) -> &'static str {
    match op {
        forms::when::Op::Given => "given",
        forms::when::Op::Is => "is",
        forms::when::Op::IsNot => "not",
        forms::when::Op::AtLeast => "min",
        forms::when::Op::AtMost => "max",
    }
}
