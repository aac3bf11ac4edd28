//! Where each measure turns: one row per boundary, to be held beside the measure catalogue of the policy (M01 to M80).
//!
//! A row is the measure, the situation in words, the rule that reads it, the facts in the shorthand of the pack's cases, and the verdict.
//! Facts without `as_of` are asked on 2022-12-31.
use std::fmt::Write as _;
use std::path::Path;

use policy::words::{Lang, say};
use policy::{Pack, Source, run_tests};

/// Measure, situation, rule, facts, verdict.
type Row = (&'static str, &'static str, &'static str, String, &'static str);

const SELF: &str = "unit = { kind = 'station', street = '凯旋', operator = 'self', name = '杭州市上城区凯旋街道社会工作站' }\n";
const THIRD: &str = "unit = { kind = 'station', street = '凯旋', operator = 'third_party', name = '杭州市上城区凯旋街道社会工作站' }\n";
const STUDIO: &str = "unit = { kind = 'studio', street = '小营', community = '小营巷', name = '上城区小营街道（小营巷社区）王阿姨社会工作室' }\n";
const DISTRICT: &str = "unit = { kind = 'district' }\n";
const STREET: &str = "unit = { kind = 'street', street = '凯旋' }\n";
const MENTOR: &str = "unit = { kind = 'supervisor', id = '甲' }\n";

/// A station or studio of this name in its own street and community.
fn named(kind: &str, name: &str) -> String {
    format!(
        "unit = {{ id = '站', kind = '{kind}', street = '小营', community = '小营巷', operator = 'self', name = '{name}' }}\n"
    )
}
/// The unit and rows of one table, each written as `key = value, …`.
fn with(unit: &str, table: &str, rows: &[&str]) -> String {
    let rows: Vec<String> = rows.iter().map(|r| format!("{{ {r} }}")).collect();
    format!("{unit}{table} = [{}]\n", rows.join(", "))
}
/// So many people in post, all full-time and certified.
fn staff(n: usize) -> String {
    let rows: Vec<String> = (0..n)
        .map(|i| format!("{{ person = '{i}', role = 'worker', fulltime = true, quals = ['sw'] }}"))
        .collect();
    format!("{SELF}posts = [{}]\n", rows.join(", "))
}
fn posts(unit: &str, rows: &[&str]) -> String {
    with(unit, "posts", rows)
}
fn kinds(unit: &str, table: &str, key: &str, kinds: &[&str]) -> String {
    let rows: Vec<String> = kinds.iter().map(|k| format!("{key} = '{k}'")).collect();
    with(unit, table, &rows.iter().map(String::as_str).collect::<Vec<_>>())
}
/// A bought professional project: all its staff, professionals among them.
fn project(total: usize, pro: usize) -> String {
    format!(
        "project = [{{ id = '站', purchased_by_government = true, professional = true, staff_total = {total}, staff_professional = {pro} }}]\n"
    )
}
fn labour(cost: i64, funds: i64) -> String {
    format!(
        "project = [{{ id = '站', purchased_by_government = true, professional = true, labour_cost = {cost}, funds = {funds} }}]\n"
    )
}
fn money(unit: &str, rows: &[(&str, i64)]) -> String {
    let rows: Vec<String> = rows
        .iter()
        .map(|(kind, fen)| format!("kind = '{kind}', amount = {fen}, on = 2022-03-01"))
        .collect();
    with(unit, "funds", &rows.iter().map(String::as_str).collect::<Vec<_>>())
}
fn on(day: &str, facts: &str) -> String {
    format!("as_of = {day}\n{facts}")
}
fn given(day: &str, measure: &str, value: &str) -> String {
    on(day, &format!("district = {{ '{measure}' = {value} }}\n"))
}

