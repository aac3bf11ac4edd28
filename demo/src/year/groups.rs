//! Three groups: neighbours who moved together and have finished, carers in the middle of it, young people who are being gathered.
use access::Cx;
use db::{Result, Tx};
use groups::acts::evaluation::{self, About};
use groups::acts::members::{self, Applicant};
use groups::acts::plan::{self, Plan};
use groups::acts::sessions::{self, Attendance, SessionPlan, SessionRecord};
use groups::acts::{phases, signing};
use groups::model::{Group, GroupKind, Mark, Model, Openness, Phase, Screening, Step};
use kernel::{ClientId, Day, GroupId, PersonId, RecordId, SiteId};

use super::Stage;

/// What a group does from session to session: theme and what happened.
type Themes = [(&'static str, &'static str)];

const MOVING: [(&str, &str); 6] = [
    (
        "认识新邻居",
        "组员两人一组互相介绍，再向大家介绍对方。共同定下守时、不打断、会上的话不外传三条约定。",
    ),
    ("画一张社区地图", "组员标出菜场、医院和能坐的地方，发现三人住同一幢楼却不认识。"),
    (
        "我拿手的一件事",
        "每人教一样手艺。开头有两人意见不合，社工请他们各说一遍对方的意思，之后能继续。",
    ),
    ("有事找谁", "分组走了一趟办事流程，列出五个常用电话。组员主动约好买菜同去。"),
    ("给社区提一条建议", "组员商量出在东门装长椅的建议，推了两人去和居委会说。"),
    ("再见，常来", "回看照片，互赠写了名字的卡片。后测和满意度当场填写。"),
];
const CARERS: [(&str, &str); 6] = [
    ("照护的一天", "组员画出自己一天的时间，多数人没有连续睡过六小时。"),
    ("翻身与搀扶", "请康复师示范翻身和搀扶，组员两两练习。"),
    ("累的时候", "练习三种放松办法。有组员说到委屈，大家安静听完，没有急着劝。"),
    ("找得到的帮手", "把可用的喘息服务和津贴列成一张表，各自勾出想申请的。"),
    ("请家人搭把手", "分角色练习怎么向家人开口。"),
    ("往后怎么走", "定下互助联系的办法。"),
];

pub(super) fn build(tx: &mut Tx<'_>, stage: &mut Stage) -> Result<()> {
    let today = stage.system.today();
    finished(tx, stage)?;
    running(tx, stage, today)?;
    gathering(tx, stage)
}

/// A group with the people who lead it, as its acts need them.
struct Told<'a> {
    stage: &'a Stage,
    login: &'static str,
    id: GroupId,
    lead: PersonId,
}

impl Told<'_> {
    fn at(&self, tx: &mut Tx<'_>, day: Day, hour: i64) -> Result<Cx> {
        self.stage.at(tx, self.login, day, hour)
    }
}

/// Writes the plan, has it approved.
fn approved<'a>(
    tx: &mut Tx<'_>,
    stage: &'a Stage,
    login: &'static str,
    day: Day,
    plan: impl FnOnce(SiteId, PersonId) -> Plan,
) -> Result<Told<'a>> {
    let lead = stage.person(tx, login)?;
    let site = if login == "kong" { &stage.studio } else { &stage.station };
    let cx = stage.at(tx, login, day, 9)?;
    let Group { id, .. } = plan::begin(tx, &cx, &plan(site.clone(), lead.clone()))?;
    plan::submit(tx, &cx, &id)?;
    let head = stage.at(tx, "lin", day.plus_days(1), 10)?;
    plan::review(tx, &head, &id, true, "对象和目标清楚，同意开展。")?;
    Ok(Told { stage, login, id, lead })
}

/// Grown-up clients of the leading worker who were on file by a day, so many.
fn clients(
    tx: &mut Tx<'_>,
    cx: &Cx,
    stage: &Stage,
    skip: usize,
    n: usize,
) -> Result<Vec<ClientId>> {
    let mut out = Vec::new();
    for id in stage.clients.iter().skip(skip) {
        if out.len() == n {
            break;
        }
        match access::care::find(tx, cx, id) {
            Ok((c, sight))
                if sight.writes
                    && !c.restricted
                    && !c.minor_on(cx.today())
                    && c.since <= cx.today() =>
            {
                out.push(c.id);
            }
            Ok(_) | Err(db::Error::Missing) => {}
            Err(e) => return Err(e),
        }
    }
    Ok(out)
}

/// People apply, are taken and sign.
fn gather(
    tx: &mut Tx<'_>,
    t: &Told<'_>,
    day: Day,
    on_file: &[ClientId],
    names: &[(&str, &str)],
) -> Result<Vec<RecordId>> {
    let cx = t.at(tx, day, 14)?;
    let mut out = Vec::new();
    let named = names.iter().map(|(name, phone)| Applicant {
        client: None,
        name: (*name).into(),
        phone: (*phone).into(),
    });
    let filed =
        on_file.iter().map(|c| Applicant { client: Some(c.clone()), ..Applicant::default() });
    for new in filed.chain(named) {
        let m = members::apply(tx, &cx, &t.id, &new)?;
        members::screen(tx, &cx, &t.id, m.id.as_str(), Screening::Accepted, "", day)?;
        out.push(m.id);
    }
    Ok(out)
}

