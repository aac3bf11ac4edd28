//! A form: sections of fields. A scale is a form that scores.
use locale::Lang;
use serde::{Deserialize, Serialize};

use crate::compute::Formula;
use crate::score::Scoring;
use crate::when::{AlertRule, Cond};

/// A text in both languages of the house, written `["中文", "English"]`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<String>", into = "Vec<String>")]
pub struct Text {
    pub zh: String,
    pub en: String,
}

impl Text {
    /// In this language; Chinese when there is no English.
    pub fn say(&self, lang: Lang) -> &str {
        lang.pick(&self.zh, &self.en)
    }
    /// Is nothing said?
    pub fn is_empty(&self) -> bool {
        self.zh.is_empty()
    }
}
impl TryFrom<Vec<String>> for Text {
    type Error = String;
    fn try_from(mut parts: Vec<String>) -> Result<Self, String> {
        match (parts.len(), parts.pop(), parts.pop()) {
            (2, Some(en), Some(zh)) if !zh.trim().is_empty() && !en.trim().is_empty() => {
                Ok(Self { zh, en })
            }
            _ => Err("a text is written [\"中文\", \"English\"]".into()),
        }
    }
}
impl From<Text> for Vec<String> {
    fn from(text: Text) -> Self {
        vec![text.zh, text.en]
    }
}

db::words! {
    /// What a definition is.
    pub enum FormKind {
        /// A form that people fill in (表单).
        Form = "form",
        /// A scale with a score (量表).
        Scale = "scale",
    }
}
db::words! {
    /// What a field takes.
    pub enum Kind {
        /// One line.
        Text = "text",
        /// Several lines.
        Long = "long",
        /// A number, whole unless the field has `decimals`.
        Number = "number",
        Date = "date",
        /// `HH:MM` on a Shanghai clock.
        Time = "time",
        /// One of the options.
        Choice = "choice",
        /// Any of the options.
        Many = "many",
        /// A tick.
        Flag = "flag",
        /// Rows of columns.
        Table = "table",
        /// A person: an id from the page's own list, or a name.
        Person = "person",
        /// A region: its id or code from the page's own list.
        Region = "region",
        /// The id of a stored picture; the page that has the upload keeps it.
        Photo = "photo",
        /// Who signed; on paper a box to sign in.
        Signature = "signature",
    }
}
db::words! {
    /// How sensitive a field is (PIPL 28, 51).
    pub enum Class {
        /// Public.
        P0 = "P0",
        /// Operational: staff, posts, money.
        P1 = "P1",
        /// Personal: name, phone, address, ID number.
        P2 = "P2",
        /// Narrative and sensitive: case content, health, income, everything of children under 14.
        P3 = "P3",
        /// Sealed: mandatory reports, reporters, shelters, plans of suicide.
        P4 = "P4",
    }
}
db::words! {
    /// What a field is asked for (PIPL 6): the notice to the client is made from these.
    pub enum Purpose {
        /// To know who is served and to reach them.
        Identify = "identify",
        /// To decide whether and which help is due.
        Eligibility = "eligibility",
        /// To understand the need and give the service.
        Service = "service",
        /// To avert danger.
        Safety = "safety",
        /// To prove consent.
        Consent = "consent",
        /// A duty by law (mandatory report).
        Statutory = "statutory",
        /// To judge and better the service.
        Quality = "quality",
        /// To account for work and money.
        Accounting = "accounting",
    }
}
db::words! {
    /// A number whose digits prove themselves.
    pub enum Digits {
        /// Citizen's ID, GB 11643.
        IdCard = "id_card",
        Mobile = "mobile",
        /// Unified social credit code, GB 32100.
        Uscc = "uscc",
    }
}

/// One option of a choice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Opt {
    pub value: String,
    pub label: Text,
    /// What it scores on a scale.
    pub points: Option<i64>,
}

/// At which stages a field must be answered. A draft needs nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub enum Required {
    #[default]
    Never,
    /// At every stage.
    Always,
    /// From these stages on, named one by one.
    At(Vec<String>),
}

impl Required {
    /// Must it be answered at this stage?
    pub fn at(&self, stage: &str) -> bool {
        match self {
            Self::Never => false,
            Self::Always => stage != DRAFT,
            Self::At(stages) => stages.iter().any(|s| s == stage),
        }
    }
}

