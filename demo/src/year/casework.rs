//! Cases of the year at every stage, told by the people whose clients they are: the head approves, the supervisor reads, one is handed over,
//! one is opened again, one report of harm is made.
mod themes;

use std::collections::BTreeMap;

use access::Cx;
use casework::acts::documents::{self, NewDocument};
use casework::acts::notes::{self, NewNote};
use casework::acts::opening::{self, NewCase};
use casework::acts::{closing, reports, requests, reviews, stages, transfer};
use casework::model::report::Situation;
use casework::model::{CaseKind, CaseSource, ContactMode, ReviewVerdict, Stage as Step};
use db::{Result, Tx};
use kernel::{CaseId, ClientId, Day};
use registry::client::{AssignmentKind, Client};

use self::themes::{THEMES, Theme};
use super::Stage;
use crate::Scale;

/// How far a case goes in the telling.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Far {
    Registered,
    Asked,
    Declined,
    OneOff,
    Assessment,
    Planning,
    Work,
    Evaluation,
    Closing,
    Closed,
    Archived,
    Reopened,
    Suspended,
    Referred,
}

/// The order in which cases are told: most are at work.
const FARS: [Far; 24] = [
    Far::Work,
    Far::Archived,
    Far::Work,
    Far::Closed,
    Far::Registered,
    Far::Work,
    Far::Evaluation,
    Far::Archived,
    Far::Assessment,
    Far::Work,
    Far::Closed,
    Far::Asked,
    Far::Reopened,
    Far::Work,
    Far::Closing,
    Far::Declined,
    Far::Planning,
    Far::Archived,
    Far::Suspended,
    Far::OneOff,
    Far::Work,
    Far::Referred,
    Far::Closed,
    Far::Assessment,
];

pub(super) fn build(tx: &mut Tx<'_>, stage: &mut Stage) -> Result<()> {
    let most = stage.many(FARS.len(), 3_000);
    let mut keepers = BTreeMap::new();
    for login in ["fan", "kong", "xu", "su"] {
        keepers.insert(stage.person(tx, login)?, login);
    }
    // Some have no keeper who signs in: a quarter more are looked at than are told.
    let step = match stage.scale {
        Scale::Small => stage.clients.len() / most.max(1),
        Scale::Large => stage.clients.len() * 2 / (most * 3).max(1),
    }
    .max(1);
    let mut told = 0;
    let mut first_child = None;
    for id in stage.clients.clone().iter().step_by(step) {
        if told >= most {
            break;
        }
        let client = registry::client::find_unguarded(tx, id)?.ok_or(db::Error::Missing)?;
        let live = registry::client::assignments_of(tx, id)?;
        let given = live.iter().find(|a| a.kind == AssignmentKind::Worker && a.until.is_none());
        let worker = given.and_then(|a| Some((keepers.get(&a.person).copied()?, a.since)));
        let Some((worker, since)) = worker else { continue };
        // A restricted person's case is not for a head who is not assigned.
        if client.restricted {
            continue;
        }
        let client = Client { since: client.since.max(since), ..client };
        let far = FARS.get(told % FARS.len()).copied().unwrap_or(Far::Work);
        let case = tell(tx, stage, worker, &client, told, far)?;
        if worker == "su" && first_child.is_none() && far == Far::Work {
            first_child = Some(id.clone());
        }
        if told == 0 {
            hand_over(tx, stage, worker, &case)?;
        }
        told += 1;
    }
    if let Some(child) = first_child {
        harm(tx, stage, &child)?;
    }
    Ok(())
}

/// Who tells a case, and on which day it is.
struct Teller<'a> {
    stage: &'a Stage,
    worker: &'static str,
    day: Day,
}