/// A session is planned and, when it is past, recorded.
fn session(
    tx: &mut Tx<'_>,
    t: &Told<'_>,
    themes: &Themes,
    n: usize,
    day: Day,
    members: &[RecordId],
) -> Result<RecordId> {
    let Some((theme, happened)) = themes.get(n) else { return Err(db::Error::Missing) };
    let planned = t.at(tx, day.plus_days(-6).min(t.stage.system.today()), 15)?;
    let step = |minutes, name: &str, how: &str| Step {
        minutes,
        name: name.into(),
        how: how.into(),
        material: "纸笔".into(),
        owner: String::new(),
    };
    let new = SessionPlan {
        day,
        begins: "14:00".into(),
        ends: "15:30".into(),
        theme: (*theme).into(),
        goals: "组员能说出自己的想法，并听完别人的。".into(),
        steps: vec![
            step(15, "暖身", "互相问好"),
            step(60, theme, "小组讨论与练习"),
            step(15, "小结", "每人一句话"),
        ],
        ..SessionPlan::default()
    };
    let s = sessions::plan(tx, &planned, &t.id, &new)?;
    if day >= t.stage.system.today() {
        return Ok(s.id);
    }
    let cx = t.at(tx, day, 17)?;
    let attendance = members
        .iter()
        .enumerate()
        .map(|(at, member)| {
            let mark = match (at * 5 + n * 3) % 11 {
                0 => Mark::Absent,
                4 => Mark::Late,
                _ => Mark::Present,
            };
            let why = if mark == Mark::Absent { "去医院配药" } else { "" };
            let note = if at == 0 && n == 2 {
                "说到夜里睡不好，约了会后单独谈。"
            } else {
                ""
            };
            Attendance { member: member.clone(), mark, why: why.into(), note: note.into() }
        })
        .collect();
    let record = SessionRecord {
        day,
        begins: "14:00".into(),
        ends: "15:30".into(),
        attendance,
        workers: vec![t.lead.clone()],
        others: i64::from(n == 1),
        photos: n == 0,
        happened: (*happened).into(),
        dynamics: "发言渐渐均匀，有两人互相搭话。".into(),
        attainment: "本节目标达成。".into(),
        reflection: "时间偏紧，小结应留足。".into(),
        next_time: String::new(),
    };
    sessions::record(tx, &cx, &t.id, s.id.as_str(), &record)?;
    Ok(s.id)
}

fn begins(tx: &mut Tx<'_>, t: &Told<'_>, day: Day, phase: Phase) -> Result<()> {
    let cx = t.at(tx, day, 18)?;
    phases::advance(tx, &cx, &t.id, phase).map(drop)
}

/// A member's loneliness at a stage.
fn measure(
    tx: &mut Tx<'_>,
    t: &Told<'_>,
    day: Day,
    stage: &str,
    member: &RecordId,
    points: [u8; 3],
) -> Result<()> {
    let cx = t.at(tx, day, 16)?;
    let flat = (1..).zip(points).map(|(n, p)| (format!("q{n}"), p.to_string())).collect();
    let about = About::Scale { member: member.0.clone(), stage: stage.into() };
    evaluation::answer(tx, &cx, &t.id, &about, &flat).map(drop)
}