/// The stage at which nothing is required.
pub const DRAFT: &str = "draft";
/// The stage of forms that have only one.
pub const FINAL: &str = "final";

/// One field.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Field {
    /// Small letters, digits, underscores; unique in the form (a column: in its table).
    pub name: String,
    pub kind: Kind,
    pub label: Text,
    pub hint: Text,
    pub options: Vec<Opt>,
    pub unit: Text,
    /// Least number, in units of 10⁻⁴.
    pub min: Option<i64>,
    /// Largest number, in units of 10⁻⁴; of a text the most characters; of a table the most rows.
    pub max: Option<i64>,
    /// Digits after the point, 0–4.
    pub decimals: u8,
    pub required: Required,
    /// Asked only when all of these hold.
    pub when: Vec<Cond>,
    /// Worked out from other fields, never typed.
    pub compute: Option<Formula>,
    pub columns: Vec<Field>,
    /// A date or time that may not lie before this other field.
    pub after: Option<String>,
    pub digits: Option<Digits>,
    pub class: Class,
    pub purpose: Purpose,
    /// How long it is kept, when not as long as the file it belongs to.
    pub retention: Text,
    /// The record it is filled from, such as `client.name`: what the house knows is not asked again.
    pub from: Option<String>,
    /// Lines of room on blank paper.
    pub lines: u8,
    /// The house reads this field by name: a bureau's own version must keep it.
    pub core: bool,
}

impl Field {
    /// The option of this value.
    pub fn option(&self, value: &str) -> Option<&Opt> {
        self.options.iter().find(|o| o.value == value)
    }
    /// Does it take the width of the page? Long texts, tables and long lists of ticks do.
    pub fn wide(&self) -> bool {
        matches!(self.kind, Kind::Long | Kind::Table | Kind::Many)
            || (self.kind == Kind::Choice && self.options.iter().any(|o| o.points.is_some()))
    }
}

/// A part of a form.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Section {
    pub id: String,
    pub title: Text,
    /// Sentences to read before answering (the words of a consent, how to use a scale).
    pub note: Text,
    pub fields: Vec<Field>,
}

/// A form or scale at one version. Loaded from TOML by [`Form::load`](crate::Form::load) only.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Form {
    pub id: String,
    /// 1–999 is shipped; a bureau's own begin at 1001.
    pub version: i64,
    pub kind: FormKind,
    pub title: Text,
    pub note: Text,
    /// Where it is used, for the list: `casework`, `group`, `community`, `visit`, `supervision`, `scale`.
    pub field: String,
    /// The standard it follows, such as `MZ/T 094-2017`.
    pub standard: String,
    /// The policy clause it serves, such as `4B.2-4`.
    pub clause: String,
    /// Where the wording and the scoring come from.
    pub source: Text,
    pub licence: Text,
    /// The stages at which it may be kept, in order. The last one is complete.
    pub stages: Vec<String>,
    pub sections: Vec<Section>,
    pub score: Option<Scoring>,
    pub alerts: Vec<AlertRule>,
}

/// The first version that is a bureau's own.
pub const OWN: i64 = 1001;

impl Form {
    /// Every field in order.
    pub fn fields(&self) -> impl Iterator<Item = &Field> {
        self.sections.iter().flat_map(|s| s.fields.iter())
    }
    /// The field of this name.
    pub fn field_of(&self, name: &str) -> Option<&Field> {
        self.fields().find(|f| f.name == name)
    }
    /// The stage at which the form is complete.
    pub fn last_stage(&self) -> &str {
        self.stages.last().map_or(FINAL, String::as_str)
    }
    /// The most sensitive class among its fields.
    pub fn class(&self) -> Class {
        self.fields()
            .flat_map(|f| std::iter::once(f.class).chain(f.columns.iter().map(|c| c.class)))
            .max()
            .unwrap_or(Class::P0)
    }
    /// Is it one of the bureau's own?
    pub const fn is_own(&self) -> bool {
        self.version >= OWN
    }
    /// What the house already knows, put where the form asks for it: pairs such as (`client.name`, 张三) become html fields.
    pub fn prefill(&self, known: &[(&str, String)]) -> std::collections::BTreeMap<String, String> {
        self.fields()
            .filter_map(|f| {
                let from = f.from.as_deref()?;
                let (_, value) = known.iter().find(|(name, _)| *name == from)?;
                Some((f.name.clone(), value.clone()))
            })
            .collect()
    }
}
