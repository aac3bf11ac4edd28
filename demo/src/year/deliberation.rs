//! Deliberation of the year at the first studio: five issues at different steps, six two-neighbours activities, seven resident leaders.
use db::{Result, Tx};
use deliberation::acts::leaders::{self, NewLeader};
use deliberation::acts::neighbours::{self, NewNeighbours};
use deliberation::acts::steps::{Held, Said, step};
use deliberation::acts::{NewIssue, collect, people};
use deliberation::model::{
    Category, DecisionRule, DeedKind, Issue, LeaderRole, MeetingForm, NeighbourKind, Outcome,
    ParticipantRole, Source,
};
use kernel::DeliberationId;

use super::Stage;
use crate::names;

/// Who acts: the studio's worker.
const BY: &str = "kong";

pub(super) fn build(tx: &mut Tx<'_>, stage: &mut Stage) -> Result<()> {
    settled(tx, stage)?;
    under_way(tx, stage)?;
    waiting(tx, stage)?;
    neighbours(tx, stage)?;
    leaders(tx, stage)
}

/// From its collection to the archive.
fn settled(tx: &mut Tx<'_>, stage: &Stage) -> Result<()> {
    let parking =
        issue(tx, stage, "小区夜间停车位怎么分", Category::Parking, Source::Resident, 150)?;
    screen(tx, stage, &parking.id, 146)?;
    invite(tx, stage, &parking.id, 144)?;
    meet(tx, stage, &parking.id, [140, 133, 128], Outcome::Agreed)?;
    resolve(
        tx,
        stage,
        &parking.id,
        127,
        "夜间 18 时后按楼栋轮换使用 12 个公共车位，由议事小组每季度公布轮换表。",
    )?;
    let action = action(tx, stage, &parking.id, 121, "划线并公布轮换表", "物业项目部", 110)?;
    say(tx, stage, &parking.id, 120, &Said::Execute)?;
    let cx = stage.at(tx, BY, stage.ago(111), 16)?;
    people::finish_action(tx, &cx, &parking.id, &action, stage.ago(111), "已划线")?;
    let text = "车位已划线，轮换表贴在三个单元门口，议事小组每季度公布一次。".to_owned();
    say(tx, stage, &parking.id, 108, &Said::FeedBack { text })?;
    let rated =
        Said::Evaluate { points: [0, 1, 3, 14, 19], words: "晚上不再抢车位了".into() };
    say(tx, stage, &parking.id, 90, &rated)?;
    say(tx, stage, &parking.id, 88, &Said::Archive)
}

/// One being acted on with an action that is late, one that needs the street.
fn under_way(tx: &mut Tx<'_>, stage: &Stage) -> Result<()> {
    let lift = issue(tx, stage, "3 幢加装电梯的方案和费用", Category::Lift, Source::Owners, 80)?;
    screen(tx, stage, &lift.id, 77)?;
    invite(tx, stage, &lift.id, 76)?;
    meet(tx, stage, &lift.id, [72, 66, 60], Outcome::Partly)?;
    resolve(
        tx,
        stage,
        &lift.id,
        58,
        "同意报建，费用按楼层分摊，一、二层不出资；方案公示后报街道备案。",
    )?;
    action(tx, stage, &lift.id, 50, "委托设计并公示方案", "业委会", 12)?;
    action(tx, stage, &lift.id, 50, "与底层住户逐户沟通采光", "社工室", -10)?;
    say(tx, stage, &lift.id, 50, &Said::Execute)?;

    let wall = issue(tx, stage, "北侧围墙开裂谁来修", Category::Safety, Source::Hotline, 45)?;
    screen(tx, stage, &wall.id, 44)?;
    let up = Said::Escalate {
        to: "街道城管办".into(),
        reason: "围墙属市政设施，社区不能自行处置".into(),
    };
    say(tx, stage, &wall.id, 40, &up)
}

/// One whose meeting is set and whose notice is not posted yet, one just collected.
fn waiting(tx: &mut Tx<'_>, stage: &Stage) -> Result<()> {
    let garden =
        issue(tx, stage, "荒地改成共享菜园还是活动场地", Category::Space, Source::Grid, 20)?;
    screen(tx, stage, &garden.id, 15)?;
    invite(tx, stage, &garden.id, 3)?;
    let set = Said::Schedule {
        form: MeetingForm::Council,
        day: stage.ago(-4),
        place: "社区议事厅".into(),
    };
    say(tx, stage, &garden.id, 2, &set)?;
    issue(tx, stage, "广场舞音量与作息时间", Category::Neighbours, Source::Resident, 4).map(drop)
}

fn issue(
    tx: &mut Tx<'_>,
    stage: &Stage,
    title: &str,
    category: Category,
    source: Source,
    ago: i32,
) -> Result<Issue> {
    let cx = stage.at(tx, BY, stage.ago(ago), 9)?;
    let new = NewIssue {
        title: title.into(),
        source,
        category,
        region: stage.community.id.clone(),
        raised_by: String::new(),
        detail: String::new(),
        collected: stage.ago(ago),
    };
    collect(tx, &cx, &new)
}

fn say(tx: &mut Tx<'_>, stage: &Stage, id: &DeliberationId, ago: i32, said: &Said) -> Result<()> {
    let cx = stage.at(tx, BY, stage.ago(ago), 15)?;
    step(tx, &cx, id, said).map(drop)
}