/// Neighbours who moved into the estate: six sessions, measured, reported, closed.
fn finished(tx: &mut Tx<'_>, stage: &Stage) -> Result<()> {
    let start = stage.ago(120);
    let t = approved(tx, stage, "fan", start.plus_days(-20), |site, lead| {
        Plan {
        openness: Openness::Closed,
        model: Some(Model::Interaction),
        theory: "互助与社会支持网络".into(),
        target: "一年内搬入的老年居民".into(),
        goals: "总目标：新邻居互相认识，遇事有人可问。\n具体目标：1. 每人认识五位以上邻居；2. 知道三种求助途径。".into(),
        criteria: "搬入不满一年，愿意参加全部六节。".into(),
        risks: "有人听不清：安排靠前座位，讲话放慢。".into(),
        evaluation: "前后测、出席率、满意度、观察。".into(),
        starts: Some(start),
        place: "小组工作室".into(),
        scale: "ucla3".into(),
        ..Plan::new("新邻居互助小组", GroupKind::MutualAid, site, lead)
    }
    })?;
    let cx = t.at(tx, start.plus_days(-5), 9)?;
    let on_file = clients(tx, &cx, stage, 0, 6)?;
    let all = gather(
        tx,
        &t,
        start.plus_days(-5),
        &on_file,
        &[("俞阿珍", "164-0000-0817"), ("方兰英", "164-0000-2236")],
    )?;
    let cx = t.at(tx, start, 13)?;
    members::sign_all(tx, &cx, &t.id, start)?;
    for n in 0..6 {
        let day = start.plus_days(7 * i32::try_from(n).unwrap_or_default());
        session(tx, &t, &MOVING, n, day, &all)?;
        match n {
            2 => begins(tx, &t, day, Phase::Transition)?,
            3 => begins(tx, &t, day, Phase::Working)?,
            5 => begins(tx, &t, day, Phase::Ending)?,
            _ => {}
        }
    }
    let last = start.plus_days(35);
    for (n, m) in all.iter().enumerate() {
        let high = if n % 3 == 0 { 3 } else { 2 };
        measure(tx, &t, start, "pre", m, [high, 2, 2])?;
        measure(tx, &t, last, "post", m, [high - 1, 1, if n % 2 == 0 { 1 } else { 2 }])?;
    }
    let cx = t.at(tx, last.plus_days(4), 10)?;
    let pairs = |all: &[(&str, &str)]| {
        all.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect()
    };
    for rating in ["5", "5", "4"] {
        let names = ["respect", "skill", "timely", "content", "place", "change"];
        let flat = names.iter().map(|n| ((*n).to_owned(), rating.to_owned())).collect();
        evaluation::answer(tx, &cx, &t.id, &About::Satisfaction, &flat)?;
    }
    let day = last.plus_days(4).to_string();
    let report = pairs(&[
        ("date", day.as_str()),
        ("goals.0.goal", "每人认识五位以上邻居"),
        ("goals.0.result", "full"),
        ("goals.0.evidence", "结束时八人都能叫出其他组员的名字"),
        ("goals.1.goal", "知道三种求助途径"),
        ("goals.1.result", "part"),
        ("goals.1.evidence", "六人能说出三种"),
        ("pre_post", "孤独感平均分下降。"),
        ("process", "六节按计划开展，第三节意见不合时处理得当，组员从拘谨到互相邀约。"),
        ("reflection", "听力不好的组员需要更小的小组。后续由两名组员牵头，每月一次茶会。"),
    ]);
    evaluation::answer(tx, &cx, &t.id, &About::Report, &report)?;
    phases::close(tx, &cx, &t.id).map(drop)
}

/// Carers at the studio: four sessions held, one today with its sign-in open, one ahead.
fn running(tx: &mut Tx<'_>, stage: &Stage, today: Day) -> Result<()> {
    let start = today.plus_days(-28);
    let t = approved(tx, stage, "kong", start.plus_days(-15), |site, lead| Plan {
        openness: Openness::SemiOpen,
        model: Some(Model::Development),
        theory: "增能".into(),
        target: "照护失能家人的居民".into(),
        goals:
            "总目标：照护者喘口气，也有帮手。\n具体目标：1. 学会两样照护技巧；2. 至少申请一项支持。"
                .into(),
        evaluation: "出席率、访谈、满意度。".into(),
        size: 10,
        starts: Some(start),
        place: "社区多功能室".into(),
        scale: "ucla3".into(),
        ..Plan::new("照护者支持小组", GroupKind::Support, site, lead)
    })?;
    let cx = t.at(tx, start.plus_days(-4), 9)?;
    let on_file = clients(tx, &cx, stage, 0, 5)?;
    let all = gather(
        tx,
        &t,
        start.plus_days(-4),
        &on_file,
        &[("罗美芳", "164-0000-3391"), ("梁素琴", "164-0000-5548")],
    )?;
    let cx = t.at(tx, start, 13)?;
    members::sign_all(tx, &cx, &t.id, start)?;
    for n in 0..6 {
        let day = start.plus_days(7 * i32::try_from(n).unwrap_or_default());
        let id = session(tx, &t, &CARERS, n, day, &all)?;
        match n {
            1 => begins(tx, &t, day, Phase::Transition)?,
            2 => begins(tx, &t, day, Phase::Working)?,
            4 => {
                let cx = t.at(tx, today, 8)?;
                signing::open(tx, &cx, &t.id, id.as_str())?;
            }
            _ => {}
        }
    }
    for m in &all {
        measure(tx, &t, start, "pre", m, [2, 2, 3])?;
    }
    Ok(())
}

/// Young people: the plan lies for approval.
fn gathering(tx: &mut Tx<'_>, stage: &Stage) -> Result<()> {
    let day = stage.ago(2);
    let lead = stage.person(tx, "su")?;
    let cx = stage.at(tx, "su", day, 9)?;
    let plan = Plan {
        openness: Openness::Closed,
        model: Some(Model::Development),
        target: "初中二年级学生".into(),
        goals:
            "总目标：学会说出情绪，遇事会找人。\n具体目标：1. 认出六种情绪；2. 有一位可以找的大人。"
                .into(),
        criteria: "自愿报名，监护人同意。".into(),
        risks: "涉及校园欺凌线索：按强制报告流程办理。".into(),
        evaluation: "前后测、教师访谈。".into(),
        starts: Some(stage.system.today().plus_days(14)),
        place: "学校心理辅导室".into(),
        scale: "who5".into(),
        ..Plan::new("少年成长小组", GroupKind::Growth, stage.station.clone(), lead)
    };
    let group = plan::begin(tx, &cx, &plan)?;
    plan::submit(tx, &cx, &group.id).map(drop)
}
