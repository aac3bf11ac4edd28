//! The shape of a definition file. Unknown keys are refused, so that a typing error is no silent wish.
use std::collections::BTreeMap;
use std::sync::LazyLock;

use kernel::Refusal;
use serde::Deserialize;
use toml::Spanned;

use super::Faults;
use crate::form::{Class, Digits, FormKind, Kind, Opt, Purpose, Text};
use crate::score::Rule;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawForm {
    pub id: Spanned<String>,
    pub version: i64,
    pub kind: FormKind,
    pub title: Text,
    #[serde(default)]
    pub note: Text,
    pub field: String,
    #[serde(default)]
    pub standard: String,
    #[serde(default)]
    pub clause: String,
    #[serde(default)]
    pub source: Text,
    #[serde(default)]
    pub licence: Text,
    pub stages: Option<Vec<String>>,
    #[serde(default)]
    pub options: BTreeMap<String, Spanned<Vec<RawOption>>>,
    #[serde(default)]
    pub section: Vec<Spanned<RawSection>>,
    pub score: Option<Spanned<RawScore>>,
    #[serde(default)]
    pub alert: Vec<Spanned<RawAlert>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawSection {
    pub id: String,
    pub title: Text,
    #[serde(default)]
    pub note: Text,
    /// What its fields are asked for, unless a field says otherwise.
    pub purpose: Option<Purpose>,
    pub class: Option<Class>,
    #[serde(default)]
    pub field: Vec<Spanned<RawField>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawField {
    pub name: String,
    pub kind: Kind,
    pub label: Text,
    pub hint: Option<Text>,
    pub options: Option<RawOptions>,
    pub unit: Option<Text>,
    pub min: Option<f64>,
    pub max: Option<f64>,
    #[serde(default)]
    pub decimals: u8,
    pub required: Option<RawRequired>,
    #[serde(default)]
    pub when: OneOrMore,
    pub compute: Option<String>,
    #[serde(default)]
    pub column: Vec<Spanned<RawField>>,
    pub after: Option<String>,
    pub digits: Option<Digits>,
    pub class: Option<Class>,
    pub purpose: Option<Purpose>,
    pub retention: Option<Text>,
    pub from: Option<String>,
    #[serde(default)]
    pub lines: u8,
    #[serde(default)]
    pub core: bool,
}

#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum RawRequired {
    Flag(bool),
    Stages(Vec<String>),
}

#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum RawOptions {
    Named(String),
    Listed(Vec<RawOption>),
}

#[derive(Default, Deserialize)]
#[serde(from = "OneOrMany")]
pub(super) struct OneOrMore(pub Vec<String>);
#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMany {
    One(String),
    Many(Vec<String>),
}
impl From<OneOrMany> for OneOrMore {
    fn from(raw: OneOrMany) -> Self {
        Self(match raw {
            OneOrMany::One(one) => vec![one],
            OneOrMany::Many(many) => many,
        })
    }
}

/// `["value", "中文", "English"]`, on a scale with the points as a fourth.
#[derive(Deserialize)]
#[serde(try_from = "Vec<toml::Value>")]
pub(super) struct RawOption(Opt);
impl TryFrom<Vec<toml::Value>> for RawOption {
    type Error = String;
    fn try_from(parts: Vec<toml::Value>) -> Result<Self, String> {
        let wrong = || {
            "an option is written [\"value\", \"中文\", \"English\"] or with points as a fourth"
                .to_owned()
        };
        let word = |at: usize| {
            parts.get(at).and_then(toml::Value::as_str).map(str::to_owned).ok_or_else(wrong)
        };
        let points = match parts.get(3) {
            None => None,
            Some(v) => Some(v.as_integer().filter(|n| n.abs() <= 1000).ok_or_else(wrong)?),
        };
        let label = Text { zh: word(1)?, en: word(2)? };
        if parts.len() > 4 || label.zh.is_empty() || label.en.is_empty() {
            return Err(wrong());
        }
        Ok(Self(Opt { value: word(0)?, label, points }))
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawScore {
    pub rule: Rule,
    /// The items; without it every field whose options have points.
    pub items: Option<Vec<String>>,
    #[serde(default = "one")]
    pub factor: i64,
    #[serde(default)]
    pub top: i64,
    #[serde(default)]
    pub may_miss: i64,
    /// Only for `field`: the others follow from the items.
    pub min: Option<f64>,
    pub max: Option<f64>,
    pub bands: Vec<RawBands>,
}
const fn one() -> i64 {
    1
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawBands {
    pub id: String,
    pub title: Text,
    pub band: Vec<RawBand>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawBand {
    pub key: String,
    pub label: Text,
    pub from: f64,
    pub to: f64,
    #[serde(default)]
    pub positive: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawAlert {
    pub key: String,
    pub label: Text,
    pub when: Vec<String>,
}

pub(super) type Lists = BTreeMap<String, Vec<Opt>>;

/// The code lists of the house (GB/T 2261 and others), for every form by name.
static SHARED: LazyLock<Lists> = LazyLock::new(|| {
    #[derive(Deserialize)]
    struct Shared(BTreeMap<String, Vec<RawOption>>);
    toml::from_str::<Shared>(include_str!("../../../../forms/lists/lists.toml")).map_or_else(
        |_| Lists::new(),
        |all| all.0.into_iter().map(|(n, o)| (n, o.into_iter().map(|o| o.0).collect())).collect(),
    )
});

/// The form's own lists and the house's.
pub(super) fn lists(
    raw: BTreeMap<String, Spanned<Vec<RawOption>>>,
    faults: &mut Faults<'_>,
) -> Lists {
    let mut all = SHARED.clone();
    for (name, list) in raw {
        let byte = list.span().start;
        let own = opts(list.into_inner(), byte, &name, faults);
        all.insert(name, own);
    }
    all
}

/// Options with sound values, each once. A comma joins several ticks on the way, so no value has one.
pub(super) fn opts(
    raw: Vec<RawOption>,
    byte: usize,
    place: &str,
    faults: &mut Faults<'_>,
) -> Vec<Opt> {
    let mut out: Vec<Opt> = Vec::new();
    for RawOption(opt) in raw {
        let sound = !opt.value.is_empty()
            && opt.value.len() <= 60
            && opt.value.trim() == opt.value
            && !opt.value.contains([',', '|', '=', '<', '>', '!', '"', '\'', '&']);
        if !sound || out.iter().any(|o| o.value == opt.value) {
            let no = Refusal::new("forms.fault.option").with("name", &opt.value);
            faults.at(byte, place, no);
        }
        out.push(opt);
    }
    out
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_shared_lists_are_read() {
        assert!(super::SHARED.len() > 5);
        assert!(super::SHARED.values().all(|list| list.len() > 1));
    }
}
