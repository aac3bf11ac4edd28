//! What a pack says once it is read: clauses in their order, rules, notes, vocabularies and cases.
use std::collections::BTreeMap;

use kernel::{Day, Ratio};
use serde::{Deserialize, Serialize};

use crate::catalogue::MeasureId;
use crate::rows::UnitKind;

/// A text in both languages; either may be empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Text {
    #[serde(default)]
    pub zh: String,
    #[serde(default)]
    pub en: String,
}

/// Whose instrument it is. A lower pack may tighten an upper one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Layer {
    Nation,
    Province,
    City,
    District,
}

/// A policy instrument with everything encoded from it.
#[derive(Clone, Debug)]
pub struct Pack {
    /// Stable id of the instrument.
    pub id: String,
    pub version: String,
    pub title: Text,
    pub layer: Layer,
    /// `draft`, `in_force`, `superseded` or `repealed`.
    pub status: String,
    pub doc_no: String,
    pub issuer: String,
    /// First day in force, and the first day no longer; either may be blank.
    pub in_force: (Option<Day>, Option<Day>),
    pub basis: Vec<String>,
    pub clauses: Vec<Clause>,
    pub rules: Vec<Rule>,
    pub notes: Vec<Note>,
    pub defines: Vec<Define>,
    pub(crate) tests: Vec<Test>,
    /// SHA-256 over the files, in hex: what a receipt names.
    pub hash: String,
}

/// A heading of the instrument and what we say it means.
#[derive(Clone, Debug, Serialize)]
pub struct Clause {
    /// Positional, such as `4A.3`.
    pub id: String,
    /// As printed, such as `（三）人员配备。`
    pub heading: String,
    /// 1 for a part, 2 for a chapter, 3 for a section (the number of `#`).
    pub level: usize,
    /// Our restatement, Markdown.
    pub says: Text,
    pub file: String,
    pub line: usize,
}

/// What kind of block a rule came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RuleKind {
    Require,
    Target,
    Duty,
    Entitle,
    Prohibit,
    Permit,
}

/// How binding the words are. Only [`Modality::Must`] can fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Modality {
    /// 应、须、不得
    Must,
    /// 原则上
    Should,
    /// 优先
    Prefer,
    /// 争创、打造
    Strive,
    /// 鼓励、提倡、探索
    Encourage,
    /// 可
    May,
}

/// How much a breach matters, the heaviest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    Critical,
    Major,
    Minor,
    Info,
}

/// Which of several occurrences of the quoted words is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Nth {
    /// It must occur exactly once.
    Once,
    /// The n-th occurrence, counted from 1.
    At(u32),
    /// Every occurrence.
    All,
}

/// Key words of the official text, at most 24 characters.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Quote {
    pub words: String,
    pub nth: Nth,
}

/// A value given to a measure's argument.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Arg {
    Bool(bool),
    Int(i64),
    Texts(Vec<String>),
    Map(BTreeMap<String, Arg>),
}
impl Arg {
    /// The texts of a text or a list of texts.
    pub fn texts(&self) -> &[String] {
        match self {
            Self::Texts(t) => t,
            _ => &[],
        }
    }
}

/// Arguments by name.
pub type Args = BTreeMap<String, Arg>;

/// A measure with its arguments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    pub measure: MeasureId,
    pub args: Args,
}

/// A bound from a day on, in the measure's inside unit (fen, tenths of a day).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Dated {
    pub from: Day,
    /// Exclusive; open when missing.
    pub to: Option<Day>,
    pub value: Ratio,
}

/// What a measure is compared with. Words such as 不少于 include the number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Bound {
    /// Nothing: the measure is shown.
    None,
    /// `min`, `max`, or both; each dated.
    Range {
        min: Vec<Dated>,
        max: Vec<Dated>,
    },
    Equals(Vec<Dated>),
    /// The set must hold all of these.
    Includes(Vec<String>),
    /// The set must hold one of these.
    AnyOf(Vec<String>),
    /// The set must hold every stage up to the unit's present one.
    Until(Vec<String>),
    /// The text must have this shape.
    Matches(Pattern),
}

/// A name's shape: literal text and holes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    pub text: String,
    pub parts: Vec<Part>,
}
/// A stretch of a [`Pattern`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    Literal(String),
    /// Filled with the unit's own street name, without 街道.
    Street,
    /// Filled with the unit's own community name, without 社区.
    Community,
    /// At least one character; `han`: Chinese characters only.
    Free {
        name: String,
        han: bool,
    },
}

/// A condition that must hold for a rule to apply.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum When {
    /// `self` or `third_party`.
    Operator(Vec<String>),
    PurchasedByGovernment(bool),
    Professional(bool),
    /// The project's kind.
    Kind(Vec<String>),
    /// The supervision project reaches this level (`district+`).
    ProjectLevel(Vec<String>),
    /// The appraisal's result is one of these, of the same year or the latest.
    Assessment {
        result: Vec<String>,
        latest: bool,
    },
}

/// Whom a duty or entitlement concerns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Who {
    pub kind: UnitKind,
    pub role: Option<String>,
    /// Kind of the unit where the role is held.
    pub unit: Option<UnitKind>,
    pub operator: Option<String>,
    pub fulltime: Option<bool>,
    pub social_worker: Option<bool>,
}

