//! Referrals of the year: one in every state, to the station, to a hospital and a law centre that have no account, and who has room for what.
use access::Cx;
use access::care;
use db::{Result, Tx};
use kernel::{ClientId, Day, OrgId};
use referrals::acts::answer::{Answer, answer, open};
use referrals::acts::write::{self, Consent, Draft, To};
use referrals::acts::{link, room};
use referrals::model::{Basis, ConsentForm, Referral, Room, ServiceField, Share, Urgency};

use super::Stage;

pub(super) fn build(tx: &mut Tx<'_>, stage: &mut Stage) -> Result<()> {
    let hospital = To::Org(body(tx, stage, "云汀虚构康复医院")?);
    let law = To::Org(body(tx, stage, "云汀虚构法律援助站")?);
    let station = To::Site(stage.station.clone());
    for (to, field, said, note, days) in [
        (&station, ServiceField::Elder, Room::Open, "助餐、陪诊", 6),
        (&station, ServiceField::Family, Room::Limited, "每周三上午", 6),
        (&law, ServiceField::Legal, Room::Open, "周二、周四接访", 9),
        (&hospital, ServiceField::Medical, Room::Limited, "康复床位 2 张", 12),
        (&hospital, ServiceField::Elder, Room::Full, "", 44),
    ] {
        let cx = stage.at(tx, "lin", stage.ago(days), 9)?;
        room::say(tx, &cx, to, field, said, note)?;
    }
    let fan = of_worker(tx, stage, "fan", 5)?;
    let kong = of_worker(tx, stage, "kong", 3)?;
    let (Some([a, b, c, d, e]), Some([f, g, h])) =
        (fan.first_chunk::<5>(), kong.first_chunk::<3>())
    else {
        return Ok(());
    };
    sent_out(tx, stage, [a, b, c, d, e], &hospital, &law)?;
    to_the_station(tx, stage, [f, g, h], &station)
}

/// What the station's worker sent to others: a draft, one unanswered for too long, one declined, one that came back, one recalled.
fn sent_out(
    tx: &mut Tx<'_>,
    stage: &Stage,
    [a, b, c, d, e]: [&ClientId; 5],
    hospital: &To,
    law: &To,
) -> Result<()> {
    let cx = stage.at(tx, "fan", stage.ago(1), 15)?;
    let mut plan = new(hospital, ServiceField::Medical, "出院后需要上门康复指导", stage.ago(1));
    plan.consent = Consent::default();
    write::draft(tx, &cx, a, &plan)?;

    let late =
        new(hospital, ServiceField::Medical, "中风后行走困难，需要评估康复需求", stage.ago(16));
    let r = send(tx, stage, "fan", b, &late, 16)?;
    let cx = stage.at(tx, "fan", stage.ago(9), 10)?;
    link::make(tx, &cx, &r.id, None)?;

    let plan = new(hospital, ServiceField::Medical, "需要住院康复", stage.ago(60));
    let r = send(tx, stage, "fan", c, &plan, 60)?;
    let no = Answer::Decline { reason: "床位已满，预计两个月后有空".into() };
    by_link(tx, stage, &r, 58, "医务社工 余", &[(58, no)])?;

    let plan = new(law, ServiceField::Legal, "赡养费纠纷，需要法律咨询", stage.ago(90));
    let r = send(tx, stage, "fan", d, &plan, 90)?;
    let steps = [
        (88, Answer::Accept { keeper: None }),
        (86, Answer::Start { on: stage.ago(86) }),
        (
            78,
            Answer::FeedBack {
                text: "已接访两次，双方签了调解书，每月按时给付。".into()
            },
        ),
    ];
    by_link(tx, stage, &r, 88, "值班律师 祝", &steps)?;
    let cx = stage.at(tx, "fan", stage.ago(75), 11)?;
    write::close(tx, &cx, &r.id, "已回访，给付正常。")?;

    let plan = new(law, ServiceField::Legal, "房屋继承咨询", stage.ago(30));
    let r = send(tx, stage, "fan", e, &plan, 30)?;
    let cx = stage.at(tx, "fan", stage.ago(29), 9)?;
    write::withdraw(tx, &cx, &r.id, "本人改为自行咨询")?;
    Ok(())
}

