//! A business "no": said by key, at the field it concerns, with the clause it rests on.
use serde::Serialize;

/// One reason not to. The key is looked up in the viewer's language (`locale/`); `{name}` in the sentence is filled from `args`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Refusal {
    pub key: &'static str,
    /// The form field or wire field it concerns.
    pub field: Option<String>,
    /// The policy clause it rests on, such as `4A.3-12`.
    pub clause: Option<&'static str>,
    pub args: Vec<(&'static str, String)>,
}

impl Refusal {
    /// A refusal that concerns the whole request.
    pub const fn new(key: &'static str) -> Self {
        Self { key, field: None, clause: None, args: Vec::new() }
    }
    /// A refusal at a field.
    pub fn at(field: impl Into<String>, key: &'static str) -> Self {
        Self { field: Some(field.into()), ..Self::new(key) }
    }
    /// With a value for `{name}` in the sentence.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.args.push((name, value.to_string()));
        self
    }
    /// Resting on a clause.
    #[must_use]
    pub const fn under(mut self, clause: &'static str) -> Self {
        self.clause = Some(clause);
        self
    }
}

/// Everything wrong with one request, so that a form is mended once.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Refusals(pub Vec<Refusal>);

impl Refusals {
    /// Nothing wrong so far.
    pub const fn none() -> Self {
        Self(Vec::new())
    }
    /// Adds a reason.
    pub fn push(&mut self, r: Refusal) {
        self.0.push(r);
    }
    /// Adds a reason at a field unless the condition holds.
    pub fn require(&mut self, holds: bool, field: &str, key: &'static str) {
        if !holds {
            self.push(Refusal::at(field, key));
        }
    }
    /// `Ok` when nothing is wrong.
    ///
    /// # Errors
    /// Itself, when there is any reason.
    pub fn done(self) -> Result<(), Self> {
        if self.0.is_empty() { Ok(()) } else { Err(self) }
    }
}
impl From<Refusal> for Refusals {
    fn from(r: Refusal) -> Self {
        Self(vec![r])
    }
}
