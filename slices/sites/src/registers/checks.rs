//! What cannot be true: a post before its site opened, the same post twice, an ID number that says another birth.
use access::Cx;
use db::{Result, Tx};
use kernel::{Day, Period, Refusal, Refusals, numbers};
use registry::region::RegionKind;
use web::register::{Object, day, text};

use crate::model::{Mode, SiteKind};
use crate::{demo_district, store};

fn period(o: &Object) -> Period {
    Period { from: day(o, "since").unwrap_or(Day::MIN), to: day(o, "until") }
}

/// A record of a site lies within the site's own days.
pub(super) fn within_site(
    tx: &mut Tx<'_>,
    cx: &Cx,
    o: &Object,
    _: Option<&Object>,
) -> Result<Refusals> {
    let mut no = Refusals::none();
    let site = store::site(tx, cx, text(o, "site"))?.ok_or(db::Error::Missing)?;
    let mine = period(o);
    if mine.from < site.since {
        no.push(Refusal::at("since", "sites.before_site").with("day", site.since));
    }
    if let Some(end) = site.until {
        if mine.from >= end {
            no.push(Refusal::at("since", "sites.after_site").with("day", end));
        } else if mine.to.is_some_and(|to| to > end) {
            no.push(Refusal::at("until", "sites.after_site").with("day", end));
        }
    }
    Ok(no)
}

pub(super) fn operation(
    tx: &mut Tx<'_>,
    cx: &Cx,
    o: &Object,
    before: Option<&Object>,
) -> Result<Refusals> {
    let mut no = within_site(tx, cx, o, before)?;
    let others = store::spans(tx, "operation", &[("site", text(o, "site"))], text(o, "id"))?;
    no.require(!others.iter().any(|p| p.overlaps(&period(o))), "since", "operations.overlap");
    if text(o, "mode") == Mode::SelfRun.as_str() && !text(o, "operator").is_empty() {
        no.push(Refusal::at("operator", "operations.self_run_operator"));
    }
    Ok(no)
}

pub(super) fn post(
    tx: &mut Tx<'_>,
    cx: &Cx,
    o: &Object,
    before: Option<&Object>,
) -> Result<Refusals> {
    let mut no = within_site(tx, cx, o, before)?;
    let same = ["site", "person", "role"].map(|c| (c, text(o, c)));
    let others = store::spans(tx, "post", &same, text(o, "id"))?;
    no.require(!others.iter().any(|p| p.overlaps(&period(o))), "since", "posts.overlap");
    key(tx, "post", o, &mut no)?;
    let person = registry::people::find(tx, &text(o, "person").into())?;
    if let Some(birth) = person.and_then(|p| p.birth)
        && period(o).from < birth.plus_years(16)
    {
        no.push(Refusal::at("since", "posts.too_young"));
    }
    Ok(no)
}

fn key(tx: &mut Tx<'_>, table: &str, o: &Object, no: &mut Refusals) -> Result<()> {
    let key = text(o, "external_id");
    if !key.is_empty() && store::key_taken(tx, table, key, text(o, "id"))? {
        no.push(Refusal::at("external_id", "people.key_taken"));
    }
    Ok(())
}

pub(super) fn site(
    tx: &mut Tx<'_>,
    cx: &Cx,
    o: &Object,
    before: Option<&Object>,
) -> Result<Refusals> {
    if before.is_none() {
        cx.may("sites.open")?;
    }
    let mut no = Refusals::none();
    let region = store::region_called(tx, cx, text(o, "region"))?.ok_or(db::Error::Missing)?;
    let fits = if text(o, "kind") == SiteKind::Studio.as_str() {
        region.is_neighbourhood()
    } else {
        region.kind == RegionKind::Street
    };
    no.require(fits, "region", "sites.region_kind");
    no.require(!store::code_taken(tx, text(o, "code"), text(o, "id"))?, "code", "sites.code_taken");
    let parent = text(o, "parent");
    if !parent.is_empty() {
        let above = store::site(tx, cx, parent)?;
        let good = above.is_some_and(|p| p.kind == SiteKind::Station && p.id.0 != text(o, "id"));
        no.require(
            good && text(o, "kind") != SiteKind::Station.as_str(),
            "parent",
            "sites.parent_kind",
        );
    }
    Ok(no)
}