fn screen(tx: &mut Tx<'_>, stage: &Stage, id: &DeliberationId, ago: i32) -> Result<()> {
    let reason = "多户反映，涉及公共利益，适合居民协商".to_owned();
    say(tx, stage, id, ago, &Said::Screen { reason })
}

fn invite(tx: &mut Tx<'_>, stage: &Stage, id: &DeliberationId, ago: i32) -> Result<()> {
    let cx = stage.at(tx, BY, stage.ago(ago), 10)?;
    for (n, role) in [
        ParticipantRole::Committee,
        ParticipantRole::Owners,
        ParticipantRole::Property,
        ParticipantRole::Representative,
        ParticipantRole::Resident,
    ]
    .into_iter()
    .enumerate()
    {
        people::invite(tx, &cx, id, &names::name(700 + n), role)?;
    }
    Ok(())
}

/// Set, posted and held on these days before today.
fn meet(
    tx: &mut Tx<'_>,
    stage: &Stage,
    id: &DeliberationId,
    [set, posted, held]: [i32; 3],
    outcome: Outcome,
) -> Result<()> {
    let place = "社区议事厅".to_owned();
    let day = stage.ago(held);
    say(tx, stage, id, set, &Said::Schedule { form: MeetingForm::Council, day, place })?;
    say(tx, stage, id, posted, &Said::Notice { on: stage.ago(posted) })?;
    let minutes = Held {
        on: day,
        length: 90,
        present: Vec::new(),
        others: 23,
        views: "居民希望公平、公开；物业说明现状和费用；业委会提出两个方案。".into(),
        minutes: "主持人说明议题和规则，各方依次发言，逐条讨论方案后表决。".into(),
        rule: DecisionRule::Majority,
        yes: 17,
        no: 4,
        abstain: 2,
        outcome,
    };
    say(tx, stage, id, held, &Said::Meet(minutes))
}

fn resolve(
    tx: &mut Tx<'_>,
    stage: &Stage,
    id: &DeliberationId,
    ago: i32,
    text: &str,
) -> Result<()> {
    let said = Said::Resolve { text: text.into(), from: stage.ago(ago), days: 5 };
    say(tx, stage, id, ago, &said)
}

fn action(
    tx: &mut Tx<'_>,
    stage: &Stage,
    id: &DeliberationId,
    ago: i32,
    what: &str,
    owner: &str,
    due: i32,
) -> Result<kernel::RecordId> {
    let cx = stage.at(tx, BY, stage.ago(ago), 11)?;
    Ok(people::add_action(tx, &cx, id, what, owner, stage.ago(due))?.id)
}

fn neighbours(tx: &mut Tx<'_>, stage: &Stage) -> Result<()> {
    for (title, kind, ago, place, minutes, persons) in [
        ("邻里节：一家一道菜", NeighbourKind::Festival, 170, "中心花园", 180, 126),
        ("重阳百家宴", NeighbourKind::SharedTable, 36, "社区食堂", 150, 84),
        ("修伞磨刀邻里帮", NeighbourKind::MutualHelp, 95, "东门广场", 120, 57),
        ("智能手机邻里课堂", NeighbourKind::Lesson, 62, "社工室", 90, 21),
        ("楼道故事墙", NeighbourKind::Stairwell, 118, "5 幢 2 单元", 100, 18),
        ("夏夜纳凉会", NeighbourKind::Festival, 141, "中心花园", 120, 73),
    ] {
        let day = stage.ago(ago);
        let cx = stage.at(tx, BY, day, 20)?;
        let new = NewNeighbours {
            title: title.into(),
            kind,
            region: stage.community.id.clone(),
            day,
            place: place.into(),
            minutes,
            persons,
            note: String::new(),
        };
        neighbours::add(tx, &cx, &new)?;
    }
    Ok(())
}

fn leaders(tx: &mut Tx<'_>, stage: &Stage) -> Result<()> {
    let seven: [(LeaderRole, &str, &[(DeedKind, &str)]); 7] = [
        (
            LeaderRole::Deliberator,
            "停车议事小组",
            &[(DeedKind::Training, "议事规则培训"), (DeedKind::Project, "夜间停车轮换")],
        ),
        (LeaderRole::Stairwell, "3 幢楼道长", &[(DeedKind::Training, "楼道长见面课")]),
        (LeaderRole::VolunteerHead, "红马甲助老队", &[(DeedKind::Project, "独居老人敲门行动")]),
        (LeaderRole::OrgHead, "桂语合唱团", &[]),
        (LeaderRole::Mediator, "老娘舅工作室", &[(DeedKind::Training, "人民调解实务")]),
        (LeaderRole::Representative, "", &[]),
        (LeaderRole::VolunteerHead, "护学岗", &[(DeedKind::Training, "急救员培训")]),
    ];
    for (n, (role, group, deeds)) in seven.into_iter().enumerate() {
        let days = 300 - i32::try_from(n).unwrap_or(0) * 30;
        let cx = stage.at(tx, BY, stage.ago(days), 14)?;
        let new = NewLeader {
            name: names::name(720 + n),
            phone: names::phone(720 + n),
            role,
            group_led: group.into(),
            region: stage.community.id.clone(),
            since: stage.ago(days),
            until: None,
        };
        let leader = leaders::keep(tx, &cx, None, &new)?;
        for (kind, what) in deeds {
            let cx = stage.at(tx, BY, stage.ago(days - 40), 14)?;
            leaders::note(tx, &cx, &leader.id, *kind, what, stage.ago(days - 40), 4)?;
        }
    }
    Ok(())
}