#[rustfmt::skip]
fn goals_and_lists() -> Vec<Row> {
    let school = |first: &str| with(DISTRICT, "school_services", &[&format!("school = '一小', from = 2022-09-01{first}")]);
    let fresh = |day: &str| with(SELF, "lists", &[
        &format!("kind = 'needs', updated = {day}"), &format!("kind = 'resources', updated = {day}"), &format!("kind = 'projects', updated = {day}"),
    ]);
    let lists = |items: i64| with(SELF, "lists", &[&format!("kind = 'needs', updated = 2022-06-01, items = {items}"), "kind = 'resources', updated = 2022-06-01", "kind = 'projects', updated = 2022-06-01"]);
    vec![
        ("M01", "2022 年底 2 个示范站", "t.demo-stations", given("2022-12-31", "honours.count", "2"), "met"),
        ("M01", "2022 年底 1 个示范站：力争的目标，落后", "t.demo-stations", given("2022-12-31", "honours.count", "1"), "behind"),
        ("M02", "2025 年底 99 个示范室", "t.demo-studios", given("2025-12-31", "honours.count", "99"), "behind"),
        ("M02", "2025 年底 100 个示范室", "t.demo-studios", given("2025-12-31", "honours.count", "100"), "met"),
        ("M03", "2022 年底 9 所学校", "t.schools", given("2022-12-31", "schools.served", "9"), "missed"),
        ("M03", "2022 年底 10 所学校", "t.schools", given("2022-12-31", "schools.served", "10"), "met"),
        ("M03", "有协议、没有服务记录：不算落地", "t.schools", school(""), "missed"),
        ("M04", "2025 年底 49 名督导", "t.supervisors", given("2025-12-31", "supervisors.count", "49"), "missed"),
        ("M04", "2025 年底 50 名督导：以上含本数", "t.supervisors", given("2025-12-31", "supervisors.count", "50"), "met"),
        ("M05", "2025 年底 198/199 个社区有社工室", "t.studio-coverage", given("2025-12-31", "communities.studio_coverage", "'198:199'"), "missed"),
        ("M05", "2025 年底 199/199 个社区有社工室", "t.studio-coverage", given("2025-12-31", "communities.studio_coverage", "'199:199'"), "met"),
        ("M07", "三清单齐全、各有条目", "lists", lists(1), "pass"),
        ("M07", "有一张清单是空的", "lists", lists(0), "fail"),
        ("M07", "清单整整一年前更新", "lists.fresh", fresh("2021-12-31"), "pass"),
        ("M07", "清单一年零一天前更新", "lists.fresh", fresh("2021-12-30"), "warn"),
        ("M08", "站没有品牌：力争的事，提示", "station.brand", with(SELF, "brands", &[]), "warn"),
        ("M08", "站有一个品牌", "station.brand", with(SELF, "brands", &["name = '里'"]), "pass"),
    ]
}

