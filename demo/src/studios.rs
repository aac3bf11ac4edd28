//! The studios of the communities: most are well run, some lack a certificate, a poster or a room, some communities have none.
use access::Cx;
use db::{Result, Tx};
use kernel::SiteId;
use registry::region::{Region, RegionKind};
use sites::model::SiteKind;

use crate::build::Builder;

const LABELS: [&str; 20] = [
    "邻里汇",
    "暖阳",
    "童伴",
    "银龄",
    "同心圆",
    "小棉袄",
    "微光",
    "守望",
    "巷里巷外",
    "益起来",
    "彩虹桥",
    "知心",
    "向阳花",
    "石榴籽",
    "老娘舅",
    "七彩",
    "幸福里",
    "益家亲",
    "青藤",
    "五彩坊",
];

/// Opens the studio of a community, unless it is one of those that have none yet.
///
/// # Errors
/// A refusal that shows that demo and acts disagree.
pub(crate) fn build(
    b: &mut Builder,
    tx: &mut Tx<'_>,
    cx: &Cx,
    n: usize,
    community: &Region,
) -> Result<Option<SiteId>> {
    if community.kind != RegionKind::Community || n % 6 == 5 {
        return Ok(None);
    }
    let since = format!("202{}-{:02}-15", 2 + n % 4, n % 12 + 1);
    let label = LABELS.get(n % LABELS.len()).copied().unwrap_or("邻里汇");
    let new = sites::acts::NewSite {
        code: format!("S{:03}", n + 1),
        label: label.to_owned(),
        basis: Some(sites::model::NamingBasis::Specialty),
        host: Some(sites::model::Host::Committee),
        address: Some(format!("{} {} 幢", community.name, n % 30 + 1)),
        area: Some(60 + i64::try_from(n % 9).unwrap_or(0) * 12),
        ..sites::acts::NewSite::at(SiteKind::Studio, community.id.clone(), crate::day(&since))
    };
    let site = sites::acts::open(tx, cx, new)?.id;
    let id = site.as_str();
    b.keep(tx, cx, "operations", id, &[("mode", "self_run"), ("since", &since)])?;
    let worker = if b.first_studio {
        b.called(tx, cx, "孔一诺", community)?
    } else {
        b.person(tx, cx, community)?
    };
    b.first_studio = false;
    b.post(tx, cx, &site, &worker, "worker", "full_time", "", "", &since)?;
    if n % 11 == 3 {
        b.hold(tx, cx, &worker, "sw_degree", "", "2020-06-30", "")?;
    } else {
        b.hold(
            tx,
            cx,
            &worker,
            if n.is_multiple_of(2) { "sw_assistant" } else { "sw" },
            "",
            "2019-09-01",
            "",
        )?;
        b.hold(
            tx,
            cx,
            &worker,
            "registration",
            "",
            "2024-03-01",
            &cx.today().plus_days(i32::try_from(n * 5).unwrap_or(0) - 9).to_string(),
        )?;
    }
    let start = format!("20{:02}-07-01", 15 + n % 8);
    b.keep(
        tx,
        cx,
        "work_history",
        &worker,
        &[("kind", "community"), ("place", &community.name), ("since", &start)],
    )?;
    let functions = if n % 17 == 7 { "case,multi" } else { "case,group,multi" };
    b.keep(
        tx,
        cx,
        "rooms",
        id,
        &[("name", "社工室"), ("functions", functions), ("area", "40"), ("since", &since)],
    )?;
    for kind in ["concept", "process", "duties", "news", "logo", "wall_sign"] {
        if !(n % 13 == 5 && kind == "news") {
            b.keep(tx, cx, "facilities", id, &[("kind", kind), ("since", &since)])?;
        }
    }
    if n.is_multiple_of(2) && n % 11 != 3 && n % 5 != 4 {
        let year = (2022 + n % 4).to_string();
        let from = format!("{year}-12-20");
        b.keep(
            tx,
            cx,
            "designations",
            id,
            &[
                ("honour", "demonstration"),
                ("level", if n.is_multiple_of(8) { "city" } else { "district" }),
                ("year", &year),
                ("doc_no", "虚构〔2022〕8号"),
                ("since", &from),
            ],
        )?;
    }
    Ok(Some(site))
}
