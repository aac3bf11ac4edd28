//! Fills the holes of a remedy: `{value} {gap} {missing} {suggest} {rows} {of} {to} {need} {drop}`.
use kernel::{Money, Ratio};

use super::{Explanation, Line};
use crate::catalogue::Returns;
use crate::finding::{Measured, Threshold};
use crate::measure::Value;
use crate::pack::Text;
use crate::words::{Lang, kind, say};

/// How far a value is from its bound: missing units positive, surplus negative.
pub(super) fn gap(v: Value, t: &Threshold) -> Option<i64> {
    let up = |r: &Ratio| ceil(r.of, r.to);
    match (v, t) {
        (Value::Int(n), Threshold::Range { min: Some(m), .. }) if n < up(m) => Some(up(m) - n),
        (Value::Int(n), Threshold::Range { max: Some(m), .. }) if n > m.of / m.to.max(1) => {
            Some(m.of / m.to.max(1) - n)
        }
        (Value::Int(n), Threshold::Equals { value }) => Some(up(value) - n),
        (Value::Day(None), Threshold::Range { min: Some(_), .. }) => Some(1),
        // What is missing above the line to reach the bound with the same number below it.
        (Value::Ratio { of, to }, Threshold::Range { min: Some(m), .. }) => {
            Some((ceil_wide(i128::from(m.of) * i128::from(to), m.to) - of).max(0))
        }
        (Value::Ratio { of, to }, Threshold::Range { max: Some(m), .. }) => {
            let most = i128::from(m.of) * i128::from(to) / i128::from(m.to.max(1));
            Some((i64::try_from(most).unwrap_or(i64::MAX) - of).min(0))
        }
        (Value::Int(_), Threshold::Range { .. }) => Some(0),
        _ => None,
    }
}

const fn ceil(of: i64, to: i64) -> i64 {
    let to = if to > 0 { to } else { 1 };
    of.div_euclid(to) + (of.rem_euclid(to) > 0) as i64
}
fn ceil_wide(of: i128, to: i64) -> i64 {
    let to = i128::from(to.max(1));
    i64::try_from(of.div_euclid(to) + i128::from(of.rem_euclid(to) > 0)).unwrap_or(i64::MAX)
}

/// A number in the measure's inside unit, as people read it.
fn number(n: i64, returns: Returns) -> String {
    match returns {
        Returns::Money => Money(n).in_yuan(),
        Returns::Days if n % 10 != 0 => format!("{}.{}", n / 10, (n % 10).abs()),
        Returns::Days => (n / 10).to_string(),
        Returns::Number => format!("{}.{:02}", n / 100, (n % 100).abs()),
        _ => n.to_string(),
    }
}

fn measured(m: &Measured, returns: Returns, lang: Lang) -> String {
    match m {
        Measured::Number { n } => number(*n, returns),
        Measured::Ratio { of, to } => {
            Ratio::new(*of, *to).percent().map_or_else(|| "–".to_owned(), |p| format!("{p}%"))
        }
        Measured::Set { kinds } => join(kinds.iter().map(|k| kind(lang, k)), lang),
        Measured::Day { day } => day.map_or_else(|| "–".to_owned(), |d| d.to_string()),
        Measured::Text { text } => text.clone(),
        Measured::Unknown { .. } | Measured::NotApplicable => "–".to_owned(),
    }
}

fn join(items: impl Iterator<Item = String>, lang: Lang) -> String {
    items.collect::<Vec<_>>().join(if lang == Lang::Zh { "、" } else { ", " })
}

/// The remedy in both languages.
pub(super) fn remedy(t: &Text, e: &Explanation) -> Text {
    Text { zh: fill(&t.zh, e, Lang::Zh), en: fill(&t.en, e, Lang::En) }
}

fn fill(text: &str, e: &Explanation, lang: Lang) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let Some((name, tail)) = after.split_once('}') else {
            out.push('{');
            rest = after;
            continue;
        };
        match hole(name, e, lang) {
            Some(v) => out.push_str(&v),
            None => {
                out.push('{');
                out.push_str(name);
                out.push('}');
            }
        }
        rest = tail;
    }
    out.push_str(rest);
    out
}

fn hole(name: &str, e: &Explanation, lang: Lang) -> Option<String> {
    let returns = e.terms.first().map_or(Returns::Count, |t| t.returns);
    let side = |i: usize| e.terms.get(i).map(|t| measured(&t.value, t.returns, lang));
    let label = |l: &Line| if l.label.is_empty() { kind(lang, &l.kind) } else { l.label.clone() };
    Some(match name {
        "value" => measured(&e.value, returns, lang),
        "missing" => join(e.missing.iter().map(|k| kind(lang, k)), lang),
        "suggest" => match &e.threshold {
            Threshold::Shape { text } => text.clone(),
            _ => return None,
        },
        "rows" => {
            let shown = e.terms.iter().flat_map(|t| &t.counted);
            let mut names: Vec<String> = shown.map(label).collect();
            names.dedup();
            join(names.into_iter(), lang)
        }
        "of" => side(1)?,
        "to" => side(2)?,
        "gap" => {
            let gap = e.gap?;
            let unit = e.terms.get(1).map_or(returns, |t| t.returns);
            if let Threshold::Range { min: Some(_), max: Some(_) } = e.threshold {
                // Two bounds: say on which side the value lies.
                let key = if gap >= 0 { "policy.gap.short" } else { "policy.gap.over" };
                return Some(say(lang, key, &[("n", number(gap.abs(), unit))]));
            }
            number(gap.abs(), unit)
        }
        // To raise a share of people: certify so many of them more, or let so many others go.
        "need" => share(e, |of, to, b| (0..=to).find(|x| at_least(of + x, to + x, b)))?,
        "drop" => share(e, |of, to, b| (0..to).find(|x| at_least(of, to - x, b)))?,
        _ => return None,
    })
}

fn share(e: &Explanation, find: impl Fn(i64, i64, Ratio) -> Option<i64>) -> Option<String> {
    match (&e.value, &e.threshold) {
        (Measured::Ratio { of, to }, Threshold::Range { min: Some(b), .. }) if *to < 100_000 => {
            find(*of, *to, *b).map(|n| n.to_string())
        }
        _ => None,
    }
}

fn at_least(of: i64, to: i64, bound: Ratio) -> bool {
    Ratio::new(of, to).cmp_to(bound).is_some_and(std::cmp::Ordering::is_ge)
}

impl Explanation {
    /// Every reason a row was not counted, as people read it: `丙：助理社会工作师证书 2023-06-01 到期`.
    pub fn reasons(&self, lang: Lang) -> Vec<String> {
        let colon = if lang == Lang::Zh { "：" } else { ": " };
        let lines = self.terms.iter().flat_map(|t| &t.rejected);
        lines
            .filter_map(|l| {
                let because = l.because.as_ref()?;
                let args: Vec<(&str, String)> = because
                    .args
                    .iter()
                    .map(|(k, v)| (*k, if *k == "kind" { kind(lang, v) } else { v.clone() }))
                    .collect();
                let name = if l.label.is_empty() { kind(lang, &l.kind) } else { l.label.clone() };
                Some(format!("{name}{colon}{}", say(lang, &because.key, &args)))
            })
            .collect()
    }
}