#[rustfmt::skip]
fn premises() -> Vec<Row> {
    const RULES: [&str; 5] = ["post", "finance", "training", "volunteer", "archive"];
    let rooms = |unit: &str, rows: &[&str]| with(unit, "rooms", rows);
    let rules = |kinds: &[&str], last: &str| {
        let rows: Vec<String> = kinds.iter().map(|k| format!("class = 'management_rule', kind = '{k}', from = 2022-03-01{}", if *k == "archive" { last } else { "" })).collect();
        with(SELF, "documents", &rows.iter().map(String::as_str).collect::<Vec<_>>())
    };
    let shown = |unit: &str, list: &[&str]| kinds(unit, "facilities", "kind", list);
    vec![
        ("M10", "三间房担五种功能", "station.rooms", rooms(SELF, &["functions = ['worker', 'archive']", "functions = ['case', 'group']", "functions = ['multi']"]), "pass"),
        ("M10", "五间房只有四种功能", "station.rooms", rooms(SELF, &["functions = ['worker']", "functions = ['case']", "functions = ['group']", "functions = ['multi']", "functions = ['multi']"]), "fail"),
        ("M11", "一间房担三种功能", "studio.rooms", rooms(STUDIO, &["functions = ['case', 'group', 'multi']"]), "pass"),
        ("M11", "少个案工作室", "studio.rooms", rooms(STUDIO, &["functions = ['group', 'multi']"]), "fail"),
        ("M12", "五项制度都在施行", "station.management-rules", rules(&RULES, ""), "pass"),
        ("M12", "一项制度当天废止：不算", "station.management-rules", rules(&RULES, ", to = 2022-12-31"), "fail"),
        ("M13", "只有为民服务窗口", "station.reception", shown(SELF, &["window"]), "pass"),
        ("M13", "只有综合接待台", "station.reception", shown(SELF, &["reception"]), "pass"),
        ("M13", "都没有", "station.reception", shown(SELF, &[]), "fail"),
        ("M14", "展示服务清单", "station.service-display", shown(SELF, &["show_list"]), "pass"),
        ("M14", "什么都没展示", "station.service-display", shown(SELF, &[]), "fail"),
        ("M15", "三个展示区块", "station.display", shown(SELF, &["show_minors", "show_relief", "show_incubation"]), "pass"),
        ("M15", "两个展示区块", "station.display", shown(SELF, &["show_minors", "show_relief"]), "fail"),
        ("M16", "站名齐全", "station.name", named("station", "杭州市上城区小营街道社会工作站"), "pass"),
        ("M16", "缺“杭州市”", "station.name", named("station", "上城区小营街道社会工作站"), "fail"),
        ("M16", "别的街道的名字", "station.name", named("station", "杭州市上城区湖滨街道社会工作站"), "fail"),
        ("M16", "“街道街道”", "station.name", named("station", "杭州市上城区小营街道街道社会工作站"), "fail"),
        ("M17", "室名齐全", "studio.name", named("studio", "上城区小营街道（小营巷社区）王阿姨社会工作室"), "pass"),
        ("M17", "半角括号也认", "studio.name", named("studio", "上城区小营街道(小营巷社区)王阿姨社会工作室"), "pass"),
        ("M17", "多了“杭州市”", "studio.name", named("studio", "杭州市上城区小营街道（小营巷社区）王阿姨社会工作室"), "fail"),
        ("M17", "没有名称特色", "studio.name", named("studio", "上城区小营街道（小营巷社区）社会工作室"), "fail"),
        ("M18", "标牌和标识都在", "station.signage", shown(SELF, &["logo", "wall_sign"]), "pass"),
        ("M18", "有标牌没有标识", "station.signage", shown(SELF, &["wall_sign"]), "fail"),
        ("M19", "四种标识牌", "studio.posters", shown(STUDIO, &["concept", "process", "duties", "news"]), "pass"),
        ("M19", "少服务动态", "studio.posters", shown(STUDIO, &["concept", "process", "duties"]), "fail"),
    ]
}