pub(super) fn org(tx: &mut Tx<'_>, _: &Cx, o: &Object, _: Option<&Object>) -> Result<Refusals> {
    let mut no = Refusals::none();
    for column in ["name", "uscc"] {
        let typed = text(o, column);
        let other = if typed.is_empty() { None } else { store::org_called(tx, typed)? };
        no.require(other.is_none_or(|other| other.id.0 == text(o, "id")), column, "orgs.taken");
    }
    Ok(no)
}

pub(super) fn person(
    tx: &mut Tx<'_>,
    cx: &Cx,
    o: &Object,
    before: Option<&Object>,
) -> Result<Refusals> {
    let mut no = Refusals::none();
    // Whose file it is decides who sees it, so nobody files a person out of their own sight. An old file may lie elsewhere.
    if before.is_none_or(|b| text(b, "home") != text(o, "home"))
        && store::region_called(tx, cx, text(o, "home"))?.is_none()
    {
        no.push(Refusal::at("home", "register.region_unknown"));
    }
    let birth = day(o, "birth");
    no.require(birth.is_none_or(|b| b <= cx.today()), "birth", "people.birth_ahead");
    key(tx, "person", o, &mut no)?;
    let typed = text(o, "id_number");
    if typed.is_empty() {
        return Ok(no);
    }
    if let Ok(card) = numbers::id_card(typed, cx.today()) {
        no.require(birth.is_none_or(|b| b == card.birth), "birth", "people.birth_differs");
        let sex = text(o, "sex");
        no.require(sex.is_empty() || (sex == "male") == card.male, "sex", "people.sex_differs");
        // A made-up district takes made-up numbers only, and a real one none of them.
        match (demo_district(tx)?, card.unassignable()) {
            (true, false) => no.push(Refusal::at("id_number", "people.number_real")),
            (false, true) => no.push(Refusal::at("id_number", "people.number_made_up")),
            _ => {}
        }
    }
    no.require(!store::number_taken(tx, typed, text(o, "id"))?, "id_number", "people.number_taken");
    Ok(no)
}

pub(super) fn qualification(
    tx: &mut Tx<'_>,
    _: &Cx,
    o: &Object,
    _: Option<&Object>,
) -> Result<Refusals> {
    let mut no = Refusals::none();
    key(tx, "qualification", o, &mut no)?;
    let kind = registry::people::QualificationKind::parse(text(o, "kind"));
    let level = text(o, "level");
    no.require(
        !kind.is_some_and(|k| k.has_level()) || !level.is_empty(),
        "level",
        "qualifications.level_missing",
    );
    let same = ["person", "kind", "number"].map(|c| (c, text(o, c)));
    if !text(o, "number").is_empty() {
        let others = store::spans(tx, "qualification", &same, text(o, "id"))?;
        no.require(
            !others.iter().any(|p| p.overlaps(&period(o))),
            "number",
            "qualifications.twice",
        );
    }
    born_before(tx, o, &mut no)?;
    Ok(no)
}

pub(super) fn work(tx: &mut Tx<'_>, _: &Cx, o: &Object, _: Option<&Object>) -> Result<Refusals> {
    let mut no = Refusals::none();
    born_before(tx, o, &mut no)?;
    Ok(no)
}

fn born_before(tx: &mut Tx<'_>, o: &Object, no: &mut Refusals) -> Result<()> {
    let person = registry::people::find(tx, &text(o, "person").into())?;
    let born = person.and_then(|p| p.birth);
    no.require(born.is_none_or(|b| period(o).from > b), "since", "people.before_birth");
    Ok(())
}