/// A point of a target's path.
#[derive(Clone, Debug)]
pub struct Point {
    pub by: Day,
    pub min: Ratio,
    pub call: Call,
    pub quote: Option<Quote>,
}

/// What must be attached, as the pack words it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Evidence {
    pub attach: Vec<String>,
    pub per: Option<String>,
    /// `other`: whoever confirms it is not whoever attached it.
    pub reviewer: Option<String>,
    pub check: Option<Text>,
}

/// What a missed duty opens.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Creates {
    pub task: String,
    #[serde(default)]
    pub template: Option<String>,
}

/// A yearly deadline.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Due {
    pub month: i8,
    pub day: i8,
}

/// What a zero below the line means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Empty {
    NotApplicable,
    Unknown,
    Pass,
}

/// A rule of the instrument.
#[derive(Clone, Debug)]
pub struct Rule {
    pub id: String,
    pub kind: RuleKind,
    /// Index into [`Pack::clauses`].
    pub clause: usize,
    /// The item inside the clause, such as `4A.3-5`; the clause's id when not given.
    pub item: String,
    pub file: String,
    pub line: usize,
    /// Kinds of unit it is asked of.
    pub on: Vec<UnitKind>,
    pub who: Option<Who>,
    pub when: Vec<When>,
    pub title: Text,
    pub quote: Option<Quote>,
    pub call: Option<Call>,
    pub bound: Bound,
    pub empty: Empty,
    pub modality: Modality,
    pub severity: Severity,
    pub evidence: Option<Evidence>,
    pub remedy: Option<Text>,
    /// A person decides: the rule has no measure.
    pub judgement: bool,
    pub points: Vec<Point>,
    /// Between two points progress is read along a straight line; otherwise the last point stands.
    pub linear: bool,
    pub due: Option<Due>,
    /// Days before the deadline on which to remind.
    pub remind: Vec<i64>,
    pub owner: Option<String>,
    pub creates: Option<Creates>,
    /// Fen a month, dated.
    pub amount: Vec<Dated>,
    /// Grade a post must carry.
    pub grade: Option<String>,
    /// First day the rule stands, and the first day it no longer does (repealed).
    pub from: Option<Day>,
    pub to: Option<Day>,
    /// The note a bound without words rests on.
    pub bound_note: Option<String>,
    /// Why a lower pack loosens an upper rule.
    pub basis: Option<String>,
}

/// What an ambiguous reading lets the district choose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    pub value: String,
    #[serde(default)]
    pub zh: String,
    #[serde(default)]
    pub en: String,
}

/// A remark about the text: what is ambiguous, missing, left to people.
#[derive(Clone, Debug, Serialize)]
pub struct Note {
    pub id: String,
    /// `ambiguity` `conflict` `missing-document` `untranslated` `judgement` `context` `drafting`.
    pub kind: String,
    pub clause: usize,
    pub item: String,
    /// Rules it concerns.
    pub on: Vec<String>,
    pub quote: Option<Quote>,
    pub text: Text,
    /// Name of the option (口径) it offers.
    pub option: Option<String>,
    pub default: Option<String>,
    pub choices: Vec<Choice>,
    pub accepted: bool,
    pub file: String,
    pub line: usize,
}

/// A closed vocabulary the text gives.
#[derive(Clone, Debug, Serialize)]
pub struct Define {
    pub id: String,
    pub vocab: String,
    pub clause: usize,
    pub item: String,
    pub title: Text,
    pub quote: Option<Quote>,
    pub values: Vec<String>,
}

/// A case: facts and the verdicts they must give.
#[derive(Clone, Debug)]
pub(crate) struct Test {
    pub name: String,
    pub file: String,
    pub line: usize,
    pub body: super::node::Node,
}

impl Pack {
    /// The rule of this id.
    pub fn rule(&self, id: &str) -> Option<&Rule> {
        self.rules.iter().find(|r| r.id == id)
    }
    /// The clause of this id.
    pub fn clause(&self, id: &str) -> Option<&Clause> {
        self.clauses.iter().find(|c| c.id == id)
    }
    /// The clause a rule stands in.
    pub fn clause_of(&self, rule: &Rule) -> Option<&Clause> {
        self.clauses.get(rule.clause)
    }
    /// Notes that name this rule.
    pub fn notes_on(&self, rule: &str) -> impl Iterator<Item = &Note> {
        self.notes.iter().filter(move |n| n.on.iter().any(|o| o == rule))
    }
    /// The same instrument with its clauses and notes, and no rules.
    pub(crate) fn shell(&self) -> Self {
        Self {
            id: self.id.clone(),
            version: self.version.clone(),
            title: Text::default(),
            status: self.status.clone(),
            doc_no: String::new(),
            issuer: String::new(),
            basis: Vec::new(),
            clauses: Vec::new(),
            rules: Vec::new(),
            notes: self.notes.iter().filter(|n| n.option.is_some()).cloned().collect(),
            defines: Vec::new(),
            tests: Vec::new(),
            hash: self.hash.clone(),
            ..*self
        }
    }
    /// Names of the cases.
    pub fn cases(&self) -> impl Iterator<Item = &str> {
        self.tests.iter().map(|t| t.name.as_str())
    }
}