#[rustfmt::skip]
fn people() -> Vec<Row> {
    let head = "person = '甲', role = 'head', fulltime = true";
    let chief = "person = '甲', role = 'head', affiliation = 'street_public_service_office_chief'";
    let certified = |full: &str| posts(SELF, &[
        "person = '甲', role = 'worker', fulltime = true, quals = ['sw']", "person = '乙', role = 'worker', fulltime = true, quals = ['sw_assistant']",
        &format!("person = '丙', role = 'worker', fulltime = {full}, quals = ['sw']"),
    ]);
    let studio = |row: &str| posts(STUDIO, &[row]);
    let worked = |from: &str| format!("{}work_history = [{{ person = '甲', kind = 'community', from = {from}, to = 2022-12-31 }}]\n", studio("person = '甲', role = 'worker', fulltime = true"));
    vec![
        ("M20", "2 人", "station.staff", staff(2), "fail"),
        ("M20", "3 人", "station.staff", staff(3), "pass"),
        ("M20", "5 人", "station.staff", staff(5), "pass"),
        ("M20", "6 人", "station.staff", staff(6), "fail"),
        ("M20", "第三方运营：兼任的站长不计，2 人", "station.staff", posts(THIRD, &[chief, "person = '乙', role = 'deputy'", "person = '丙', role = 'worker'"]), "fail"),
        ("M20", "志愿者从来不算，2 人", "station.staff", posts(SELF, &["person = '甲', role = 'head'", "person = '乙', role = 'deputy'", "person = '丙', role = 'worker', volunteer = true"]), "fail"),
        ("M21", "督导助理可以同时是持证社工", "station.supervisor", posts(SELF, &["person = '甲', role = 'worker', fulltime = true, quals = ['sw', 'supervisor_assistant']"]), "pass"),
        ("M21", "没有督导", "station.supervisor", staff(3), "fail"),
        ("M22", "三名专职持证", "station.certified", certified("true"), "pass"),
        ("M22", "两名专职、一名兼职", "station.certified", certified("false"), "fail"),
        ("M23", "没有站长", "station.head", posts(SELF, &["person = '乙', role = 'deputy'"]), "fail"),
        ("M23", "一名站长", "station.head", posts(SELF, &[head]), "pass"),
        ("M23", "两名站长", "station.head", posts(SELF, &[head, "person = '乙', role = 'head'"]), "fail"),
        ("M23", "第三方运营：由公共服务办公室负责人兼任", "station.head-third-party", posts(THIRD, &[chief]), "pass"),
        ("M23", "第三方运营：由别人担任", "station.head-third-party", posts(THIRD, &[head]), "fail"),
        ("M24", "第三方运营：承接机构项目主管任副站长", "station.deputy-third-party", posts(THIRD, &["person = '乙', role = 'deputy', affiliation = 'operator_project_lead'"]), "pass"),
        ("M24", "第三方运营：普通员工任副站长", "station.deputy-third-party", posts(THIRD, &["person = '乙', role = 'deputy'"]), "fail"),
        ("M25", "甲站站长兼乙站副站长", "station.no-concurrent", posts(SELF, &[head, "person = '甲', role = 'deputy', unit = '乙站'"]), "fail"),
        ("M25", "副站长在本站兼任社工", "station.no-concurrent", posts(SELF, &["person = '乙', role = 'deputy'", "person = '乙', role = 'worker'"]), "pass"),
        ("M25", "第三方运营：兼任的站长豁免", "station.no-concurrent", posts(THIRD, &[chief, "person = '甲', role = 'worker', unit = '街道'"]), "pass"),
        ("M26", "站长没有领军或督导资格：原则上，提示", "station.leaders-qualified", posts(SELF, &[head]), "warn"),
        ("M26", "站长是市级领军人才", "station.leaders-qualified", posts(SELF, &["person = '甲', role = 'head', quals = ['talent_city']"]), "pass"),
        ("M27", "一名专职持证社工", "studio.certified", studio("person = '甲', role = 'worker', fulltime = true, quals = ['sw_assistant']"), "pass"),
        ("M27", "在两个室专职：两边都不算", "studio.certified", posts(STUDIO, &["person = '甲', role = 'worker', fulltime = true, quals = ['sw']", "person = '甲', role = 'worker', fulltime = true, unit = '另一室'"]), "fail"),
        ("M28", "正好三年", "studio.experience", worked("2019-12-31"), "pass"),
        ("M28", "差一天三年：优先，提示", "studio.experience", worked("2020-01-01"), "warn"),
    ]
}