impl Teller<'_> {
    /// So many days later, never after yesterday.
    fn on(&mut self, days: i32) {
        self.day = self.day.plus_days(days).min(self.stage.ago(1));
    }
    fn cx(&self, tx: &mut Tx<'_>, hour: i64) -> Result<Cx> {
        self.stage.at(tx, self.worker, self.day, hour)
    }
    fn head(&self, tx: &mut Tx<'_>, hour: i64) -> Result<Cx> {
        self.stage.at(tx, "lin", self.day, hour)
    }
    /// Fills in a form.
    fn form(
        &self,
        tx: &mut Tx<'_>,
        case: &CaseId,
        form: &str,
        said: &[(&str, String)],
    ) -> Result<()> {
        let cx = self.cx(tx, 17)?;
        let mut flat: BTreeMap<String, String> =
            said.iter().map(|(k, v)| ((*k).to_owned(), v.clone())).collect();
        flat.insert("date".into(), self.day.to_string());
        let definition = forms::library::latest(tx, form)?;
        let answers = definition.read(&flat)?;
        let new = NewDocument {
            form: form.to_owned(),
            answers,
            stage: definition.last_stage().to_owned(),
            of: None,
        };
        documents::keep_document(tx, &cx, case, new).map(drop)
    }
    /// The head agrees to what the case waits for.
    fn agreed(&self, tx: &mut Tx<'_>, case: &CaseId) -> Result<()> {
        let head = self.head(tx, 18)?;
        if let Some(r) = requests::waiting_of(tx, &head, case)? {
            requests::decide(tx, &head, &r.id, true, "")?;
        }
        Ok(())
    }
}

fn text(t: &str) -> String {
    t.to_owned()
}

fn theme(n: usize, minor: bool) -> &'static Theme {
    let [alone, care, work, school] = &THEMES;
    match (minor, n % 3) {
        (true, _) => school,
        (_, 0) => alone,
        (_, 1) => care,
        _ => work,
    }
}

fn tell(
    tx: &mut Tx<'_>,
    stage: &Stage,
    worker: &'static str,
    client: &Client,
    n: usize,
    far: Far,
) -> Result<CaseId> {
    let ago = match far {
        Far::Registered | Far::Asked => 3,
        Far::Assessment => 9 + i32::try_from(n % 9).unwrap_or(0),
        Far::Planning => 20,
        Far::Work => 70 + i32::try_from(n * 3 % 60).unwrap_or(0),
        Far::Evaluation | Far::Closing | Far::Suspended | Far::Referred => 110,
        _ => 240,
    };
    let day = stage.ago(ago).max(client.since.plus_days(2)).min(stage.ago(1));
    let mut t = Teller { stage, worker, day };
    let said = theme(n, client.minor_on(day));
    let source = [CaseSource::Visit, CaseSource::Community, CaseSource::Self_, CaseSource::Family];
    let new = NewCase {
        client: client.id.clone(),
        kind: if n % 7 == 3 { CaseKind::Management } else { CaseKind::General },
        source: source.get(n % 4).copied().unwrap_or(CaseSource::Visit),
        day,
        origin: None,
    };
    let cx = t.cx(tx, 10)?;
    let case = opening::open(tx, &cx, new)?.id;
    if far == Far::Registered {
        return Ok(case);
    }
    // One case in seven has its signed papers and a photo of the home beside it.
    if n.is_multiple_of(7) {
        stage.photos.beside_case(tx, &cx, &case)?;
    }
    let decision = match far {
        Far::Declined => "decline",
        Far::OneOff => "one_off",
        _ => "accept",
    };
    t.form(
        tx,
        &case,
        "intake",
        &[
            ("worker", cx.actor.name().to_owned()),
            ("source", text("visit")),
            ("name", client.name.clone()),
            ("problem", text(said.problem)),
            ("danger", text("no")),
            ("judgement", text("属于本站服务范围，先建立关系。")),
            ("decision", text(decision)),
            ("reason", text("已有其他机构在服务，双方商定由其继续。")),
        ],
    )?;
    if matches!(far, Far::Asked | Far::Declined | Far::OneOff) {
        return Ok(case);
    }
    t.agreed(tx, &case)?;
    if far == Far::Assessment {
        return Ok(case);
    }
    t.on(6);
    assess(tx, &mut t, &case, client, said)?;
    if far == Far::Planning {
        return Ok(case);
    }
    plan(tx, &mut t, &case, said, n)?;
    work(tx, &mut t, &case, said, n, far)?;
    finish(tx, &mut t, &case, said, n, far)?;
    Ok(case)
}

fn assess(
    tx: &mut Tx<'_>,
    t: &mut Teller<'_>,
    case: &CaseId,
    client: &Client,
    said: &Theme,
) -> Result<()> {
    let [first, second] = said.needs;
    t.form(
        tx,
        case,
        "assessment",
        &[
            ("needs.0.need", text(first)),
            ("needs.1.need", text(second)),
            ("strengths", text(said.strengths)),
            ("risk", client.grade.to_string()),
            ("risk_factors", text("ill_alone")),
            ("conclusion", text("需要明确，本人愿意，可以开展服务。")),
        ],
    )?;
    let yes = |name: &'static str| (name, text("yes"));
    t.form(
        tx,
        case,
        "consent",
        &[
            ("client", client.name.clone()),
            ("content", text(said.aim)),
            yes("service"),
            yes("personal"),
            yes("sensitive"),
            yes("sharing"),
            ("recording", text("no")),
            ("photo", text("no")),
            ("publicity", text("no")),
            ("form", text("signed")),
        ],
    )?;
    let cx = t.cx(tx, 18)?;
    stages::advance(tx, &cx, case, Step::Planning).map(drop)
}

