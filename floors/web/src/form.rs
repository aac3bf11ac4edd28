//! A form as a template sees it: kept input and what is wrong with it, at the field.
use std::collections::BTreeMap;

use kernel::Refusals;

use crate::{Fields, Req};

/// No page shows more rows of a table, whatever a request names.
const MOST_ROWS: usize = 200;

/// What is wrong at a field, as a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormError {
    /// The field's name; empty when it concerns the whole form.
    pub field: String,
    pub text: String,
    /// What the field is called, where the sentence alone does not say it.
    pub label: String,
}

/// One option of a choice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    pub value: String,
    pub label: String,
}

/// Kept input and errors.
#[derive(Clone, Debug, Default)]
pub struct Form {
    values: BTreeMap<String, String>,
    pub errors: Vec<FormError>,
}

impl Form {
    /// An empty form.
    pub fn blank() -> Self {
        Self::default()
    }
    /// A form filled from a record.
    pub fn of(values: BTreeMap<String, String>) -> Self {
        Self { values, errors: Vec::new() }
    }
    /// What was sent, with what was wrong with it: nothing typed is lost. Password fields are not sent back.
    pub fn refused(req: &Req, fields: &Fields, no: &Refusals) -> Self {
        let mut values = fields.joined();
        values.retain(|name, _| !name.contains("password"));
        let errors =
            no.0.iter()
                .map(|r| FormError {
                    field: r.field.clone().unwrap_or_default(),
                    text: req.refusal(r),
                    label: String::new(),
                })
                .collect();
        Self { values, errors }
    }
    /// Gives the errors the names of their fields in a sheet, for a summary in which many say the same.
    #[must_use]
    pub fn of_sheet(mut self, sheet: &forms::Form, lang: locale::Lang) -> Self {
        for e in &mut self.errors {
            // A cell of a table is called by the table: `goals.0.result`.
            let name = e.field.split('.').next().unwrap_or_default();
            e.label =
                sheet.field_of(name).map_or_else(String::new, |f| f.label.say(lang).to_owned());
        }
        self
    }
    /// The kept value of a field.
    pub fn value(&self, name: &str) -> String {
        self.values.get(name).cloned().unwrap_or_default()
    }
    /// Is this option among the kept values of a multi-choice?
    pub fn chosen(&self, name: &str, option: &str) -> bool {
        self.values.get(name).is_some_and(|v| v.split(',').any(|o| o == option))
    }
    /// What is wrong at a field; empty when nothing is.
    pub fn error(&self, name: &str) -> String {
        self.errors
            .iter()
            .filter(|e| e.field == name)
            .map(|e| e.text.as_str())
            .collect::<Vec<_>>()
            .join(" ")
    }
    /// How many rows of a table are kept: one more than the highest in names such as `table.0.column`.
    pub fn rows(&self, table: &str) -> usize {
        let prefix = format!("{table}.");
        self.values
            .iter()
            .filter(|(_, value)| !value.is_empty())
            .filter_map(|(name, _)| name.strip_prefix(&prefix)?.split('.').next()?.parse().ok())
            .map(|at: usize| at.saturating_add(1).min(MOST_ROWS))
            .max()
            .unwrap_or_default()
    }
    /// Is anything wrong?
    pub fn has_errors(&self) -> bool {
        !self.errors.is_empty()
    }
    /// Presets a value.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl ToString) -> Self {
        self.values.insert(name.to_owned(), value.to_string());
        self
    }
    /// Presets a value where nothing was typed.
    #[must_use]
    pub fn or(mut self, name: &str, value: impl ToString) -> Self {
        self.values.entry(name.to_owned()).or_insert_with(|| value.to_string());
        self
    }
}
