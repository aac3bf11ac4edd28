//! One field of a definition.
use kernel::Refusal;
use toml::Spanned;

use super::wire::{Lists, RawField};
use super::{Faults, conditions, is_name, names, options, required, text};
use crate::compute::Formula;
use crate::form::{Class, Field, Form, Kind, Purpose};
use crate::when::UNIT;

/// Where a field stands.
pub(super) struct Home<'a> {
    pub place: &'a str,
    pub purpose: Option<Purpose>,
    pub class: Option<Class>,
    pub stages: &'a [String],
    pub lists: &'a Lists,
}

/// Records that a field may be filled from.
const KNOWN: [&str; 4] = ["client.", "case.", "worker.", "site."];

pub(super) fn read(
    raw: Spanned<RawField>,
    home: &Home<'_>,
    before: &Form,
    faults: &mut Faults<'_>,
) -> Option<Field> {
    let (at, raw) = (raw.span().start, raw.into_inner());
    let place = format!("{}.{}", home.place, raw.name);
    faults.need(is_name(&raw.name), at, &place, "forms.fault.name");
    let (Some(purpose), Some(class)) = (raw.purpose.or(home.purpose), raw.class.or(home.class))
    else {
        // PIPL 6 and 19: nothing is asked without saying what for and how sensitive it is.
        faults.at(at, &place, Refusal::new("forms.fault.no_purpose"));
        return None;
    };
    faults.need(raw.decimals <= 4, at, &place, "forms.fault.decimals");
    let options = options(raw.options, home.lists, at, &place, faults);
    let chooses = matches!(raw.kind, Kind::Choice | Kind::Many);
    faults.need(chooses != options.is_empty(), at, &place, "forms.fault.options");
    faults.need(
        (raw.kind == Kind::Table) != raw.column.is_empty(),
        at,
        &place,
        "forms.fault.columns",
    );
    let scale = if raw.kind == Kind::Number { UNIT as f64 } else { 1.0 };
    let bound = |n: Option<f64>| n.map(|n| (n.clamp(-1e12, 1e12) * scale).round() as i64);
    let (min, max) = (bound(raw.min), bound(raw.max));
    let sound = min.zip(max).is_none_or(|(min, max)| min <= max)
        && (raw.kind == Kind::Number || max.is_none_or(|m| m > 0));
    faults.need(sound, at, &place, "forms.fault.bounds");
    let after = raw.after.inspect(|first| {
        let same = before.field_of(first).is_some_and(|f| f.kind == raw.kind);
        let dated = matches!(raw.kind, Kind::Date | Kind::Time);
        if !same || !dated {
            faults.at(at, &place, Refusal::new("forms.fault.after").with("name", first));
        }
    });
    if let Some(from) = raw.from.as_deref() {
        let known =
            from == "today" || KNOWN.iter().any(|k| from.strip_prefix(k).is_some_and(is_name));
        faults.need(known, at, &place, "forms.fault.from");
    }
    let when = conditions(&raw.when.0, before, at, &place, faults);
    let compute =
        raw.compute.as_deref().and_then(|text| formula(text, raw.kind, before, at, &place, faults));
    let mut columns: Vec<Field> = Vec::new();
    for column in raw.column {
        let byte = column.span().start;
        let inner = Home {
            place: &place,
            purpose: Some(purpose),
            class: Some(class),
            stages: home.stages,
            lists: home.lists,
        };
        // A column has no conditions: it stands under no other field.
        let nothing = Form { sections: Vec::new(), ..before.clone() };
        let Some(column) = read(column, &inner, &nothing, faults) else { continue };
        let plain = !matches!(column.kind, Kind::Table | Kind::Many | Kind::Photo | Kind::Flag)
            && column.compute.is_none()
            && column.after.is_none();
        let fresh = !names(&columns).contains(column.name.as_str());
        faults.need(
            plain && fresh,
            byte,
            &format!("{place}.{}", column.name),
            "forms.fault.column",
        );
        columns.push(column);
    }
    Some(Field {
        required: required(raw.required, home.stages, at, &place, faults),
        name: raw.name,
        kind: raw.kind,
        label: raw.label,
        hint: text(raw.hint),
        options,
        unit: text(raw.unit),
        min,
        max,
        decimals: raw.decimals.min(4),
        when,
        compute,
        columns,
        after,
        digits: raw.digits,
        class,
        purpose,
        retention: text(raw.retention),
        from: raw.from,
        lines: raw.lines,
        core: raw.core,
    })
}

fn formula(
    said: &str,
    kind: Kind,
    before: &Form,
    at: usize,
    place: &str,
    faults: &mut Faults<'_>,
) -> Option<Formula> {
    let Some(formula) = Formula::parse(said).filter(|_| kind == Kind::Number) else {
        faults.at(at, place, Refusal::new("forms.fault.formula").with("text", said));
        return None;
    };
    for name in formula.reads() {
        let known = match name.split_once('.') {
            None => before.field_of(name).is_some(),
            Some((table, column)) => {
                before.field_of(table).is_some_and(|t| t.columns.iter().any(|c| c.name == column))
            }
        };
        if !known {
            faults.at(at, place, Refusal::new("forms.fault.unknown").with("name", name));
        }
    }
    Some(formula)
}
