//! Visits and consultations of the year: most clients were met, a few not; some needs were found; one record came back twice.
use db::{Result, Tx};
use kernel::{ClientId, Day, PersonId};
use outreach::acts::{consultation, offline, plan, visit};
use outreach::model::consultation::Asked;
use outreach::model::offline::Sent;
use outreach::model::visit::Draft;

use super::Stage;
use crate::Scale;

/// Visits of the small scale.
const VISITS: usize = 240;
const KEEPERS: [&str; 4] = ["fan", "kong", "su", "xu"];
const NOTES: [&str; 12] = [
    "精神好，药盒按时清空，愿意下周三试听合唱队。",
    "女儿周末来过，冰箱有菜。",
    "听力又差了些，电视开得很响，已提醒复查。",
    "邻居帮忙买菜，情绪平稳。",
    "灶具软管老化，已联系燃气公司更换。",
    "说夜里睡不好，白天常打盹。",
    "刚从医院复查回来，血压稳定。",
    "问起高龄津贴，已告知办理地点。",
    "楼道堆物，已请物业清理。",
    "孩子功课跟得上，想参加周末手工课。",
    "老伴照料压力大，建议申请喘息服务。",
    "一切照旧，聊了半小时家常。",
];
const ASKED: [(&str, &str, &str); 8] = [
    ("relief", "临时救助要带哪些材料？", "临时救助办事指南"),
    ("elder", "助餐点几点开门，能不能送餐？", "社区助餐服务说明"),
    ("disability", "残疾人两项补贴何时发放？", "残疾人两项补贴政策问答"),
    ("child", "孩子暑假没人带，有没有托管？", "未成年人社区托管安排"),
    ("law", "房子漏水楼上不认，找谁调解？", ""),
    ("work", "灵活就业社保怎么交？", "灵活就业参保指引"),
    ("neighbour", "广场舞太吵，谁能管？", ""),
    ("mind", "老人总说没意思，怎么陪？", "老年心理关爱服务指南"),
];

