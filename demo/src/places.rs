//! The fictional map: 云汀示范区, 14 streets, 203 neighbourhoods whose names occur nowhere in the national list.
use access::Cx;
use db::{Result, Tx};
use kernel::RegionId;
use registry::region::{self, Region, RegionKind};

use crate::day;

/// The streets, without 街道.
pub const STREETS: [&str; 14] = [
    "云汀",
    "岚渚",
    "棠溪坊",
    "霁桥",
    "鹭桥坊",
    "砚池坊",
    "汀葭",
    "藕汀",
    "榕渡坊",
    "听澜坊",
    "麓汀",
    "沅芷坊",
    "澄砚",
    "蘅渚",
];
const FIRST: [char; 12] = ['汀', '岚', '棠', '霁', '鹭', '砚', '葭', '藕', '蘅', '芷', '澄', '沅'];
const LAST: [char; 7] = ['苑', '渡', '巷', '桥', '坊', '汇', '里'];
/// Neighbourhoods; the last four are villages.
pub const NEIGHBOURHOODS: usize = 203;

/// The name of the n-th neighbourhood, without 社区 or 村.
pub fn neighbourhood(n: usize) -> String {
    let pick = |set: &[char], at: usize| set.get(at % set.len()).copied().unwrap_or('汀');
    [pick(&FIRST, n), pick(&FIRST, n / 12 + 5), pick(&LAST, n)].iter().collect()
}

/// Builds the map.
///
/// # Errors
/// The engine's fault.
pub fn build(tx: &mut Tx<'_>, cx: &Cx) -> Result<()> {
    let province = add(tx, cx, None, RegionKind::Province, "99", "云海省")?;
    let city = add(tx, cx, Some(&province), RegionKind::City, "9900", "云海市")?;
    let district = add(tx, cx, Some(&city), RegionKind::District, "990002", "云汀示范区")?;
    for (s, name) in STREETS.iter().enumerate() {
        let code = format!("990002{:03}", s + 1);
        let street =
            add(tx, cx, Some(&district), RegionKind::Street, &code, &format!("{name}街道"))?;
        for n in (s..NEIGHBOURHOODS).step_by(STREETS.len()) {
            let village = n >= NEIGHBOURHOODS - 4;
            let (kind, suffix) = if village {
                (RegionKind::Village, "村")
            } else {
                (RegionKind::Community, "社区")
            };
            let code = format!("{code}{:03}", n / STREETS.len() + 1);
            add(tx, cx, Some(&street), kind, &code, &format!("{}{suffix}", neighbourhood(n)))?;
        }
    }
    Ok(())
}

fn add(
    tx: &mut Tx<'_>,
    cx: &Cx,
    parent: Option<&Region>,
    kind: RegionKind,
    code: &str,
    name: &str,
) -> Result<Region> {
    let id: RegionId = cx.id();
    let above = parent.map_or("/", |p| p.path.as_str());
    let region = Region {
        path: format!("{above}{id}/"),
        id,
        kind,
        code: code.into(),
        name: name.into(),
        parent: parent.map(|p| p.id.clone()),
        since: day("2021-04-09"),
        until: None,
    };
    region::insert(tx, &region)?;
    Ok(region)
}
