//! The scoring of a definition: its items score, and its bands leave no reachable total without a meaning.
use std::collections::BTreeSet;

use kernel::Refusal;
use toml::Spanned;

use super::wire::{RawBands, RawScore};
use super::{Faults, is_name};
use crate::form::Form;
use crate::score::{Band, BandSet, Rule, Scoring};

fn tenths(n: f64) -> i64 {
    (n.clamp(-1e9, 1e9) * 10.0).round() as i64
}

pub(super) fn read(
    raw: Spanned<RawScore>,
    form: &Form,
    faults: &mut Faults<'_>,
) -> Option<Scoring> {
    let (at, raw) = (raw.span().start, raw.into_inner());
    let items = raw.items.unwrap_or_else(|| {
        form.fields()
            .filter(|f| f.options.iter().any(|o| o.points.is_some()))
            .map(|f| f.name.clone())
            .collect()
    });
    let mut points: Vec<Vec<i64>> = Vec::new();
    for item in &items {
        let Some(field) = form.field_of(item) else {
            faults.at(at, "score", Refusal::new("forms.fault.unknown").with("name", item));
            continue;
        };
        let scores: Vec<i64> = field.options.iter().filter_map(|o| o.points).collect();
        let fits = if raw.rule == Rule::Field { field.compute.is_some() } else { scores.len() > 1 };
        if !fits {
            faults.at(at, "score", Refusal::new("forms.fault.item").with("name", item));
        }
        points.push(scores);
    }
    let sound = !items.is_empty()
        && (raw.rule != Rule::Field || items.len() == 1)
        && (1..=100).contains(&raw.factor)
        && raw.may_miss >= 0;
    faults.need(sound, at, "score", "forms.fault.score");
    let sum = |pick: fn(&Vec<i64>) -> i64| points.iter().map(pick).sum::<i64>() * raw.factor * 10;
    let (least, most) = match raw.rule {
        Rule::Sum => (
            sum(|p| p.iter().copied().min().unwrap_or(0)),
            sum(|p| p.iter().copied().max().unwrap_or(0)),
        ),
        Rule::Share => (0, 1000),
        Rule::Field => (tenths(raw.min.unwrap_or(0.0)), tenths(raw.max.unwrap_or(100.0))),
    };
    faults.need(!raw.bands.is_empty(), at, "score", "forms.fault.no_bands");
    let totals = (raw.rule == Rule::Sum).then(|| reachable(&points, raw.factor));
    let mut sets = Vec::new();
    for set in raw.bands {
        sets.push(bands(set, (least, most), totals.as_ref(), at, faults));
    }
    Some(Scoring {
        rule: raw.rule,
        items,
        factor: raw.factor,
        top: raw.top,
        may_miss: raw.may_miss,
        min: least,
        max: most,
        sets,
    })
}

/// Every total that answers can make, in tenths.
fn reachable(points: &[Vec<i64>], factor: i64) -> BTreeSet<i64> {
    let mut sums = BTreeSet::from([0]);
    for item in points {
        sums = sums.iter().flat_map(|s| item.iter().map(move |p| s + p)).take(100_000).collect();
    }
    sums.into_iter().map(|s| s * factor * 10).collect()
}

fn bands(
    raw: RawBands,
    (least, most): (i64, i64),
    totals: Option<&BTreeSet<i64>>,
    at: usize,
    faults: &mut Faults<'_>,
) -> BandSet {
    let place = format!("score.{}", raw.id);
    faults.need(is_name(&raw.id), at, &place, "forms.fault.name");
    let mut bands: Vec<Band> = Vec::new();
    for band in raw.band {
        let (from, to) = (tenths(band.from), tenths(band.to));
        let apart = bands.iter().all(|b| b.key != band.key && (to < b.from || from > b.to));
        faults.need(is_name(&band.key) && from <= to && apart, at, &place, "forms.fault.band");
        bands.push(Band { key: band.key, label: band.label, from, to, positive: band.positive });
    }
    bands.sort_by_key(|b| b.from);
    let set = BandSet { id: raw.id, title: raw.title, bands };
    let gap = match totals {
        // A sum makes only some totals; each must have its band.
        Some(totals) => totals.iter().copied().find(|t| set.band(*t).is_none()),
        None => (least..=most).find(|t| set.band(*t).is_none()),
    };
    if let Some(gap) = gap {
        let no = Refusal::new("forms.fault.gap").with("n", crate::score::tenths(gap));
        faults.at(at, &place, no);
    }
    set
}
