//! Fourteen stations with the strengths and gaps of real ones: each gap is one that an inspection would find.
use access::Cx;
use db::{Result, Tx};
use kernel::SiteId;
use registry::region::Region;
use sites::model::SiteKind;

use crate::build::{Builder, OFFICE};
use crate::places::STREETS;

/// What is wrong with a station, by its place in the list of streets.
const GAPS: [&str; 14] = [
    "no_archive",
    "two_licensed",
    "third_party",
    "old_name",
    "",
    "no_volunteer_rule",
    "concurrent_head",
    "no_supervisor",
    "two_staff",
    "six_staff",
    "no_display",
    "deputy_outside",
    "no_wall_sign",
    "silent",
];

/// Opens the station of a street with its people, premises and papers.
///
/// # Errors
/// A refusal that shows that demo and acts disagree.
pub(crate) fn build(
    b: &mut Builder,
    tx: &mut Tx<'_>,
    cx: &Cx,
    n: usize,
    street: &Region,
) -> Result<SiteId> {
    let gap = GAPS.get(n).copied().unwrap_or_default();
    let since = format!("2022-{:02}-01", n % 9 + 2);
    let new = sites::acts::NewSite {
        code: format!("Z{:02}", n + 1),
        name: if gap == "old_name" {
            format!("云海市云汀示范区{}街道社工站", STREETS.get(n).copied().unwrap_or_default())
        } else {
            String::new()
        },
        keep_name: gap == "old_name",
        address: Some(format!(
            "{}路 {} 号",
            STREETS.get(n).copied().unwrap_or_default(),
            20 + n * 7
        )),
        host: Some(if n.is_multiple_of(3) {
            sites::model::Host::OrgService
        } else {
            sites::model::Host::PartyService
        }),
        area: Some(320 + i64::try_from(n).unwrap_or(0) * 35),
        phone: Some(format!("0000-8800{:04}", n)),
        ..sites::acts::NewSite::at(SiteKind::Station, street.id.clone(), crate::day(&since))
    };
    let site = sites::acts::open(tx, cx, new)?.id;
    let third = matches!(gap, "third_party" | "deputy_outside");
    if third {
        let name = ["云汀社会工作服务中心", "岚渚公益事业发展中心"]
            .get(n % 2)
            .copied()
            .unwrap_or_default();
        let operator = b.operator(tx, cx, name, &street.id)?;
        b.keep(
            tx,
            cx,
            "operations",
            site.as_str(),
            &[
                ("mode", "third_party"),
                ("operator", &operator),
                ("contract", "虚构〔2024〕3号"),
                ("since", &since),
            ],
        )?;
    } else {
        b.keep(tx, cx, "operations", site.as_str(), &[("mode", "self_run"), ("since", &since)])?;
    }
    if gap == "silent" {
        return Ok(site);
    }
    people(b, tx, cx, n, street, &site, &since, gap)?;
    premises(b, tx, cx, &site, &since, gap)?;
    Ok(site)
}