/// What the studio sent to its station: one waiting, one in service, one for which a better place was named.
fn to_the_station(
    tx: &mut Tx<'_>,
    stage: &Stage,
    [f, g, h]: [&ClientId; 3],
    station: &To,
) -> Result<()> {
    let mut plan =
        new(station, ServiceField::Elder, "独居，近期常忘记关火，需要站里评估", stage.ago(2));
    plan.urgency = Urgency::Urgent;
    send(tx, stage, "kong", f, &plan, 2)?;

    let plan = new(station, ServiceField::Family, "家庭照料者压力大，需要个案跟进", stage.ago(24));
    let r = send(tx, stage, "kong", g, &plan, 24)?;
    let keeper = Some(stage.person(tx, "fan")?);
    let cx = stage.at(tx, "lin", stage.ago(23), 9)?;
    open(tx, &cx, &r.id)?;
    answer(tx, &cx, &r.id, &Answer::Accept { keeper })?;
    let cx = stage.at(tx, "fan", stage.ago(20), 14)?;
    answer(tx, &cx, &r.id, &Answer::Start { on: stage.ago(20) })?;

    let plan = new(station, ServiceField::Legal, "邻里噪音纠纷", stage.ago(12));
    let r = send(tx, stage, "kong", h, &plan, 12)?;
    let cx = stage.at(tx, "lin", stage.ago(10), 16)?;
    let said = Answer::ReRefer {
        to: "云汀虚构法律援助站".into(),
        reason: "已进入诉讼，法律援助更合适".into(),
    };
    answer(tx, &cx, &r.id, &said).map(drop)
}

fn body(tx: &mut Tx<'_>, stage: &Stage, name: &str) -> Result<OrgId> {
    let register = sites::registers::register("orgs").ok_or(db::Error::Missing)?;
    let fields = [
        ("kind", "partner"),
        ("name", &stage.own(name)),
        ("region", stage.district.id.as_str()),
        ("since", "2021-06-01"),
    ];
    let input = fields.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
    let kept =
        web::register::acts::add(tx, &stage.system, register, "", &input, sites::acts::resolve)?;
    Ok(OrgId::from(kept.id))
}

/// The first grown-up clients whose file somebody keeps.
fn of_worker(tx: &mut Tx<'_>, stage: &Stage, login: &str, most: usize) -> Result<Vec<ClientId>> {
    let today = stage.system.today();
    let cx = stage.at(tx, login, today, 9)?;
    let mut out = Vec::new();
    for id in &stage.clients {
        if out.len() == most {
            break;
        }
        match care::find_to_write(tx, &cx, id) {
            Ok(client) if !client.minor_on(today) && client.since <= stage.ago(95) => {
                out.push(client.id);
            }
            Ok(_) | Err(db::Error::Missing | db::Error::Refused(_)) => {}
            Err(e) => return Err(e),
        }
    }
    Ok(out)
}

fn new(to: &To, field: ServiceField, reason: &str, consented: Day) -> Draft {
    Draft {
        to: to.clone(),
        to_contact: String::new(),
        field,
        urgency: Urgency::Routine,
        reason: reason.to_owned(),
        summary: "情况由社工当面核实，本人愿意接受服务。".into(),
        categories: String::new(),
        shares: vec![Share::Name, Share::SexAge, Share::Phone, Share::Summary],
        consent: Consent {
            basis: Some(Basis::Own),
            by: "本人".into(),
            on: Some(consented),
            form: Some(ConsentForm::Written),
            clause: String::new(),
        },
        origin: String::new(),
        attachments: Vec::new(),
    }
}

fn send(
    tx: &mut Tx<'_>,
    stage: &Stage,
    login: &str,
    client: &ClientId,
    plan: &Draft,
    ago: i32,
) -> Result<Referral> {
    let cx = stage.at(tx, login, stage.ago(ago), 10)?;
    let r = write::draft(tx, &cx, client, plan)?;
    write::send(tx, &cx, &r.id, 20)
}

/// A partner without an account answers through the link.
fn by_link(
    tx: &mut Tx<'_>,
    stage: &Stage,
    r: &Referral,
    made: i32,
    who: &str,
    steps: &[(i32, Answer)],
) -> Result<()> {
    let cx = stage.at(tx, "fan", stage.ago(made), 9)?;
    let made = link::make(tx, &cx, &r.id, Some(30))?;
    let at = |ago: i32, hour: i64| {
        let now = stage.ago(ago).start().plus_millis(hour * 3_600_000);
        Cx { now, ..stage.system.clone() }
    };
    let first = steps.first().map_or(0, |(ago, _)| *ago);
    let browser = "Chromium";
    let secret = link::unlock(tx, &at(first, 10), &made.token, &made.code, browser)?
        .ok_or(db::Error::Missing)?;
    for (ago, said) in steps {
        link::knock(tx, &at(*ago, 10), &made.token, &secret, browser)?;
        link::answer(tx, &at(*ago, 11), &made.token, &secret, who, said, browser)?;
    }
    Ok(())
}
