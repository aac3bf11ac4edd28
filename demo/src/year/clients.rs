//! The residents of one street come in: at home, at the studio, by the neighbourhood's list; most are old, some are young, a few are hidden.
use access::Cx;
use clients::acts::family::{self, NewRelation};
use clients::acts::{assign, categories, consents, risk, scales, take_in};
use clients::model::{
    Bond, Category, ConsentForm, Factor, Flow, Giver, Kin, NewClient, Scope, Source, SupportKind,
    Tie,
};
use db::{Result, Tx};
use kernel::{ClientId, Day, PersonId};
use registry::client::{AssignmentKind, RiskGrade};
use registry::region::Region;

use super::Stage;
use crate::names;

/// Clients of the small scale, and of all streets at the large one.
const SMALL: usize = 180;
const LARGE: usize = 20_000;
const ESTATES: [&str; 6] = ["桂语苑", "听荷里", "霁月新村", "棠梨公寓", "云渡小区", "砚湖人家"];

/// Somebody who takes clients on.
struct Keeper {
    login: &'static str,
    person: PersonId,
}

pub(super) fn build(tx: &mut Tx<'_>, stage: &mut Stage) -> Result<()> {
    let system = stage.system.clone();
    let keeper = |tx: &mut Tx<'_>, login: &'static str| {
        Ok::<_, db::Error>(Keeper { login, person: stage.person(tx, login)? })
    };
    let (fan, kong, su, xu) =
        (keeper(tx, "fan")?, keeper(tx, "kong")?, keeper(tx, "su")?, keeper(tx, "xu")?);
    let cheng = stage.person(tx, "cheng")?;
    for (n, k) in [&fan, &kong, &su, &xu].into_iter().enumerate() {
        check(tx, &system, &k.person, stage.ago(340), n)?;
    }
    let communities = registry::region::children(tx, &stage.street.id)?;
    let many = stage.many(SMALL, LARGE);
    for n in 0..many {
        let at = if n % 3 == 0 { &stage.community } else { pick(&communities, n)? };
        let day = stage.ago(330 - i32::try_from(n * 320 / many).unwrap_or(0));
        let birth = birth(stage.before + n, stage.system.today());
        let minor = birth.years_until(day) < 18;
        let by = match (minor, at.id == stage.community.id) {
            (true, _) => &su,
            (_, true) if n % 2 == 0 => &kong,
            _ if n % 7 == 5 => &xu,
            _ => &fan,
        };
        let id = arrive(tx, stage, by, at, n, birth, day)?;
        stage.clients.push(id.clone());
        follow(tx, stage, by, &cheng, n, &id, day)?;
        if n % 15 == 4 {
            around(tx, stage, by, n, &id, day)?;
        }
    }
    twice(tx, stage, &kong, &fan)
}

/// One of them was taken in twice: at home by one worker, at the studio by another who heard the name and wrote it otherwise. Each asked the
/// same scale once, so that the merged file shows a course.
fn twice(tx: &mut Tx<'_>, stage: &Stage, first: &Keeper, second: &Keeper) -> Result<()> {
    let birth = stage.system.today().plus_years(-77).plus_days(-131);
    let phone = names::phone(4001);
    let form = forms::library::latest(tx, "phq9")?;
    for (by, name, number, ago, score) in [
        (first, "邵月琴", names::citizen(401, birth, false), 96, "2"),
        (second, "邵玥琴", String::new(), 33, "1"),
    ] {
        let day = stage.ago(ago);
        let cx = stage.at(tx, by.login, day, 10)?;
        let new = NewClient {
            birth: Some(birth),
            id_number: number,
            phone: phone.clone(),
            building: "听荷里 7 幢 1 单元".into(),
            door: "302".into(),
            categories: vec![Category::LivingAlone],
            source: Source::SelfReported,
            anyway: true,
            ..NewClient::called(name, stage.community.id.clone(), day)
        };
        let id = take_in::take_in(tx, &cx, new)?.client.id;
        let flat = (1..=9)
            .map(|q| (format!("q{q}"), if q == 9 { "0" } else { score }.to_owned()))
            .collect();
        scales::keep(tx, &cx, &id, &form, form.read(&flat)?, day)?;
    }
    Ok(())
}