fn plan(tx: &mut Tx<'_>, t: &mut Teller<'_>, case: &CaseId, said: &Theme, n: usize) -> Result<()> {
    t.on(4);
    let due = t.day.plus_days(60).to_string();
    let review = t.day.plus_days(if n.is_multiple_of(5) { 60 } else { 85 }).to_string();
    let [(one, one_by), (two, two_by)] = said.goals;
    let [(do_one, who_one), (do_two, who_two)] = said.actions;
    t.form(
        tx,
        case,
        "service_plan",
        &[
            ("aim", text(said.aim)),
            ("goals.0.statement", text(one)),
            ("goals.0.indicator", text(one_by)),
            ("goals.0.due", due.clone()),
            ("goals.1.statement", text(two)),
            ("goals.1.indicator", text(two_by)),
            ("goals.1.due", due.clone()),
            ("actions.0.what", text(do_one)),
            ("actions.0.who", text(who_one)),
            ("actions.0.when", due),
            ("actions.1.what", text(do_two)),
            ("actions.1.who", text(who_two)),
            ("review", review),
            ("end_criteria", text("两个目标都达到预期，本人觉得可以停下来。")),
            ("agreed", text("yes")),
        ],
    )?;
    let cx = t.cx(tx, 18)?;
    stages::advance(tx, &cx, case, Step::Intervention).map(drop)
}

fn work(
    tx: &mut Tx<'_>,
    t: &mut Teller<'_>,
    case: &CaseId,
    said: &Theme,
    n: usize,
    far: Far,
) -> Result<()> {
    let modes = [ContactMode::Home, ContactMode::Home, ContactMode::Accompany, ContactMode::Phone];
    let many = if far == Far::Work { 2 + n % 4 } else { 4 };
    for k in 0..many {
        t.on(12);
        let (facts, analysis) = said.notes.get(k % 4).copied().unwrap_or_default();
        let mode = modes.get(k % 4).copied().unwrap_or(ContactMode::Home);
        let minutes =
            if mode == ContactMode::Phone { 15 } else { 40 + i64::try_from(k).unwrap_or(0) * 10 };
        let mut note = NewNote::of(t.day, mode, minutes, facts);
        note.start = format!("{:02}:30", 9 + (n + k) % 7);
        note.analysis = analysis.to_owned();
        note.actions =
            if k == 0 { "约定下次一起去看场地。".into() } else { String::new() };
        let last = k + 1 == many;
        note.next_on = (last && far == Far::Work).then(|| {
            t.stage.system.today().plus_days(i32::try_from(n % 9).unwrap_or(0) - 2).max(t.day)
        });
        // One in nine was written two days late.
        let mut cx = t.cx(tx, 18)?;
        if (n + k) % 9 == 8 {
            cx.now = cx.now.plus_millis(30 * 3_600_000);
        }
        let kept = notes::add(tx, &cx, case, note)?;
        if k == 0 && n.is_multiple_of(3) {
            supervise(tx, t, case, kept.id.as_str())?;
        }
    }
    Ok(())
}

/// The supervisor reads the first record where they have the case.
fn supervise(tx: &mut Tx<'_>, t: &Teller<'_>, case: &CaseId, note: &str) -> Result<()> {
    let cx = t.stage.at(tx, "cheng", t.day.plus_days(1).min(t.stage.ago(0)), 9)?;
    let words = "事实写得清楚。建议把目标拆成两个能看见的小目标，下次带上家属一起谈。";
    let done = reviews::review(tx, &cx, case, "contact_note", note, ReviewVerdict::Advice, words);
    match done {
        Ok(said) => {
            let cx = t.stage.at(tx, t.worker, t.day.plus_days(1).min(t.stage.ago(0)), 15)?;
            reviews::answer(tx, &cx, case, &said.id, "已拆成两个，下周约女儿一起。").map(drop)
        }
        // Not every client has a supervisor.
        Err(db::Error::Missing) => Ok(()),
        Err(e) => Err(e),
    }
}