#[rustfmt::skip]
fn programmes() -> Vec<Row> {
    let projects = |unit: &str, list: &[&str]| {
        let rows: Vec<String> = list.iter().enumerate().map(|(i, k)| format!("id = 'j{i}', kind = '{k}', from = 2022-02-01")).collect();
        with(unit, "projects", &rows.iter().map(String::as_str).collect::<Vec<_>>())
    };
    let cases = |unit: &str, n: usize| with(unit, "feature_cases", &vec!["accepted = 2022-12-31"; n]);
    let training = |tenths: i64| with(DISTRICT, "trainings", &["kind = 'practice', focus = 'practice', mode = 'central', from = 2022-05-01, to = 2022-05-07", &format!("kind = 'practice', focus = 'practice', mode = 'central', from = 2022-06-01, tenths = {tenths}")]);
    vec![
        ("M30", "两个服务品牌、没有治理品牌", "station.brand-governance", projects(SELF, &["brand_service", "brand_service"]), "fail"),
        ("M30", "治理品牌一个", "station.brand-governance", projects(SELF, &["brand_governance"]), "pass"),
        ("M30", "组团项目两个", "station.clusters", projects(SELF, &["cluster", "cluster"]), "fail"),
        ("M30", "组团项目三个", "station.clusters", projects(SELF, &["cluster", "cluster", "cluster"]), "pass"),
        ("M30", "自选项目没有也行", "station.optional", projects(SELF, &["core"]), "pass"),
        ("M31", "服务清单里有一项行政事务", "station.no-admin", with(SELF, "services", &["admin = true, on = 2022-05-01"]), "fail"),
        ("M31", "没有行政事务", "station.no-admin", with(SELF, "services", &["on = 2022-05-01"]), "pass"),
        ("M32", "三类治理项目齐全", "studio.three", projects(STUDIO, &["deliberation", "neighbours", "backbone"]), "pass"),
        ("M32", "少骨干培养", "studio.three", projects(STUDIO, &["deliberation", "neighbours"]), "fail"),
        ("M50", "六天半", "training.days", training(5), "missed"),
        ("M50", "七天", "training.days", training(10), "met"),
        ("M51", "没有外出见习", "training.visit", with(DISTRICT, "trainings", &["kind = 'law', from = 2022-05-01"]), "missed"),
        ("M51", "一次外出见习", "training.visit", with(DISTRICT, "trainings", &["kind = 'visit', from = 2022-05-01"]), "met"),
        ("M52", "五类培训缺一类：提示", "training.kinds", kinds(DISTRICT, "trainings", "from = 2022-05-01, kind", &["induction", "supervision", "continuing", "practice"]), "warn"),
        ("M52", "五类培训都有", "training.kinds", kinds(DISTRICT, "trainings", "from = 2022-05-01, kind", &["induction", "supervision", "continuing", "practice", "law"]), "pass"),
        ("M53", "室有督导联系", "studio.contact-supervisor", with(STUDIO, "supervision_links", &["person = '导'"]), "pass"),
        ("M53", "室没有督导联系", "studio.contact-supervisor", with(STUDIO, "supervision_links", &[]), "warn"),
        ("M61", "站一篇案例", "station.cases", cases(SELF, 1), "missed"),
        ("M61", "站两篇案例，最后一天通过", "station.cases", cases(SELF, 2), "met"),
        ("M62", "室没有案例", "studio.cases", cases(STUDIO, 0), "missed"),
        ("M62", "室一篇案例", "studio.cases", cases(STUDIO, 1), "met"),
    ]
}

