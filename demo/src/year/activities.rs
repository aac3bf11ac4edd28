//! Twelve activities of the station and its studio: from plan to summary, one called off, two still to come.
use std::collections::BTreeMap;

use access::Cx;
use db::{Result, Tx};
use kernel::{ActivityId, ClientId};
use outreach::acts::activity::{self, Closing, Held};
use outreach::acts::signup::{self, Person};
use outreach::acts::{opinion, photos};
use outreach::model::activity::Planning;
use registry::attachment::AttachmentKind;

use super::Stage;
use crate::names;

/// (days ago, who, title, kind, field, place, places, budget)
type Line = (
    i32,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
);
const YEAR: [Line; 12] = [
    (310, "fan", "新春送福写春联", "festival", "participation", "街道文化礼堂", "", "800"),
    (270, "kong", "学雷锋便民服务日", "service_day", "care", "社区广场", "", "500"),
    (
        235,
        "fan",
        "邻里守望志愿者培训",
        "volunteering",
        "participation",
        "社工站多功能室",
        "24",
        "300",
    ),
    (205, "kong", "母亲节花艺课", "culture", "inclusion", "社工室", "16", "600"),
    (176, "kong", "端午包粽送长者", "festival", "care", "社区助餐点", "20", "450"),
    (150, "fan", "暑期未成年人自护讲座", "talk", "care", "社工站小组室", "30", "200"),
    (120, "kong", "新就业群体清凉驿站", "service_day", "inclusion", "党群服务中心", "", "350"),
    (88, "fan", "中秋邻里家宴", "festival", "participation", "街道文化礼堂", "40", "1200"),
    (40, "kong", "重阳智能手机课", "talk", "inclusion", "社工室", "12", "150"),
    (10, "fan", "居民骨干议事课堂", "leaders", "participation", "社工站多功能室", "20", "260"),
    (-6, "kong", "冬日暖阳健康义诊", "service_day", "care", "社区广场", "60", "400"),
    (-18, "fan", "社区需求入户调研动员", "survey", "participation", "社工站多功能室", "15", "120"),
];

pub(super) fn build(tx: &mut Tx<'_>, stage: &mut Stage) -> Result<()> {
    for (n, line) in YEAR.iter().enumerate() {
        one(tx, stage, n, line)?;
    }
    Ok(())
}

fn one(tx: &mut Tx<'_>, stage: &Stage, n: usize, line: &Line) -> Result<()> {
    let (ago, login, title, kind, field, place, capacity, budget) = *line;
    let day = stage.ago(ago);
    let before = stage.ago(ago.max(-2) + 14);
    let cx = stage.at(tx, login, before, 9)?;
    let new = Planning {
        title: title.into(),
        kind: kind.into(),
        field: field.into(),
        need: "走访中居民提出".into(),
        goals: "让居民走出家门、互相认识，带出一批愿意帮忙的人。".into(),
        target: "辖区居民".into(),
        place: place.into(),
        day: day.to_string(),
        time: if n.is_multiple_of(2) { "14:00" } else { "09:30" }.into(),
        minutes: "90".into(),
        capacity: capacity.into(),
        budget: budget.into(),
        safety: "现场一名急救志愿者；用电设备专人看管；雨天改室内。".into(),
        publicity: "楼道海报、居民群".into(),
        workers: Vec::new(),
    };
    let a = activity::plan(tx, &cx, &new)?;
    let mut list = Vec::new();
    for k in 0..10_usize {
        let client: Option<&ClientId> = stage.clients.get(n * 13 + k * 17).filter(|_| k % 3 == 0);
        let who = Person {
            client: client.map_or_else(String::new, |c| c.0.clone()),
            name: names::name(4000 + n * 31 + k),
            phone: names::phone(4000 + n * 31 + k),
            photo: k % 4 != 1,
        };
        match signup::add(tx, &cx, &a.id, &who) {
            Ok(s) => list.push(s.id),
            // A client of somebody else is not in this worker's sight.
            Err(db::Error::Missing | db::Error::Refused(_)) => {}
            Err(e) => return Err(e),
        }
    }
    if ago < 0 {
        return Ok(());
    }
    let then = stage.at(tx, login, day, 16)?;
    if n == 6 {
        let eve = stage.at(tx, login, day.plus_days(-1), 16)?;
        return activity::cancel(tx, &eve, &a.id, "台风预警，改期。").map(drop);
    }
    for id in list.iter().enumerate().filter(|(k, _)| k % 5 != 4).map(|(_, id)| id) {
        signup::check_in(tx, &then, id, true)?;
    }
    let yuan = new.budget.parse::<i64>().unwrap_or(100);
    let held = Held {
        unnamed: i64::try_from(12 + n * 7 % 40).unwrap_or(12),
        minutes: 90,
        materials: "桌椅、展板、饮用水".into(),
        volunteers: (0..3).map(|v| (names::name(5000 + n * 3 + v), 120)).collect(),
        spends: vec![
            ("物料".into(), format!("{}.50", yuan / 2), format!("{:04}", 100 + n)),
            ("茶点".into(), format!("{}.00", yuan / 3), format!("{:04}", 200 + n)),
        ],
    };
    activity::hold(tx, &then, &a.id, &held)?;
    if (10..100).contains(&ago) {
        opinions(tx, &then, &a.id, n)?;
        let beside = photos::activity_to_write(tx, &then, &a.id)?;
        for note in ["开场", "居民发言"] {
            stage.photos.put(tx, &then, &beside, AttachmentKind::Photo, note)?;
        }
    }
    // The latest still waits for its summary.
    if ago > 20 {
        let later = stage.at(tx, login, day.plus_days(3), 10)?;
        let closing = Closing {
            summary: "到场居民反映良好，新添两名愿意长期帮忙的志愿者。".into(),
            lessons: "签到台再早半小时开放。".into(),
            scores: [14, 6, 2, 0, 0],
        };
        activity::close(tx, &later, &a.id, &closing)?;
    }
    Ok(())
}

/// Some who came answer by phone on the way out.
fn opinions(tx: &mut Tx<'_>, then: &Cx, id: &ActivityId, n: usize) -> Result<()> {
    let (_, token) = signup::code(tx, then, id)?;
    let anybody = Cx::system(then.now, then.ids.clone());
    for k in 0..6_usize {
        let rating = |of: usize| {
            *["5", "4", "5", "3", "4", "5", "2"].get((n + k * 3 + of) % 7).unwrap_or(&"4")
        };
        let mut flat: BTreeMap<String, String> =
            [("respect", 0), ("skill", 1), ("timely", 2), ("content", 3), ("place", 4)]
                .into_iter()
                .map(|(item, of)| (item.to_owned(), rating(of).to_owned()))
                .collect();
        if k == 2 {
            flat.insert("comment".into(), "希望周末也办一场，老人白天能带孙辈来。".into());
        }
        opinion::say(tx, &anybody, &token, &flat)?;
    }
    Ok(())
}