/// Who and what is around some of them: the family, the supports, what a scale said twice.
fn around(
    tx: &mut Tx<'_>,
    stage: &Stage,
    by: &Keeper,
    n: usize,
    id: &ClientId,
    day: Day,
) -> Result<()> {
    let cx = stage.at(tx, by.login, day.plus_days(3), 10)?;
    let Ok(client) = access::care::find_to_write(tx, &cx, id) else { return Ok(()) };
    let old = client.birth.is_some_and(|b| b.years_until(day) >= 60);
    let family: &[(Kin, Bond, bool, bool)] = if old {
        &[
            (Kin::Spouse, Bond::Plain, true, false),
            (Kin::Son, Bond::CutOff, false, false),
            (Kin::Daughter, Bond::Close, false, false),
            (Kin::Granddaughter, Bond::Plain, false, false),
        ]
    } else {
        &[
            (Kin::Father, Bond::Conflict, false, false),
            (Kin::Mother, Bond::Close, false, true),
            (Kin::Sister, Bond::Plain, false, false),
        ]
    };
    let own = client.birth.map_or(1950, |b| i64::from(b.year()));
    for (i, (kin, bond, dead, together)) in family.iter().enumerate() {
        let relation = NewRelation {
            kin: *kin,
            other: None,
            name: names::name(3000 + n * 5 + i),
            sex: None,
            birth_year: Some((own + i64::from(kin.generation()) * 26).min(2024)),
            dead: *dead,
            together: *together,
            bond: *bond,
            note: String::new(),
        };
        family::relate(tx, &cx, id, relation)?;
    }
    for (kind, name, tie, flow) in [
        (SupportKind::Neighbours, "楼上邻居", Tie::Strong, Flow::Both),
        (SupportKind::Community, "社区居委会", Tie::Plain, Flow::ToClient),
        (SupportKind::Medical, "社区卫生服务中心", Tie::Weak, Flow::ToClient),
        (SupportKind::SocialSecurity, "养老金", Tie::Plain, Flow::ToClient),
        (SupportKind::Family, "长子一家", Tie::Strained, Flow::Nowhere),
    ] {
        family::support(tx, &cx, id, kind, name, tie, flow, "")?;
    }
    let form = forms::library::latest(tx, "phq9")?;
    for (at, score) in [(3, "2"), (40, "1")] {
        let on = day.plus_days(at);
        if on > stage.system.today() {
            continue;
        }
        let cx = stage.at(tx, by.login, on, 11)?;
        let flat = (1..=9)
            .map(|q| (format!("q{q}"), if q == 9 { "0" } else { score }.to_owned()))
            .collect();
        let answers = form.read(&flat)?;
        scales::keep(tx, &cx, id, &form, answers, on)?;
    }
    Ok(())
}

fn pick(communities: &[Region], n: usize) -> Result<&Region> {
    communities.get(n % communities.len().max(1)).ok_or(db::Error::Missing)
}

/// The check for work with minors that the bureau files for each of them (未成年人保护法 §62).
fn check(tx: &mut Tx<'_>, cx: &Cx, person: &PersonId, since: Day, n: usize) -> Result<()> {
    let register = sites::registers::register("qualifications").ok_or(db::Error::Missing)?;
    let until = since.plus_years(1).to_string();
    let (number, since) = (format!("虚构背查{n:03}"), since.to_string());
    let fields =
        [("kind", "background_check"), ("number", &number), ("since", &since), ("until", &until)];
    let input = fields.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
    web::register::acts::add(tx, cx, register, person.as_str(), &input, sites::acts::resolve)
        .map(drop)
}

/// Half are sixty and older, a tenth are young.
fn birth(n: usize, today: Day) -> Day {
    let years = match n % 10 {
        0..=2 => 66 + n * 7 % 13,
        3 | 4 => 80 + n * 5 % 15,
        5 => 60 + n % 6,
        6 => 7 + n * 3 % 11,
        _ => 24 + n * 11 % 35,
    };
    let shift = i32::try_from(n * 37 % 360).unwrap_or(0);
    today.plus_years(-i32::try_from(years).unwrap_or(60)).plus_days(-shift)
}

/// What somebody of this age and number belongs to.
fn belongs(n: usize, age: i32) -> Vec<Category> {
    let mut out = match (age, n % 6) {
        (..18, 0 | 3) => vec![Category::ChildInDifficulty],
        (..18, 1) => vec![Category::LeftBehindChild],
        (..18, 2) => vec![Category::Migrant],
        (..18, _) => vec![Category::SingleParent],
        (80.., 0) => vec![Category::LivingAlone, Category::MinimumAllowance],
        (80.., 1 | 4) => vec![Category::LivingAlone],
        (80.., 2) => vec![Category::FunctionalLoss],
        (60.., 0 | 3) => vec![Category::EmptyNest],
        (60.., 1) => vec![Category::LowIncome],
        (60.., 2) => vec![Category::Veteran],
        (60.., _) => vec![Category::LivingAlone],
        (_, 0) => vec![Category::Disability],
        (_, 1) => vec![Category::Unemployed],
        (_, 2) => vec![Category::NewEmployment],
        (_, 3) => vec![Category::SingleParent],
        (_, 4) => vec![Category::MinimumAllowance],
        _ => vec![Category::General],
    };
    if out.contains(&Category::LeftBehindChild) && age >= 15 {
        out = vec![Category::SingleParent];
    }
    out
}

/// Names of the list that both sexes bear are few, so the given name is taken by sex.
fn name(n: usize, male: bool) -> String {
    const MEN: [&str; 12] = [
        "建国", "志强", "伟明", "海涛", "国平", "永良", "文涛", "学军", "立新", "德发", "阿根",
        "水林",
    ];
    const WOMEN: [&str; 12] = [
        "秀兰", "丽萍", "桂英", "雯", "海霞", "美君", "慧敏", "红梅", "素芬", "玉兰", "月琴",
        "彩娥",
    ];
    let full = names::name(900 + n);
    let compound = ["欧阳", "尉迟"].iter().any(|s| full.starts_with(s));
    let surname: String = full.chars().take(if compound { 2 } else { 1 }).collect();
    let all = if male { MEN } else { WOMEN };
    format!("{surname}{}", all.get((n * 5 + n / 12) % all.len()).copied().unwrap_or("静"))
}

