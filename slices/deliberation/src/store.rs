//! All the SQL of this slice. Issues, activities and leaders load only through the asker's scope; what belongs to an issue, after the issue.
use access::Cx;
use db::{Result, Row, Tx, args};
use kernel::{Day, DeliberationId, RecordId, SiteId};

use crate::model::{Action, Deed, Issue, Leader, Meeting, NeighbourActivity, Participant, Step};

/// Rows of a table under a scope: `$1` is the path, `$2` the one site or the empty text.
macro_rules! in_scope {
    ($table:literal, $rest:literal) => {
        concat!(
            "SELECT * FROM ",
            $table,
            " WHERE path LIKE $1 || '%' AND ($2 = '' OR site = $2) ",
            $rest
        )
    };
}

fn scope(cx: &Cx) -> (String, String) {
    let scope = cx.actor.scope();
    (scope.path.clone(), scope.site_or_any().to_owned())
}

/// The next short number.
///
/// # Errors
/// The engine's fault.
pub(crate) fn next_number(tx: &mut Tx<'_>) -> Result<i64> {
    tx.count("SELECT COALESCE(MAX(number), 0) + 1 FROM issue", args![])
}

/// An issue of the asker's scope.
///
/// # Errors
/// The engine's fault.
pub(crate) fn issue(tx: &mut Tx<'_>, cx: &Cx, id: &str) -> Result<Option<Issue>> {
    let (path, mine) = scope(cx);
    tx.one(in_scope!("issue", "AND id = $3"), args![path, mine, id])
}

/// Issues of the asker's scope, latest first: of a category and a state when they are named; ended ones only when asked for.
///
/// # Errors
/// The engine's fault.
pub(crate) fn issues(
    tx: &mut Tx<'_>,
    cx: &Cx,
    category: &str,
    state: &str,
    limit: i64,
) -> Result<Vec<Issue>> {
    let (path, mine) = scope(cx);
    tx.all(
        in_scope!(
            "issue",
            "AND ($3 = '' OR category = $3) AND ($4 = '' OR state = $4) ORDER BY number DESC LIMIT $5"
        ),
        args![path, mine, category, state, limit],
    )
}

/// Issues of the asker's scope whose title holds the words, or of this number.
///
/// # Errors
/// The engine's fault.
pub(crate) fn search(tx: &mut Tx<'_>, cx: &Cx, words: &str, number: i64) -> Result<Vec<Issue>> {
    let (path, mine) = scope(cx);
    tx.all(
        in_scope!(
            "issue",
            "AND (title LIKE '%' || $3 || '%' OR number = $4) ORDER BY number DESC LIMIT 8"
        ),
        args![path, mine, words, number],
    )
}

/// The steps of an issue, first first.
///
/// # Errors
/// The engine's fault.
pub(crate) fn steps(tx: &mut Tx<'_>, issue: &DeliberationId) -> Result<Vec<Step>> {
    tx.all("SELECT * FROM issue_step WHERE issue = $1 ORDER BY at, id", args![issue])
}

/// The meetings of an issue, first first.
///
/// # Errors
/// The engine's fault.
pub(crate) fn meetings(tx: &mut Tx<'_>, issue: &DeliberationId) -> Result<Vec<Meeting>> {
    tx.all("SELECT * FROM issue_meeting WHERE issue = $1 ORDER BY at, id", args![issue])
}

/// The latest meeting of an issue.
///
/// # Errors
/// The engine's fault.
pub(crate) fn latest_meeting(tx: &mut Tx<'_>, issue: &DeliberationId) -> Result<Option<Meeting>> {
    tx.one("SELECT * FROM issue_meeting WHERE issue = $1 ORDER BY at DESC, id DESC", args![issue])
}

/// Who is invited, in the order in which they were.
///
/// # Errors
/// The engine's fault.
pub(crate) fn participants(tx: &mut Tx<'_>, issue: &DeliberationId) -> Result<Vec<Participant>> {
    tx.all("SELECT * FROM issue_participant WHERE issue = $1 ORDER BY at, id", args![issue])
}

/// What is to be done about an issue, by day.
///
/// # Errors
/// The engine's fault.
pub(crate) fn actions(tx: &mut Tx<'_>, issue: &DeliberationId) -> Result<Vec<Action>> {
    tx.all("SELECT * FROM issue_action WHERE issue = $1 ORDER BY due, id", args![issue])
}

/// Two-neighbours activities of the asker's scope, latest first.
///
/// # Errors
/// The engine's fault.
pub(crate) fn neighbours(tx: &mut Tx<'_>, cx: &Cx, limit: i64) -> Result<Vec<NeighbourActivity>> {
    let (path, mine) = scope(cx);
    tx.all(
        in_scope!("neighbour_activity", "ORDER BY day DESC, id DESC LIMIT $3"),
        args![path, mine, limit],
    )
}

/// A two-neighbours activity of the asker's scope.
///
/// # Errors
/// The engine's fault.
pub(crate) fn neighbour(tx: &mut Tx<'_>, cx: &Cx, id: &str) -> Result<Option<NeighbourActivity>> {
    let (path, mine) = scope(cx);
    tx.one(in_scope!("neighbour_activity", "AND id = $3"), args![path, mine, id])
}

/// Resident leaders of the asker's scope, those in office first.
///
/// # Errors
/// The engine's fault.
pub(crate) fn leaders(tx: &mut Tx<'_>, cx: &Cx, limit: i64) -> Result<Vec<Leader>> {
    let (path, mine) = scope(cx);
    tx.all(
        in_scope!(
            "resident_leader",
            "ORDER BY CASE WHEN until IS NULL THEN 0 ELSE 1 END, name, id LIMIT $3"
        ),
        args![path, mine, limit],
    )
}

/// A resident leader of the asker's scope.
///
/// # Errors
/// The engine's fault.
pub(crate) fn leader(tx: &mut Tx<'_>, cx: &Cx, id: &str) -> Result<Option<Leader>> {
    let (path, mine) = scope(cx);
    tx.one(in_scope!("resident_leader", "AND id = $3"), args![path, mine, id])
}

/// What a leader learnt and did, latest first.
///
/// # Errors
/// The engine's fault.
pub(crate) fn deeds(tx: &mut Tx<'_>, leader: &RecordId) -> Result<Vec<Deed>> {
    tx.all("SELECT * FROM leader_deed WHERE leader = $1 ORDER BY day DESC, id DESC", args![leader])
}

/// What a site has: issues under way, issues archived, two-neighbours activities since a day, leaders in office.
///
/// # Errors
/// The engine's fault.
pub(crate) fn counts(tx: &mut Tx<'_>, site: &SiteId, since: Day, today: Day) -> Result<[i64; 4]> {
    let row: Option<Row> = tx.one(
        "SELECT (SELECT COUNT(*) FROM issue WHERE site = $1 AND state NOT IN ('archived', 'rejected')) AS open,
           (SELECT COUNT(*) FROM issue WHERE site = $1 AND state = 'archived') AS archived,
           (SELECT COUNT(*) FROM neighbour_activity WHERE site = $1 AND day >= $2 AND withdrawn IS NULL) AS neighbours,
           (SELECT COUNT(*) FROM resident_leader WHERE site = $1 AND since <= $3 AND (until IS NULL OR until > $3)) AS leaders",
        args![site, since, today],
    )?;
    let row = row.ok_or(db::Error::Missing)?;
    Ok([row.get("open")?, row.get("archived")?, row.get("neighbours")?, row.get("leaders")?])
}
