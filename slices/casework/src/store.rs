//! All the SQL of this slice. Cases load through the client's file (`access::care`); rows of one case after the case was found.
pub(crate) mod people;
pub(crate) mod reports;

use access::Cx;
use access::care::Lens;
use db::{Cell, FromRow, Result, Row, Tx, Value, args};
use kernel::{CaseId, ClientId, Day, Instant, PersonId, RecordId};

use crate::model::clock::Face;
use crate::model::{
    Case, CaseAddendum, CaseFreeze, CaseGoal, CaseNeed, CaseRequest, CaseReview, CaseStage,
    CaseTask, ClosureReason, ContactNote,
};

/// A case with what its clocks read.
#[derive(Clone, Debug)]
pub(crate) struct Line {
    pub(crate) case: Case,
    pub(crate) face: Face,
    pub(crate) notes: i64,
}

/// What a list is asked for.
#[derive(Clone, Debug, Default)]
pub(crate) struct Asked {
    /// `open`, `closed`, a stage, or nothing for all.
    pub(crate) stage: String,
    pub(crate) grade: String,
    pub(crate) words: String,
    /// Only cases whose client this person looks after.
    pub(crate) mine: bool,
    pub(crate) client: Option<ClientId>,
}

/// What clocks read, beside the columns of the case `f` and its client `c`.
const FACE: &str = "c.grade AS grade,
  (SELECT COUNT(*) FROM contact_note n WHERE n.case_file = f.id) AS notes,
  (SELECT MAX(n.day) FROM contact_note n WHERE n.case_file = f.id) AS last_note,
  (SELECT n.next_on FROM contact_note n WHERE n.case_file = f.id ORDER BY n.day DESC, n.serial DESC LIMIT 1) AS next_on,
  (SELECT MAX(a.on_day) FROM form_answer a WHERE a.subject = 'case' AND a.subject_id = f.id AND a.state = 'final'
     AND (a.form = 'service_plan' OR (a.form = 'evaluation' AND f.stage = 'intervention'))) AS planned,
  (SELECT MAX(a.at) FROM form_answer a WHERE a.subject = 'case' AND a.subject_id = f.id AND a.state = 'final'
     AND a.form = 'crisis_plan') AS crisis_planned,
  (SELECT COUNT(*) FROM form_answer a WHERE a.subject = 'case' AND a.subject_id = f.id AND a.state = 'final'
     AND a.form = 'follow_up' AND a.on_day >= f.closed_on) AS follow_ups,
  (SELECT COUNT(*) FROM case_request q WHERE q.case_file = f.id AND q.kind = 'opening' AND q.outcome IS NULL) AS asked_opening";

/// Who still works on a case.
const OPEN: &str =
    "f.stage NOT IN ('declined', 'referred_out', 'one_off_closed', 'follow_up', 'archived')";

impl FromRow for Line {
    fn from_row(row: &Row) -> Result<Self> {
        let case = Case::from_row(row)?;
        let face = Face {
            stage: case.stage,
            stage_on: case.stage_on,
            opened_on: case.opened_on,
            closed_on: case.closed_on,
            died: case.reason == Some(ClosureReason::Died),
            grade: row.get("grade")?,
            last_note: row.get("last_note")?,
            next_on: row.get("next_on")?,
            planned: row.get("planned")?,
            review_on: case.review_on,
            crisis_at: case.crisis_at,
            crisis_planned: row.get("crisis_planned")?,
            follow_ups: row.get("follow_ups")?,
            asked_opening: row.get::<i64>("asked_opening")? > 0,
        };
        Ok(Self { case, face, notes: row.get("notes")? })
    }
}

