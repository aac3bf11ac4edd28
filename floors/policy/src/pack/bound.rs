//! Bounds: `min max equals includes any_of matches`, each a number, a dated list or a set.
use std::collections::BTreeMap;

use kernel::{Day, Ratio};

use super::blocks::ONE;
use super::model::{Bound, Dated, Part, Pattern};
use super::node::{Node, Val};
use super::number;
use super::reader::Reader;
use crate::catalogue::Returns;

/// The bound of a rule whose measure answers with `returns`.
pub(crate) fn of(r: &mut Reader<'_>, returns: Returns) -> Bound {
    let line = r.line();
    let (min, max) = (dated(r, "min", returns), dated(r, "max", returns));
    let equals = dated(r, "equals", returns);
    let (includes, any_of) = (r.texts("includes"), r.texts("any_of"));
    let until = r.text("includes_until").is_some();
    let stages = r.texts("stages");
    let pattern = r.text("matches");
    let bind: BTreeMap<String, String> = r.shape("bind").unwrap_or_default();
    let mut found = Vec::new();
    if !min.is_empty() || !max.is_empty() {
        found.push(Bound::Range { min, max });
    }
    if !equals.is_empty() {
        found.push(Bound::Equals(equals));
    }
    if !includes.is_empty() {
        found.push(Bound::Includes(includes));
    }
    if !any_of.is_empty() {
        found.push(Bound::AnyOf(any_of));
    }
    if until {
        found.push(Bound::Until(stages));
    }
    if let Some(text) = pattern {
        match parse_pattern(&text, &bind) {
            Some(p) => found.push(Bound::Matches(p)),
            None => r.fault(line, "matches", "pattern", &[("got", &text)]),
        }
    }
    if returns == Returns::Date && found.is_empty() {
        // A date asked for without a bound must only be there.
        return Bound::Range {
            min: vec![Dated { from: Day::MIN, to: None, value: ONE }],
            max: Vec::new(),
        };
    }
    if found.len() > 1 {
        r.fault(line, "", "two_bounds", &[]);
    }
    let bound = found.pop().unwrap_or(Bound::None);
    let fits = match &bound {
        Bound::None => true,
        Bound::Range { .. } | Bound::Equals(_) => !matches!(returns, Returns::Set | Returns::Text),
        Bound::Includes(_) | Bound::AnyOf(_) | Bound::Until(_) => returns == Returns::Set,
        Bound::Matches(_) => returns == Returns::Text,
    };
    if !fits {
        r.fault(line, "", "bound_kind", &[]);
    }
    bound
}

/// A number, or a list of `{ from, to?, value, unit? }`, in the measure's inside unit.
pub(crate) fn dated(r: &mut Reader<'_>, key: &'static str, returns: Returns) -> Vec<Dated> {
    let Some(node) = r.take(key) else { return Vec::new() };
    if !matches!(node.val, Val::List(_)) {
        let value = number(r, key, node, returns);
        return value.map(|value| Dated { from: Day::MIN, to: None, value }).into_iter().collect();
    }
    let mut out: Vec<Dated> = Vec::new();
    for item in node.items() {
        let mut d = Reader::new(item, r.file, format!("{}.{key}", r.name), r.faults);
        let from = d.day("from");
        if from.is_none() {
            d.fault(item.line, "from", "date", &[]);
        }
        let (to, unit) = (d.day("to"), d.text("unit"));
        let value = d.take("value").and_then(|n| number(&mut d, "value", n, returns));
        let yuan = unit.as_deref().is_some_and(|u| u.starts_with("yuan"));
        if unit.is_some() && yuan != (returns == Returns::Money) {
            d.fault(item.line, "unit", "unit", &[("got", unit.as_deref().unwrap_or_default())]);
        }
        d.close();
        let (Some(from), Some(value)) = (from, value) else { continue };
        if out.last().is_some_and(|last| last.from >= from || last.to.is_some_and(|t| t > from)) {
            r.fault(item.line, key, "order", &[]);
        }
        if let Some(last) = out.last_mut()
            && last.to.is_none()
        {
            last.to = Some(from);
        }
        out.push(Dated { from, to, value });
    }
    out
}

/// One number in the measure's inside unit.
pub(crate) fn number(r: &mut Reader<'_>, key: &str, n: &Node, returns: Returns) -> Option<Ratio> {
    let value = match &n.val {
        Val::Int(i) => Some(Ratio::new(*i, 1)),
        Val::Str(s) => number::ratio(s),
        _ => None,
    };
    let Some(mut value) = value else {
        r.fault(n.line, key, "number", &[]);
        return None;
    };
    value.of = value.of.saturating_mul(returns.scale());
    Some(value)
}

/// `district+` means that level and every level above it.
pub(crate) fn levels(text: &str) -> Vec<String> {
    const UP: [&str; 4] = ["district", "city", "province", "nation"];
    match text.strip_suffix('+') {
        Some(base) => UP.iter().skip_while(|l| **l != base).map(|l| (*l).to_owned()).collect(),
        None => vec![text.to_owned()],
    }
}

fn parse_pattern(text: &str, bind: &BTreeMap<String, String>) -> Option<Pattern> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        if !before.is_empty() {
            parts.push(Part::Literal(before.to_owned()));
        }
        let (hole, tail) = after.split_once('}')?;
        rest = tail;
        let (name, class) = hole.split_once(':')?;
        parts.push(match (bind.get(name).map(String::as_str), class) {
            (Some("unit.street_short_name"), _) => Part::Street,
            (Some("unit.community_short_name"), _) => Part::Community,
            (None, "han+") => Part::Free { name: name.to_owned(), han: true },
            (None, "any+") => Part::Free { name: name.to_owned(), han: false },
            _ => return None,
        });
    }
    if !rest.is_empty() {
        parts.push(Part::Literal(rest.to_owned()));
    }
    Some(Pattern { text: text.to_owned(), parts })
}