pub(super) fn build(tx: &mut Tx<'_>, stage: &mut Stage) -> Result<()> {
    if stage.clients.is_empty() {
        return Ok(());
    }
    let mut people: Vec<(PersonId, &'static str)> = Vec::new();
    for login in KEEPERS {
        people.push((stage.person(tx, login)?, login));
    }
    let most = stage.many(VISITS, 180_000);
    visits(tx, stage, &people, most)?;
    plans(tx, stage, &people)?;
    // The phone's own numbers are its own: it is told once.
    if stage.home() {
        twice(tx, stage, &people)?;
    }
    consultations(tx, stage)
}

/// Who looks after a client on a day, if they sign in.
fn keeper(
    tx: &mut Tx<'_>,
    people: &[(PersonId, &'static str)],
    client: &ClientId,
    day: Day,
) -> Result<Option<&'static str>> {
    let found = registry::client::keepers(tx, client, day)?;
    Ok(found.iter().find_map(|p| people.iter().find(|(id, _)| id == p)).map(|(_, login)| *login))
}

/// Rounds through the clients, the latest round first: each round lies some thirty days before the one after it.
fn visits(
    tx: &mut Tx<'_>,
    stage: &Stage,
    people: &[(PersonId, &'static str)],
    most: usize,
) -> Result<()> {
    // Over a whole district each client is met about nine times in the year.
    let (rounds, apart) = match stage.scale {
        Scale::Small => (10_usize, 31),
        Scale::Large => (64, 5),
    };
    let mut done = 0;
    for round in 0..rounds {
        for (n, client) in stage.clients.iter().enumerate() {
            if done >= most {
                return Ok(());
            }
            // A third of the file is visited seldom; the latest round leaves some overdue.
            if (n + round) % 3 == 0 || (round == 0 && n % 8 == 7) {
                continue;
            }
            let days = round * apart + 2 + n * 7 % 27;
            let day = stage.ago(i32::try_from(days).unwrap_or(2));
            let Some(c) = registry::client::find_unguarded(tx, client)? else { continue };
            if day <= c.since {
                continue;
            }
            let Some(login) = keeper(tx, people, client, day)? else { continue };
            let cx = stage.at(tx, login, day, i64::try_from(9 + n % 8).unwrap_or(9))?;
            let d = draft(client, n + round);
            match visit::record(tx, &cx, &d) {
                Ok(_) => done += 1,
                // Whose file is closed to its keeper for now (a child without the head's word) is not visited.
                Err(db::Error::Missing) => {}
                Err(e) => return Err(e),
            }
        }
    }
    Ok(())
}

fn draft(client: &ClientId, n: usize) -> Draft {
    let note = NOTES.get(n % NOTES.len()).copied().unwrap_or_default();
    let words = |all: &[&str]| all.iter().map(|w| (*w).to_owned()).collect::<Vec<_>>();
    let usual = Draft {
        client: client.0.clone(),
        minutes: (20 + n * 5 % 35).to_string(),
        helps: if n.is_multiple_of(3) { words(&["company"]) } else { Vec::new() },
        ..Draft::default()
    };
    match n % 23 {
        7 => Draft {
            outcome: "not_home".into(),
            note: "敲门无人，邻居说去女儿家了。".into(),
            ..usual
        },
        15 => Draft {
            outcome: "hospital".into(),
            note: "家属说住院观察，约出院后再访。".into(),
            ..usual
        },
        19 => {
            Draft { outcome: "refused".into(), note: "隔门说今天不方便。".into(), ..usual }
        }
        4 => Draft {
            concerns: words(&["housing"]),
            note: "灶具软管老化，已联系燃气公司更换。".into(),
            helps: words(&["safety"]),
            ..usual
        },
        9 => Draft {
            concerns: words(&["mood", "carer"]),
            note: note.into(),
            needs: words(&["care"]),
            need_words: "照料人疲惫，需要喘息服务。".into(),
            ..usual
        },
        12 => Draft {
            normal: true,
            note: "问起高龄津贴，已告知办理地点。".into(),
            helps: words(&["policy"]),
            needs: words(&["benefit"]),
            need_words: "高龄津贴未申领。".into(),
            ..usual
        },
        k => Draft {
            normal: true,
            note: if k % 2 == 0 { note.into() } else { String::new() },
            ..usual
        },
    }
}

/// A few are visited more often; today and tomorrow are planned.
fn plans(tx: &mut Tx<'_>, stage: &Stage, people: &[(PersonId, &'static str)]) -> Result<()> {
    let today = stage.system.today();
    for login in ["fan", "kong"] {
        let cx = stage.at(tx, login, today, 8)?;
        let mut mine = Vec::new();
        for client in &stage.clients {
            if keeper(tx, people, client, today)? == Some(login) {
                mine.push(client.clone());
            }
        }
        for client in mine.iter().skip(2).take(2) {
            plan::set(tx, &cx, client, Some(14), "近期出院，恢复期")?;
        }
        let soon: Vec<ClientId> = mine.iter().step_by(5).take(4).cloned().collect();
        plan::batch(tx, &cx, &soon, today, &[])?;
        let later: Vec<ClientId> = mine.iter().skip(3).step_by(5).take(4).cloned().collect();
        plan::batch(tx, &cx, &later, today.plus_days(1), &[])?;
    }
    Ok(())
}

/// The deputy and the studio's worker saw the same person on one day, and one of them had no network.
fn twice(tx: &mut Tx<'_>, stage: &Stage, people: &[(PersonId, &'static str)]) -> Result<()> {
    let day = stage.ago(1);
    let phone = "0199a1b2-7c3d-7e4f-8a5b-0123456789ab";
    for client in &stage.clients {
        if keeper(tx, people, client, day)? != Some("kong") {
            continue;
        }
        let xu = stage.at(tx, "xu", day, 10)?;
        let seen = Draft {
            normal: true, note: "顺路看望，屋里整洁。".into(), ..draft(client, 0)
        };
        match visit::record(tx, &xu, &seen) {
            Ok(_) => {}
            Err(db::Error::Missing | db::Error::Refused(_)) => continue,
            Err(e) => return Err(e),
        }
        let kong = stage.at(tx, "kong", day, 11)?;
        offline::sync(tx, &kong, phone, "phone")?;
        let said = Draft {
            normal: true,
            note: "在家，量了血压，提醒按时服药。".into(),
            time: "09:40".into(),
            ..draft(client, 0)
        };
        let mut sent = Sent {
            seq: 1,
            id: "0199a1b2-7c3d-7e4f-8a5b-00000000c0de".into(),
            made_at: kong.now.0,
            seen: String::new(),
            body: serde_json::to_string(&said)?,
            hash: String::new(),
        };
        sent.hash = sent.digest();
        offline::submit(tx, &kong, phone, &[sent])?;
        return Ok(());
    }
    Ok(())
}

fn consultations(tx: &mut Tx<'_>, stage: &Stage) -> Result<()> {
    for n in 0..stage.many(20, 3_000) {
        let Some((field, question, guide)) = ASKED.get(n % ASKED.len()).copied() else { continue };
        let login = ["fan", "kong", "xu"].get(n % 3).copied().unwrap_or("fan");
        let day = stage.ago(i32::try_from(4 + n * 13 % 330).unwrap_or(4));
        let cx = stage.at(tx, login, day, 10)?;
        let resolved = n % 4 != 1;
        let asked = Asked {
            channel: ["walk_in", "phone", "online"]
                .get(n * 2 % 3)
                .copied()
                .unwrap_or("phone")
                .into(),
            field: field.into(),
            minutes: (8 + n * 3 % 20).to_string(),
            question: question.into(),
            answer: "已说明条件、材料和办理地点。".into(),
            guide: guide.into(),
            resolved,
            follow_on: if resolved { String::new() } else { day.plus_days(7).to_string() },
            ..Asked::default()
        };
        let kept = consultation::record(tx, &cx, &asked)?;
        // All but the latest open one were followed up.
        if !resolved && n > 1 {
            let later = stage.at(tx, login, day.plus_days(5), 15)?;
            consultation::follow(tx, &later, &kept.id, "电话回访，材料已递交。")?;
        }
    }
    Ok(())
}
