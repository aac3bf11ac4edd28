//! A small made-up district for the tests of this slice: two streets, one neighbourhood each.
use std::collections::BTreeMap;
use std::sync::Arc;

use access::Cx;
use db::{Db, Migration, Result, Tx};
use kernel::{Day, Ids, Instant, RegionId};
use registry::region::{Region, RegionKind, insert};
use web::register::{Input, acts, acts::Kept};

pub(crate) fn day(text: &str) -> Day {
    text.parse().unwrap()
}

/// 2026-11-23 10:00 in Hangzhou.
pub(crate) fn now() -> Instant {
    day("2026-11-23").start().plus_millis(10 * 3_600_000)
}

pub(crate) fn migrations() -> Vec<Migration> {
    [registry::MIGRATIONS, access::MIGRATIONS, sites::slice().migrations].concat()
}

pub(crate) fn system(ids: &Arc<Ids>) -> Cx {
    Cx::system(now(), ids.clone())
}

fn add(
    tx: &mut Tx<'_>,
    above: Option<&Region>,
    kind: RegionKind,
    code: &str,
    name: &str,
) -> Result<Region> {
    let id = RegionId::from(format!("r{code}"));
    let region = Region {
        path: format!("{}{id}/", above.map_or("/", |a| a.path.as_str())),
        id,
        kind,
        code: code.into(),
        name: name.into(),
        parent: above.map(|a| a.id.clone()),
        since: day("2021-01-01"),
        until: None,
    };
    insert(tx, &region)?;
    Ok(region)
}

/// Streets `r9900020010` (甲街道) and `r9900020020` (乙街道), each with one neighbourhood: its code ends in 1.
pub(crate) fn map(tx: &mut Tx<'_>) -> Result<()> {
    let province = add(tx, None, RegionKind::Province, "99", "云海省")?;
    let city = add(tx, Some(&province), RegionKind::City, "9900", "云海市")?;
    let district = add(tx, Some(&city), RegionKind::District, "990002", "云汀示范区")?;
    for (code, name) in [("9900020010", "甲汀"), ("9900020020", "乙汀")] {
        let street = add(tx, Some(&district), RegionKind::Street, code, &format!("{name}街道"))?;
        let below = format!("{}1", &code[..9]);
        add(tx, Some(&street), RegionKind::Community, &below, &format!("{name}苑社区"))?;
    }
    Ok(())
}

pub(crate) fn input(pairs: &[(&str, &str)]) -> Input {
    pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect::<BTreeMap<_, _>>()
}

pub(crate) fn put(
    tx: &mut Tx<'_>,
    cx: &Cx,
    register: &str,
    parent: &str,
    pairs: &[(&str, &str)],
) -> Result<Kept> {
    let register = sites::registers::register(register).unwrap();
    acts::add(tx, cx, register, parent, &input(pairs), sites::acts::resolve)
}

/// The refusals of an act as `field:key`.
pub(crate) fn no<T: std::fmt::Debug>(r: Result<T>) -> Vec<String> {
    match r {
        Err(db::Error::Refused(no)) => {
            no.0.iter()
                .map(|r| format!("{}:{}", r.field.as_deref().unwrap_or("-"), r.key))
                .collect()
        }
        Err(db::Error::Missing) => vec!["missing".into()],
        Err(db::Error::Stale) => vec!["stale".into()],
        other => panic!("no refusal: {other:?}"),
    }
}

pub(crate) fn open(migrations: &[Migration]) -> Vec<Db> {
    db::testing::both(migrations)
}
