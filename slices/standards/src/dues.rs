//! What the standards ask of a person: rules that fail now, and waivers about to end.
use access::Cx;
use db::{Result, Tx};
use kernel::{Day, SiteId};
use policy::{UnitKind, Verdict};
use web::{Due, Shell};

use crate::live::{self, Question};
use crate::store;

/// Failing rules of the actor's sites, and waivers ending by `until`. Only whoever may mend a site is told of its failures.
pub(crate) fn dues(tx: &mut Tx<'_>, cx: &Cx, shell: &Shell, until: Day) -> Result<Vec<Due>> {
    let mut out = Vec::new();
    if !cx.actor.can("board.read") || !cx.actor.can("sites.write_own") {
        return Ok(out);
    }
    let snap = live::current(tx, cx.today(), shell, &Question::default())?;
    // The bureau looks at stations; a station at its own street. A list of every studio's every gap is the board, not a day's work.
    let wide = cx.actor.can("options.switch");
    for f in snap.findings.iter().filter(|f| matches!(f.verdict, Verdict::Fail | Verdict::Missed)) {
        let Some(unit) = snap.seen(cx, &f.unit) else { continue };
        let site =
            matches!(unit.kind, UnitKind::Station | UnitKind::SpecialStation | UnitKind::Studio);
        if !site || (wide && unit.kind == UnitKind::Studio) {
            continue;
        }
        let Some(rule) = snap.pack.rule(&f.rule) else { continue };
        out.push(Due {
            key: "standards.due.failing",
            args: vec![("rule", rule.title.zh.clone()), ("rule_en", rule.title.en.clone())],
            site: Some(SiteId::from(f.unit.as_str())),
            site_name: unit.short.clone(),
            by: None,
            href: format!("/board/{}/why/{}", f.unit, f.rule),
            icon: "shield-check",
            clause: rule.item.clone(),
            ..Due::default()
        });
    }
    for w in store::waivers(tx)?.into_iter().filter(|w| w.until > cx.today() && w.until <= until) {
        let Some(unit) = snap.seen(cx, &w.unit) else { continue };
        let Some(rule) = snap.pack.rule(&w.rule) else { continue };
        out.push(Due {
            key: "standards.due.waiver",
            args: vec![("rule", rule.title.zh.clone()), ("rule_en", rule.title.en.clone())],
            site: Some(SiteId::from(w.unit.as_str())),
            site_name: unit.short.clone(),
            by: Some(w.until),
            href: format!("/board/{}/why/{}", w.unit, w.rule),
            icon: "clock",
            clause: rule.item.clone(),
            ..Due::default()
        });
    }
    Ok(out)
}