#[expect(clippy::too_many_arguments, reason = "a station's people depend on all of it")]
fn people(
    b: &mut Builder,
    tx: &mut Tx<'_>,
    cx: &Cx,
    n: usize,
    street: &Region,
    site: &SiteId,
    since: &str,
    gap: &str,
) -> Result<()> {
    let third = matches!(gap, "third_party" | "deputy_outside");
    let head = if n == 1 { b.called(tx, cx, "林舒", street)? } else { b.person(tx, cx, street)? };
    let (affiliation, employment) = if third { (OFFICE, "part_time") } else { ("", "full_time") };
    let grade = if third { "" } else { "community_worker_chief" };
    b.post(tx, cx, site, &head, "head", employment, affiliation, grade, since)?;
    if !third {
        b.hold(tx, cx, &head, "sw", "", "2016-06-01", "")?;
        if gap != "no_supervisor" {
            b.hold(
                tx,
                cx,
                &head,
                "supervisor",
                if n.is_multiple_of(4) { "province" } else { "city" },
                "2021-09-01",
                "2027-08-31",
            )?;
        }
    }
    if gap == "concurrent_head" {
        b.head_elsewhere = Some(head);
    }
    let deputy =
        if n == 1 { b.called(tx, cx, "许望舒", street)? } else { b.person(tx, cx, street)? };
    let from_operator = if gap == "third_party" { "operator_project_lead" } else { "" };
    b.post(
        tx,
        cx,
        site,
        &deputy,
        "deputy",
        "full_time",
        from_operator,
        if third { "" } else { "community_worker_deputy" },
        since,
    )?;
    b.hold(tx, cx, &deputy, "sw", "", "2018-06-01", "")?;
    if gap != "no_supervisor" {
        b.hold(
            tx,
            cx,
            &deputy,
            "supervisor_assistant",
            "city",
            "2022-01-01",
            if n.is_multiple_of(5) { "2027-01-10" } else { "2028-12-31" },
        )?;
    }
    if n == 1 {
        supervisor(b, tx, cx, street)?;
    }
    let workers = match gap {
        "two_staff" => 0,
        "six_staff" => 4,
        _ if third => 3,
        _ => 2,
    };
    for w in 0..workers {
        let worker = match (n, w) {
            (1, 0) => b.called(tx, cx, "范海涛", street)?,
            (1, 1) => b.called(tx, cx, "苏清和", street)?,
            _ => b.person(tx, cx, street)?,
        };
        let part_time = gap == "two_licensed" && w == 1;
        let employment = if part_time { "part_time" } else { "full_time" };
        b.post(tx, cx, site, &worker, "worker", employment, "", "", since)?;
        let licence = if (n + w).is_multiple_of(3) { "sw_assistant" } else { "sw" };
        // The second worker of 岚渚 sat the exam but the certificate has not come.
        if !(gap == "two_licensed" && w == 0) {
            b.hold(tx, cx, &worker, licence, "", "2019-06-01", "")?;
        }
        let lapse =
            cx.today().plus_days(20 + i32::try_from(n * 17 + w * 90).unwrap_or(0)).to_string();
        b.hold(tx, cx, &worker, "registration", "", "2024-01-15", &lapse)?;
        if n != 1 {
            let lapse = cx.today().plus_days(i32::try_from(n * 9).unwrap_or(0) - 12).to_string();
            b.hold(tx, cx, &worker, "background_check", "", "2025-12-20", &lapse)?;
        }
    }
    Ok(())
}

/// The supervisor of the station's cases, who comes from a university and holds no post here.
fn supervisor(b: &mut Builder, tx: &mut Tx<'_>, cx: &Cx, street: &Region) -> Result<()> {
    let person = b.called(tx, cx, "程牧", street)?;
    b.hold(tx, cx, &person, "sw_senior", "", "2014-06-01", "")?;
    b.hold(tx, cx, &person, "supervisor", "province", "2022-03-01", "2028-02-28").map(drop)
}

fn premises(
    b: &mut Builder,
    tx: &mut Tx<'_>,
    cx: &Cx,
    site: &SiteId,
    since: &str,
    gap: &str,
) -> Result<()> {
    let id = site.as_str();
    b.keep(
        tx,
        cx,
        "rooms",
        id,
        &[("name", "社工室"), ("functions", "worker"), ("area", "36"), ("since", since)],
    )?;
    b.keep(
        tx,
        cx,
        "rooms",
        id,
        &[("name", "暖心屋"), ("functions", "case,group"), ("area", "48"), ("since", since)],
    )?;
    let hall = if gap == "no_archive" { "multi" } else { "multi,archive" };
    b.keep(
        tx,
        cx,
        "rooms",
        id,
        &[("name", "邻里大厅"), ("functions", hall), ("area", "120"), ("since", since)],
    )?;
    for (kind, title) in [
        ("post", "岗位管理制度"),
        ("finance", "财务管理制度"),
        ("training", "培训管理制度"),
        ("volunteer", "志愿者管理制度"),
        ("archive", "档案管理制度"),
    ] {
        if gap == "no_volunteer_rule" && kind == "volunteer" {
            // It was in force for a year and lapsed without a successor.
            b.keep(
                tx,
                cx,
                "documents",
                id,
                &[
                    ("class", "management_rule"),
                    ("kind", kind),
                    ("title", title),
                    ("version", "1"),
                    ("since", since),
                    ("until", "2024-01-01"),
                ],
            )?;
            continue;
        }
        b.keep(
            tx,
            cx,
            "documents",
            id,
            &[
                ("class", "management_rule"),
                ("kind", kind),
                ("title", title),
                ("version", "2"),
                ("since", since),
            ],
        )?;
    }
    let mut kinds = vec![
        "reception",
        "show_services",
        "show_minors",
        "show_relief",
        "show_charity",
        "show_incubation",
        "logo",
        "wall_sign",
    ];
    if gap == "no_display" {
        kinds.retain(|k| !k.starts_with("show_"));
    }
    if gap == "no_wall_sign" {
        kinds.retain(|k| *k != "wall_sign");
    }
    for kind in kinds {
        b.keep(
            tx,
            cx,
            "facilities",
            id,
            &[("kind", kind), ("place", "一楼大厅"), ("since", since)],
        )?;
    }
    Ok(())
}