#[rustfmt::skip]
fn supervision_and_money() -> Vec<Row> {
    let team = |sources: &[&str]| {
        let rows: Vec<String> = sources.iter().enumerate().map(|(i, s)| format!("person = '{i}', source = '{s}'")).collect();
        with(DISTRICT, "supervisors", &rows.iter().map(String::as_str).collect::<Vec<_>>())
    };
    let mentor = |full: &str, result: &str, paid: i64| format!(
        "{MENTOR}supervisors = [{{ person = '甲', fulltime = {full}, social_worker = true, level = 'city', project_level = 'district', from = 2022-01-01 }}]\n\
         assessments = [{{ subject = '甲', year = 2022, completed = 2022-12-31, result = '{result}', dims = ['ability', 'quality', 'results', 'conduct'] }}]\n\
         payments = [{{ person = '甲', month = 2022-12-01, amount = {paid} }}]\n"
    );
    let appraised = |year: i32, done: &str| on("2022-12-31", &format!(
        "{MENTOR}supervisors = [{{ person = '甲', from = 2022-01-01 }}]\nassessments = [{{ subject = '甲', year = {year}, completed = {done}, result = 'pass', dims = ['ability', 'quality', 'results', 'conduct'] }}]\n"
    ));
    let budget = |fen: i64| with(DISTRICT, "budgets", &["year = 2022, use = 'build', amount = 100000000", &format!("year = 2022, use = 'serve', amount = {fen}")]);
    let matched = |allocated: i64, own: i64| money(STREET, &[("district_allocated", allocated), ("street_match", own)]);
    let bought = |own: i64, all: i64| money(STREET, &[("station_purchase", own), ("venture", all)]);
    let mut out = vec![
        ("M40", "三种导师都有", "supervision.team", team(&["local", "university", "practice"]), "pass"),
        ("M40", "没有高校教师", "supervision.team", team(&["local", "practice"]), "fail"),
        ("M43", "考核在最后一天完成", "supervision.assessment", appraised(2022, "2022-12-31"), "met"),
        ("M43", "到年底还没考核完", "supervision.assessment", appraised(2022, "2023-01-01"), "missed"),
        ("M44", "足额发放 800 元", "supervision.allowance", mentor("true", "pass", 80_000), "pass"),
        ("M44", "少发一分", "supervision.allowance", mentor("true", "pass", 79_999), "fail"),
        ("M44", "兼职：没有津贴", "supervision.allowance", mentor("false", "pass", 0), "not_applicable"),
        ("M44", "考核不合格：没有津贴", "supervision.allowance", mentor("true", "fail", 0), "not_applicable"),
        ("M70", "1,399,999.99 元", "money.budget", budget(39_999_999), "fail"),
        ("M70", "1,400,000 元", "money.budget", budget(40_000_000), "pass"),
        ("M71", "拨 10 万、配 10 万", "money.match-ratio", matched(10_000_000, 10_000_000), "pass"),
        ("M71", "拨 12 万、配 10 万：比例不够", "money.match-ratio", matched(12_000_000, 10_000_000), "fail"),
        ("M71", "拨 12 万、配 10 万：下限够", "money.match-floor", matched(12_000_000, 10_000_000), "pass"),
        ("M71", "拨 8 万、配 8 万：下限不够", "money.match-floor", matched(8_000_000, 8_000_000), "fail"),
        ("M72", "正好 20%", "money.purchase-share", bought(20, 100), "pass"),
        ("M72", "19.99%", "money.purchase-share", bought(1_999, 10_000), "fail"),
        ("M72", "没有公益创投资金：不适用", "money.purchase-share", bought(1, 0), "not_applicable"),
        ("M75", "80.00%", "money.labour-share", labour(8_000, 10_000), "pass"),
        ("M75", "80.01%", "money.labour-share", labour(8_001, 10_000), "fail"),
    ];
    // The least number of professionals among 1 to 12 people.
    for (total, least) in (1..=12).zip([1, 2, 3, 3, 4, 5, 6, 6, 7, 8, 9, 9]) {
        out.push(("M74", "专业人才正好 75%", "money.pro-share", project(total, least), "pass"));
        out.push(("M74", "专业人才差一人", "money.pro-share", project(total, least - 1), "fail"));
    }
    out
}

#[test]
fn every_measure_turns_where_the_policy_says() {
    let rows: Vec<Row> =
        [goals_and_lists(), premises(), people(), programmes(), supervision_and_money()].concat();
    let mut cases = String::new();
    for (n, (measure, says, rule, facts, verdict)) in rows.iter().enumerate() {
        let day = if facts.contains("as_of") { "" } else { "as_of = 2022-12-31\n" };
        let rule =
            if facts.starts_with("project") { format!("站/{rule}") } else { (*rule).into() };
        let _ = write!(
            cases,
            "[[test]]\nname = '{measure} {n} {says}'\n{day}{facts}expect = {{ '{rule}' = '{verdict}' }}\n\n"
        );
    }
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../policy/shangcheng-2022");
    let mut files = Source::read_dir(&folder).unwrap_or_else(|e| panic!("{e}"));
    files.push(Source { name: "cases/boundaries.toml".into(), text: cases });
    let pack = Pack::load(&files).unwrap_or_else(|faults| panic!("{faults}"));
    let told = run_tests(&pack).into_iter().filter(|c| c.file.ends_with("boundaries.toml"));
    let (mut seen, mut wrong) = (0, Vec::new());
    for case in told {
        seen += 1;
        wrong.extend(
            case.misses
                .iter()
                .map(|m| format!("{}: {}", case.name, say(Lang::Zh, &m.key, &m.args))),
        );
    }
    assert_eq!(seen, rows.len());
    assert!(wrong.is_empty(), "{} of {seen}: {wrong:#?}", wrong.len());
}