/// The condition of a list and its arguments.
fn filter(tx: &mut Tx<'_>, cx: &Cx, asked: &Asked) -> Result<(String, Vec<Value>)> {
    let person = cx.actor.person().map_or("", |p| p.as_str()).to_owned();
    let (seen, more) = Lens::of(tx, cx)?.condition(8);
    let mut values = vec![
        asked.stage.to_value(),
        asked.grade.to_value(),
        asked.words.trim().to_value(),
        asked.mine.to_value(),
        person.to_value(),
        asked.client.as_ref().map_or("", |c| c.as_str()).to_value(),
        // Who reads under a pseudonym must not find people by their names.
        (if cx.actor.can("clients.write") { asked.words.trim() } else { "" }).to_value(),
    ];
    values.extend(more);
    let sql = format!(
        "FROM case_file f JOIN client c ON c.id = f.client WHERE {seen}
         AND ($1 = '' OR f.stage = $1 OR ($1 = 'open' AND {OPEN}) OR ($1 = 'closed' AND NOT ({OPEN})))
         AND ($2 = '' OR c.grade = $2)
         AND ($3 = '' OR f.year || '-' || CASE WHEN f.serial < 10 THEN '00' WHEN f.serial < 100 THEN '0' ELSE '' END || f.serial LIKE '%' || $3 || '%'
              OR ($7 <> '' AND c.name LIKE '%' || $7 || '%'))
         AND ($4 = 0 OR EXISTS (SELECT 1 FROM assignment m WHERE m.client = f.client AND m.person = $5 AND m.until IS NULL
              AND m.kind IN ('worker', 'co_worker')))
         AND ($6 = '' OR f.client = $6)"
    );
    Ok((sql, values))
}

/// How many cases a list has.
pub(crate) fn count(tx: &mut Tx<'_>, cx: &Cx, asked: &Asked) -> Result<i64> {
    let (from, values) = filter(tx, cx, asked)?;
    tx.count(&format!("SELECT COUNT(*) {from}"), &values)
}
/// A page of a list, the most dangerous and oldest first; `limit` at most.
pub(crate) fn list(
    tx: &mut Tx<'_>,
    cx: &Cx,
    asked: &Asked,
    limit: i64,
    offset: i64,
) -> Result<Vec<Line>> {
    let (from, values) = filter(tx, cx, asked)?;
    let order = "CASE c.grade WHEN 'critical' THEN 0 WHEN 'high' THEN 1 WHEN 'medium' THEN 2 ELSE 3 END, f.opened_on DESC, f.serial DESC";
    tx.all(
        &format!(
            "SELECT f.*, {FACE} {from} ORDER BY CASE WHEN {OPEN} THEN 0 ELSE 1 END, {order} LIMIT {limit} OFFSET {offset}"
        ),
        &values,
    )
}
/// How many cases stand at each stage, of those the viewer sees.
pub(crate) fn stages(tx: &mut Tx<'_>, cx: &Cx) -> Result<Vec<(String, i64)>> {
    let (from, values) = filter(tx, cx, &Asked::default())?;
    let rows: Vec<Row> =
        tx.all(&format!("SELECT f.stage, COUNT(*) AS n {from} GROUP BY f.stage"), &values)?;
    rows.iter().map(|r| Ok((r.at(0)?, r.at(1)?))).collect()
}
/// A case and its clocks, whoever asks: for acts that guard it by the client.
pub(crate) fn line_unguarded(tx: &mut Tx<'_>, id: &CaseId) -> Result<Option<Line>> {
    tx.one(
        &format!(
            "SELECT f.*, {FACE} FROM case_file f JOIN client c ON c.id = f.client WHERE f.id = $1"
        ),
        args![id],
    )
}
/// A case, whoever asks: for acts that guard it by the client.
pub(crate) fn find_unguarded(tx: &mut Tx<'_>, id: &CaseId) -> Result<Option<Case>> {
    tx.find(&id.to_value())
}
/// The next number of a year. Acts run one after the other, so it is nobody else's.
pub(crate) fn next_serial(tx: &mut Tx<'_>, year: i64) -> Result<i64> {
    Ok(tx.count("SELECT COALESCE(MAX(serial), 0) FROM case_file WHERE year = $1", args![year])? + 1)
}
/// The cases of a client, latest first; the caller has seen the client.
pub(crate) fn of_client(tx: &mut Tx<'_>, client: &ClientId) -> Result<Vec<Case>> {
    tx.all(
        "SELECT * FROM case_file WHERE client = $1 ORDER BY opened_on DESC, serial DESC",
        args![client],
    )
}
/// The open case of a client.
pub(crate) fn open_of(tx: &mut Tx<'_>, client: &ClientId) -> Result<Option<Case>> {
    tx.one(&format!("SELECT f.* FROM case_file f WHERE f.client = $1 AND {OPEN}"), args![client])
}