fn arrive(
    tx: &mut Tx<'_>,
    stage: &Stage,
    by: &Keeper,
    at: &Region,
    n: usize,
    birth: Day,
    day: Day,
) -> Result<ClientId> {
    let male = n % 7 < 3;
    let whole = stage.before + n;
    let age = birth.years_until(day);
    // Every sixth lives with the one before.
    let home = if n % 6 == 5 { n - 1 } else { n };
    let estate = ESTATES.get(home % ESTATES.len()).copied().unwrap_or("桂语苑");
    let new = NewClient {
        birth: Some(birth),
        // Beyond so many the made-up numbers would repeat.
        id_number: if n % 9 == 8 || whole >= 19_800 {
            String::new()
        } else {
            names::citizen(whole, birth, male)
        },
        phone: if n % 11 == 10 || age < 12 { String::new() } else { names::phone(2000 + whole) },
        building: format!("{estate} {} 幢 {} 单元", home % 18 + 1, home % 3 + 1),
        door: format!("{}0{}", home % 9 + 1, home % 4 + 1),
        categories: belongs(n, age),
        source: if n.is_multiple_of(3) { Source::Verified } else { Source::SelfReported },
        worker: (by.login == "xu").then(|| by.person.clone()),
        anyway: true,
        ..NewClient::called(&name(whole, male), at.id.clone(), day)
    };
    let cx = stage.at(tx, by.login, day, 9)?;
    let taken = take_in::take_in(tx, &cx, new)?;
    if taken.waiting {
        let head = stage.at(tx, "lin", day, 15)?;
        for (request, client, _) in assign::waiting(tx, &head)? {
            // The latest child still waits for the head's word.
            if client.id == taken.client.id && n + 10 < stage.many(SMALL, LARGE) {
                assign::decide(tx, &head, request.id.as_str(), true)?;
            }
        }
    }
    Ok(taken.client.id)
}

/// Consent, risk, supervision; a few are hidden from then on.
fn follow(
    tx: &mut Tx<'_>,
    stage: &Stage,
    by: &Keeper,
    cheng: &PersonId,
    n: usize,
    id: &ClientId,
    day: Day,
) -> Result<()> {
    let cx = stage.at(tx, by.login, day, 16)?;
    let client = registry::client::find_unguarded(tx, id)?.ok_or(db::Error::Missing)?;
    let minor = client.minor_on(day);
    if access::care::find_to_write(tx, &cx, id).is_err() {
        return Ok(());
    }
    for (scope, every) in
        [(Scope::Service, 1), (Scope::Information, 1), (Scope::Sensitive, 2), (Scope::Photos, 5)]
    {
        if n % 4 == 3 || !n.is_multiple_of(every) {
            continue;
        }
        let given_by = if minor { Giver::Guardian } else { Giver::Oneself };
        let new = consents::NewConsent {
            scope,
            partner: String::new(),
            form: ConsentForm::Written,
            given_by,
            guardian: if minor { names::name(2000 + n) } else { String::new() },
            since: day,
            until: Some(day.plus_years(1)),
        };
        consents::give(tx, &cx, id, new)?;
    }
    let graded = match n % 20 {
        4 => Some((RiskGrade::High, Factor::IllAlone, "独居，近两个月跌倒两次，子女在外地。")),
        13 => Some((RiskGrade::Medium, Factor::Debt, "收入中断，拖欠房租三个月。")),
        16 if minor => {
            Some((RiskGrade::Medium, Factor::Abandonment, "父母长期不在身边，由祖辈照看。"))
        }
        18 if n % SMALL > 150 => {
            Some((RiskGrade::Critical, Factor::Suicide, "谈到活着没有意思，已约定安全计划。"))
        }
        2 | 9 => Some((RiskGrade::Medium, Factor::Other, "慢性病多，缺少照料。")),
        _ => None,
    };
    if let Some((grade, factor, reason)) = graded {
        risk::grade(tx, &cx, id, grade, &[factor], reason)?;
    }
    if matches!(n % 20, 4 | 18) {
        let head = stage.at(tx, "lin", day, 17)?;
        if !minor {
            assign::assign(tx, &head, id, cheng, AssignmentKind::Supervisor, day)?;
        }
    }
    let hidden = match n % SMALL {
        28 | 97 => Some(Category::Violence),
        49 => Some(Category::SevereMental),
        77 => Some(Category::Corrections),
        106 => Some(Category::MinorAtRisk),
        123 => Some(Category::Dementia),
        _ => None,
    };
    if let Some(category) = hidden.filter(|c| *c != Category::MinorAtRisk || minor) {
        categories::add(tx, &cx, id, category, Source::Verified, "", day, None)?;
    }
    Ok(())
}
