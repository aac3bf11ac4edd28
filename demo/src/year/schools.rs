//! Four schools of the street: social work has landed at three, the fourth signed and waits for the first service.
use access::Cx;
use db::{Result, Tx};
use kernel::{Day, OrgId, PersonId, PlacementId};
use schools::acts::{self, NewPlacement, NewSchoolService};
use schools::model::{Mode, ServiceKind};

use super::Stage;

/// Name, agreement number, days since it began, days until it ends, services.
const SCHOOLS: [(&str, &str, i32, i32, usize); 4] = [
    ("云汀第一小学", "虚构驻校〔2026〕01号", 260, 105, 9),
    ("霁月中学", "虚构驻校〔2026〕02号", 250, 20, 6),
    ("棠梨小学", "虚构驻校〔2026〕03号", 80, 285, 4),
    ("砚湖实验学校", "虚构驻校〔2026〕04号", 10, 355, 0),
];

pub(super) fn build(tx: &mut Tx<'_>, stage: &mut Stage) -> Result<()> {
    let (su, fan) = (stage.person(tx, "su")?, stage.person(tx, "fan")?);
    let head = stage.at(tx, "lin", stage.ago(262), 9)?;
    for (n, (name, number, since, until, services)) in SCHOOLS.into_iter().enumerate() {
        let school = found(tx, stage, name)?;
        // One worker serves three of them; the last has a worker of its own.
        let (login, person, mode) =
            if n == 3 { ("fan", &fan, Mode::OneSchool) } else { ("su", &su, Mode::ManySchools) };
        let placement =
            place(tx, stage, &head, &school, person, mode, number, stage.ago(since), until)?;
        for k in 0..services {
            serve(tx, stage, login, &placement, n, k, since, services)?;
        }
    }
    Ok(())
}

fn found(tx: &mut Tx<'_>, stage: &Stage, name: &str) -> Result<OrgId> {
    let register = sites::registers::register("orgs").ok_or(db::Error::Missing)?;
    let fields = [
        ("kind", "school"),
        ("name", &stage.own(name)),
        ("region", stage.street.id.as_str()),
        ("since", "2012-09-01"),
    ];
    let input = fields.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
    let kept =
        web::register::acts::add(tx, &stage.system, register, "", &input, sites::acts::resolve)?;
    Ok(kept.id.into())
}

#[expect(clippy::too_many_arguments, reason = "a table's row, told once")]
fn place(
    tx: &mut Tx<'_>,
    stage: &Stage,
    head: &Cx,
    school: &OrgId,
    person: &PersonId,
    mode: Mode,
    number: &str,
    since: Day,
    left: i32,
) -> Result<PlacementId> {
    let cx = Cx { now: since.start().plus_millis(10 * 3_600_000), ..head.clone() };
    let new = NewPlacement {
        school: school.clone(),
        person: person.clone(),
        mode,
        number: number.into(),
        signed_on: since,
        since,
        until: Some(stage.system.today().plus_days(left)),
    };
    Ok(acts::place(tx, &cx, &new)?.id)
}

#[expect(clippy::too_many_arguments, reason = "a table's row, told once")]
fn serve(
    tx: &mut Tx<'_>,
    stage: &Stage,
    login: &'static str,
    placement: &PlacementId,
    school: usize,
    k: usize,
    since: i32,
    of: usize,
) -> Result<()> {
    let kinds = ServiceKind::ALL;
    let Some(kind) = kinds.get((school + k) % kinds.len()).copied() else { return Ok(()) };
    let step = since / i32::try_from(of + 1).unwrap_or(1);
    let day = stage.ago(since - step * (i32::try_from(k).unwrap_or_default() + 1));
    let (minutes, pupils, notes) = match kind {
        ServiceKind::Individual => (45, 1, "谈同学间的矛盾，愿意先自己试着说。约两周后再谈。"),
        ServiceKind::Group => (60, 9, "情绪认识练习，三人愿意分享。"),
        ServiceKind::ClassTalk => (40, 42, "主题：网络上的朋友。"),
        ServiceKind::Parents => (90, 0, "家长沙龙，到场 16 人，谈作业与睡眠。"),
        ServiceKind::Teachers => (60, 0, "和班主任商量观察名单与转介办法。"),
        ServiceKind::Crisis => (120, 1, "按危机流程处理，已告知督导和学校负责人。"),
    };
    let cx = stage.at(tx, login, day, 16)?;
    let new =
        NewSchoolService { day, kind, minutes, pupils, notes: notes.into(), clients: Vec::new() };
    acts::serve(tx, &cx, placement.as_str(), &new).map(drop)
}