macro_rules! of_case {
    ($($(#[$doc:meta])* $name:ident -> $row:ty = $table:literal by $order:literal;)+) => {$(
        $(#[$doc])*
        pub(crate) fn $name(tx: &mut Tx<'_>, case: &CaseId) -> Result<Vec<$row>> {
            tx.all(concat!("SELECT * FROM ", $table, " WHERE case_file = $1 ORDER BY ", $order), args![case])
        }
    )+};
}
of_case! {
    /// Every stage, earliest first.
    stages_of -> CaseStage = "case_stage" by "at, id";
    /// Every request, latest first.
    requests_of -> CaseRequest = "case_request" by "at DESC, id DESC";
    /// Every note, latest first.
    notes_of -> ContactNote = "contact_note" by "day DESC, serial DESC";
    /// Every need, also of earlier assessments.
    needs_of -> CaseNeed = "case_need" by "since, place, id";
    /// Every goal, also given up.
    goals_of -> CaseGoal = "case_goal" by "since, id";
    /// Every task.
    tasks_of -> CaseTask = "case_task" by "since, id";
    /// Every supervisor's view, latest first.
    reviews_of -> CaseReview = "case_review" by "at DESC, id DESC";
    /// Every freezing, latest first.
    freezes_of -> CaseFreeze = "case_freeze" by "at DESC, id DESC";
    /// Every addendum, earliest first.
    addenda_of -> CaseAddendum = "case_addendum" by "at, id";
}

/// Requests that wait, the longest first: of clients in sight, and those that wait for the viewer's own word.
pub(crate) fn waiting(tx: &mut Tx<'_>, cx: &Cx) -> Result<Vec<CaseRequest>> {
    let lens = Lens::of(tx, cx)?;
    let (seen, mut more) = lens.condition(1);
    let (awaiting, rest) = lens.awaiting(more.len() + 1, cx.actor.can("cases.approve"));
    more.extend(rest);
    more.push(cx.actor.account().to_value());
    tx.all(
        &format!(
            "SELECT q.* FROM case_request q JOIN case_file f ON f.id = q.case_file JOIN client c ON c.id = f.client
             WHERE q.outcome IS NULL AND ({seen} OR ({awaiting} AND q.asked_by <> ${})) ORDER BY q.at, q.id",
            more.len()
        ),
        &more,
    )
}
/// Cases offered to a person and not answered yet.
pub(crate) fn offered(tx: &mut Tx<'_>, person: &str) -> Result<Vec<CaseRequest>> {
    tx.all(
        "SELECT * FROM case_request WHERE kind = 'transfer' AND outcome = 'approved' AND accepted_at IS NULL AND to_person = $1
         ORDER BY at",
        args![person],
    )
}
/// A request of a kind that a case waits for.
pub(crate) fn waiting_of(
    tx: &mut Tx<'_>,
    case: &CaseId,
    kind: &str,
) -> Result<Option<CaseRequest>> {
    tx.one(
        "SELECT * FROM case_request WHERE case_file = $1 AND kind = $2
         AND (outcome IS NULL OR (kind = 'transfer' AND outcome = 'approved' AND accepted_at IS NULL))",
        args![case, kind],
    )
}
pub(crate) fn request(tx: &mut Tx<'_>, id: &RecordId) -> Result<Option<CaseRequest>> {
    tx.find(&id.to_value())
}
/// How many contacts and minutes a case has had.
pub(crate) fn sums(tx: &mut Tx<'_>, case: &CaseId) -> Result<(i64, i64)> {
    let row: Option<Row> = tx.one(
        "SELECT COUNT(*) AS n, CAST(COALESCE(SUM(minutes), 0) AS BIGINT) AS minutes FROM contact_note WHERE case_file = $1",
        args![case],
    )?;
    row.map_or(Ok((0, 0)), |r| Ok((r.at(0)?, r.at(1)?)))
}
/// Ends the stretch of what an earlier document brought.
pub(crate) fn end_parts(tx: &mut Tx<'_>, table: &str, case: &CaseId, day: Day) -> Result<u64> {
    tx.run(
        &format!("UPDATE {table} SET until = $2 WHERE case_file = $1 AND until IS NULL"),
        args![case, day],
    )
}
/// Notes that cases of a client owe a crisis plan since an instant.
pub(crate) fn owe_crisis_plan(tx: &mut Tx<'_>, client: &str, at: Instant) -> Result<u64> {
    tx.run(
        &format!("UPDATE case_file SET crisis_at = $2 WHERE id IN (SELECT f.id FROM case_file f WHERE f.client = $1 AND {OPEN})"),
        args![client, at],
    )
}
/// Open cases that owe a crisis plan since an instant or longer, and about which this was not told yet; with since when.
pub(crate) fn crises(tx: &mut Tx<'_>, since: Instant, limit: i64) -> Result<Vec<(Case, Instant)>> {
    let all: Vec<Case> = tx.all(
        &format!(
            "SELECT f.* FROM case_file f WHERE f.crisis_at <= $1 AND {OPEN}
             AND NOT EXISTS (SELECT 1 FROM form_answer a WHERE a.subject = 'case' AND a.subject_id = f.id AND a.state = 'final'
                 AND a.form = 'crisis_plan' AND a.at >= f.crisis_at)
             AND NOT EXISTS (SELECT 1 FROM notice_step s WHERE s.about = f.id AND s.step = 'case.crisis.' || f.crisis_at)
             ORDER BY f.crisis_at, f.id LIMIT $2"
        ),
        args![since, limit],
    )?;
    Ok(all.into_iter().filter_map(|c| c.crisis_at.map(|at| (c, at))).collect())
}
/// Records of clients under a supervisor that wait for a view: notes and final documents nobody has looked at, the most dangerous first.
pub(crate) fn to_review(tx: &mut Tx<'_>, cx: &Cx, limit: i64) -> Result<Vec<Row>> {
    let person = cx.actor.person().map_or("", |p| p.as_str());
    let today = cx.today();
    let since = today.plus_days(-90);
    tx.all(
        &format!(
            "SELECT x.about, x.about_id, x.form, x.at, f.id AS case_file, c.grade AS grade FROM (
               SELECT 'contact_note' AS about, n.id AS about_id, '' AS form, n.at AS at, n.case_file AS case_file FROM contact_note n
               UNION ALL
               SELECT 'form_answer', a.id, a.form, a.at, a.subject_id FROM form_answer a
               WHERE a.subject = 'case' AND a.state = 'final' AND a.form IN ('assessment', 'service_plan', 'evaluation', 'closure', 'crisis_plan')) x
             JOIN case_file f ON f.id = x.case_file JOIN client c ON c.id = f.client
             WHERE EXISTS (SELECT 1 FROM assignment s WHERE s.client = f.client AND s.person = $1 AND s.kind = 'supervisor'
                 AND s.since <= $2 AND (s.until IS NULL OR s.until > $2))
               AND NOT EXISTS (SELECT 1 FROM case_review r WHERE r.about_id = x.about_id)
               AND NOT EXISTS (SELECT 1 FROM avoidance v WHERE v.client = f.client AND v.person = $1)
               AND x.at >= $3
             ORDER BY CASE c.grade WHEN 'critical' THEN 0 WHEN 'high' THEN 1 ELSE 2 END, x.at DESC LIMIT {limit}"
        ),
        args![person, today, since.start()],
    )
}
/// How many open cases each responsible worker under a path has; of one person alone when one is named. Numbers tell nobody's name.
pub(crate) fn loads(
    tx: &mut Tx<'_>,
    path: &str,
    person: &str,
    day: Day,
) -> Result<Vec<(PersonId, i64)>> {
    let rows: Vec<Row> = tx.all(
        &format!(
            "SELECT a.person, COUNT(DISTINCT f.id) AS n FROM case_file f JOIN assignment a ON a.client = f.client
             WHERE {OPEN} AND f.path LIKE $1 || '%' AND ($2 = '' OR a.person = $2) AND a.kind = 'worker'
               AND a.since <= $3 AND (a.until IS NULL OR a.until > $3) GROUP BY a.person ORDER BY a.person"
        ),
        args![path, person, day],
    )?;
    rows.iter().map(|r| Ok((r.at(0)?, r.at(1)?))).collect()
}
/// Cases of a site by stage, closed ones too: numbers alone, for whoever may count.
pub(crate) fn tally(tx: &mut Tx<'_>, site: &str) -> Result<Vec<(String, i64)>> {
    let rows: Vec<Row> = tx.all(
        "SELECT stage, COUNT(*) AS n FROM case_file WHERE site = $1 GROUP BY stage ORDER BY stage",
        args![site],
    )?;
    rows.iter().map(|r| Ok((r.at(0)?, r.at(1)?))).collect()
}