fn finish(
    tx: &mut Tx<'_>,
    t: &mut Teller<'_>,
    case: &CaseId,
    said: &Theme,
    n: usize,
    far: Far,
) -> Result<()> {
    if far == Far::Work {
        return Ok(());
    }
    let cx = t.cx(tx, 19)?;
    if far == Far::Suspended {
        return stages::suspend(tx, &cx, case, "住院手术，约定出院后再谈。").map(drop);
    }
    if far == Far::Referred {
        return stages::refer_out(tx, &cx, case, "随子女迁往外区，已与当地社工站交接。").map(drop);
    }
    stages::advance(tx, &cx, case, Step::Evaluation)?;
    if far == Far::Evaluation {
        return Ok(());
    }
    t.on(5);
    let [(one, _), (two, _)] = said.goals;
    let (a, b) = if n.is_multiple_of(3) { ("1", "0") } else { ("0", "-1") };
    t.form(
        tx,
        case,
        "evaluation",
        &[
            ("phase", text("end")),
            ("goals.0.statement", text(one)),
            ("goals.0.level", text(a)),
            ("goals.1.statement", text(two)),
            ("goals.1.level", text(b)),
            ("client_rating", text("4")),
            ("reflection", text("先听完再谈办法，是这个个案走得稳的原因。")),
        ],
    )?;
    t.form(
        tx,
        case,
        "closure",
        &[
            ("reason", text(if n.is_multiple_of(3) { "met" } else { "partly" })),
            ("summary", text("按计划完成服务，主要目标达到预期，本人同意结案。")),
            ("goals.0.goal", text(one)),
            ("goals.0.result", text("full")),
            ("goals.1.goal", text(two)),
            ("goals.1.result", text(if n.is_multiple_of(3) { "full" } else { "part" })),
            ("informed_on", t.day.to_string()),
        ],
    )?;
    let cx = t.cx(tx, 19)?;
    requests::ask_closing(tx, &cx, case)?;
    if far == Far::Closing {
        return Ok(());
    }
    t.on(2);
    t.agreed(tx, case)?;
    if far == Far::Closed {
        return Ok(());
    }
    t.on(31);
    let decision = if far == Far::Reopened { "reopen" } else { "end" };
    t.form(
        tx,
        case,
        "follow_up",
        &[
            ("mode", text("phone")),
            ("state", text("目标保持得住，生活平稳。")),
            ("decision", text(decision)),
            ("reason", text("上周在家跌倒一次，需要重新预估。")),
        ],
    )?;
    if far == Far::Archived && n.is_multiple_of(2) {
        let cx = t.cx(tx, 20)?;
        closing::add(tx, &cx, case, "补充：家属送来感谢信一封，已存纸质档案。")?;
    }
    Ok(())
}

/// The first case waits to be taken over by a colleague.
fn hand_over(tx: &mut Tx<'_>, stage: &Stage, worker: &str, case: &CaseId) -> Result<()> {
    let to = if worker == "kong" { "fan" } else { "kong" };
    let person = stage.person(tx, to)?;
    let cx = stage.at(tx, worker, stage.ago(1), 16)?;
    let done = transfer::offer(tx, &cx, case, &person, "我下月到区里跟岗三个月，商定由同事接手。");
    match done {
        Ok(_) => Ok(()),
        // The colleague may not work with minors just then.
        Err(db::Error::Refused(_)) => Ok(()),
        Err(e) => Err(e),
    }
}

/// A report of harm that the school's social worker made, and the police's receipt an hour later.
fn harm(tx: &mut Tx<'_>, stage: &Stage, child: &ClientId) -> Result<()> {
    let cx = stage.at(tx, "su", stage.ago(20), 15)?;
    let new = reports::NewReport {
        client: Some(child.clone()),
        situation: Some(Situation::Abandoned),
        facts: "放学后无人接，孩子说已经三天一个人在家，身上没有伤。".into(),
        place: "学校门口".into(),
        steps: "陪同留校，联系奶奶；拨打 110。".into(),
        found_at: Some(cx.now.plus_millis(-25 * 60_000)),
        ..reports::NewReport::default()
    };
    let row = reports::report(tx, &cx, new)?;
    let head = stage.at(tx, "lin", stage.ago(20), 16)?;
    let more = reports::NewReport {
        police_at: Some(cx.now.plus_millis(10 * 60_000)),
        police: "云汀派出所（虚构）".into(),
        police_receipt: "虚构接警 0007".into(),
        ..reports::NewReport::default()
    };
    reports::complete(tx, &head, &row.id, more, "").map(drop)
}
