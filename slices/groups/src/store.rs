//! All the SQL of this slice. Groups load only through the asker's scope; what belongs to a group loads after its group.
use access::Cx;
use db::{Result, Row, Tx, args};
use kernel::{ClientId, Day, GroupId, PersonId, RecordId, SiteId};

use crate::model::{Door, Group, Member, PhaseBegun, Presence, Record, Review, Session, Worker};

fn scope(cx: &Cx) -> (String, String) {
    let scope = cx.actor.scope();
    (scope.path.clone(), scope.site_or_any().to_owned())
}

/// A group in the asker's scope.
pub(crate) fn group(tx: &mut Tx<'_>, cx: &Cx, id: &GroupId) -> Result<Option<Group>> {
    let (path, site) = scope(cx);
    tx.one(
        "SELECT * FROM group_work WHERE path LIKE $1 || '%' AND ($2 = '' OR site = $2) AND id = $3",
        args![path, site, id],
    )
}
/// Every group in the asker's scope, newest first.
pub(crate) fn groups(tx: &mut Tx<'_>, cx: &Cx) -> Result<Vec<Group>> {
    let (path, site) = scope(cx);
    tx.all(
        "SELECT * FROM group_work WHERE path LIKE $1 || '%' AND ($2 = '' OR site = $2) ORDER BY at DESC, id DESC",
        args![path, site],
    )
}
/// Groups in scope whose name holds the words.
pub(crate) fn search(tx: &mut Tx<'_>, cx: &Cx, words: &str, most: i64) -> Result<Vec<Group>> {
    let (path, site) = scope(cx);
    tx.all(
        "SELECT * FROM group_work WHERE path LIKE $1 || '%' AND ($2 = '' OR site = $2) AND name LIKE '%' || $3 || '%'
         ORDER BY at DESC, id DESC LIMIT $4",
        args![path, site, words, most],
    )
}
/// The groups of a site in the asker's scope.
pub(crate) fn of_site(tx: &mut Tx<'_>, cx: &Cx, of: &SiteId) -> Result<Vec<Group>> {
    let (path, site) = scope(cx);
    tx.all(
        "SELECT * FROM group_work WHERE path LIKE $1 || '%' AND ($2 = '' OR site = $2) AND site = $3 ORDER BY at DESC, id DESC",
        args![path, site, of],
    )
}
/// The groups a client is or was a member of, with the membership. The caller has asked whether the client may be seen.
pub(crate) fn of_client(tx: &mut Tx<'_>, client: &ClientId) -> Result<Vec<(Group, Member)>> {
    let members: Vec<Member> = tx.all(
        "SELECT * FROM group_member WHERE client = $1 ORDER BY applied_on DESC, id DESC",
        args![client],
    )?;
    let mut out = Vec::with_capacity(members.len());
    for member in members {
        if let Some(group) = tx.find::<Group>(&db::Cell::to_value(&member.group_id.0))? {
            out.push((group, member));
        }
    }
    Ok(out)
}
/// How many groups that are not closed each leader under a path has; of one person alone when one is named.
pub(crate) fn loads(
    tx: &mut Tx<'_>,
    path: &str,
    person: &str,
    day: Day,
) -> Result<Vec<(PersonId, i64)>> {
    let rows: Vec<Row> = tx.all(
        "SELECT w.person, COUNT(DISTINCT g.id) AS n FROM group_work g JOIN group_worker w ON w.group_id = g.id
         WHERE g.path LIKE $1 || '%' AND ($2 = '' OR w.person = $2) AND w.since <= $3 AND (w.until IS NULL OR w.until > $3)
           AND NOT EXISTS (SELECT 1 FROM group_phase p WHERE p.group_id = g.id AND p.phase = 'closed')
         GROUP BY w.person ORDER BY w.person",
        args![path, person, day],
    )?;
    rows.iter().map(|r| Ok((r.at(0)?, r.at(1)?))).collect()
}
/// Everybody who leads or led a group.
pub(crate) fn workers(tx: &mut Tx<'_>, group: &GroupId) -> Result<Vec<Worker>> {
    tx.all(
        "SELECT * FROM group_worker WHERE group_id = $1 ORDER BY CASE role WHEN 'lead' THEN 0 ELSE 1 END, since, id",
        args![group],
    )
}
/// Does a person lead this group on a day?
pub(crate) fn leads(tx: &mut Tx<'_>, group: &GroupId, person: &PersonId, day: Day) -> Result<bool> {
    Ok(tx.count(
        "SELECT COUNT(*) FROM group_worker WHERE group_id = $1 AND person = $2 AND since <= $3 AND (until IS NULL OR until > $3)",
        args![group, person, day],
    )? > 0)
}
/// Does this person stand on the client's 回避 list?
pub(crate) fn avoids(tx: &mut Tx<'_>, client: &ClientId, person: &PersonId) -> Result<bool> {
    Ok(tx.count(
        "SELECT COUNT(*) FROM avoidance WHERE client = $1 AND person = $2",
        args![client, person],
    )? > 0)
}
/// Is a background check of this person live?
pub(crate) fn checked(tx: &mut Tx<'_>, person: &PersonId, day: Day) -> Result<bool> {
    Ok(tx.count(
        "SELECT COUNT(*) FROM qualification WHERE person = $1 AND kind = 'background_check' AND since <= $2 AND (until IS NULL OR until > $2)",
        args![person, day],
    )? > 0)
}
/// The phases of a group that began, in order.
pub(crate) fn phases(tx: &mut Tx<'_>, group: &GroupId) -> Result<Vec<PhaseBegun>> {
    let mut all: Vec<PhaseBegun> =
        tx.all("SELECT * FROM group_phase WHERE group_id = $1", args![group])?;
    all.sort_by_key(|p| p.phase);
    Ok(all)
}
/// What happened to the plan, in order.
pub(crate) fn reviews(tx: &mut Tx<'_>, group: &GroupId) -> Result<Vec<Review>> {
    tx.all("SELECT * FROM group_review WHERE group_id = $1 ORDER BY at, id", args![group])
}
/// Members by number, applicants among them.
pub(crate) fn members(tx: &mut Tx<'_>, group: &GroupId) -> Result<Vec<Member>> {
    tx.all("SELECT * FROM group_member WHERE group_id = $1 ORDER BY number", args![group])
}
pub(crate) fn member(tx: &mut Tx<'_>, group: &GroupId, id: &str) -> Result<Option<Member>> {
    tx.one("SELECT * FROM group_member WHERE group_id = $1 AND id = $2", args![group, id])
}
/// Sessions in order.
pub(crate) fn sessions(tx: &mut Tx<'_>, group: &GroupId) -> Result<Vec<Session>> {
    tx.all("SELECT * FROM group_session WHERE group_id = $1 ORDER BY number", args![group])
}
pub(crate) fn session(tx: &mut Tx<'_>, group: &GroupId, id: &str) -> Result<Option<Session>> {
    tx.one("SELECT * FROM group_session WHERE group_id = $1 AND id = $2", args![group, id])
}
/// The records of a group.
pub(crate) fn records(tx: &mut Tx<'_>, group: &GroupId) -> Result<Vec<Record>> {
    tx.all("SELECT * FROM group_record WHERE group_id = $1 ORDER BY day, id", args![group])
}
pub(crate) fn record_of(tx: &mut Tx<'_>, session: &RecordId) -> Result<Option<Record>> {
    tx.one("SELECT * FROM group_record WHERE session = $1", args![session])
}
/// Who was at a group's sessions.
pub(crate) fn presences(tx: &mut Tx<'_>, group: &GroupId) -> Result<Vec<Presence>> {
    tx.all(
        "SELECT p.* FROM group_present p JOIN group_session s ON s.id = p.session WHERE s.group_id = $1 ORDER BY s.number, p.id",
        args![group],
    )
}
/// Who was at a session.
pub(crate) fn presences_at(tx: &mut Tx<'_>, session: &RecordId) -> Result<Vec<Presence>> {
    tx.all("SELECT * FROM group_present WHERE session = $1 ORDER BY id", args![session])
}
/// Sessions a member attended, latest first: (session, record).
pub(crate) fn attended(
    tx: &mut Tx<'_>,
    member: &RecordId,
    most: i64,
) -> Result<Vec<(Session, Record)>> {
    let records: Vec<Record> = tx.all(
        "SELECT r.* FROM group_present p JOIN group_record r ON r.session = p.session
         WHERE p.member = $1 AND p.mark <> 'absent' ORDER BY r.day DESC, r.id DESC LIMIT $2",
        args![member, most],
    )?;
    let mut out = Vec::with_capacity(records.len());
    for record in records {
        let session = tx.one("SELECT * FROM group_session WHERE id = $1", args![record.session])?;
        if let Some(session) = session {
            out.push((session, record));
        }
    }
    Ok(out)
}
/// The door of a session.
pub(crate) fn door(tx: &mut Tx<'_>, session: &RecordId) -> Result<Option<Door>> {
    tx.one("SELECT * FROM group_door WHERE session = $1", args![session])
}
/// The door that a token opens, with its session and group. Whoever holds the token needs no scope.
pub(crate) fn door_by(tx: &mut Tx<'_>, index: &str) -> Result<Option<(Door, Session, Group)>> {
    let door: Option<Door> =
        tx.one("SELECT * FROM group_door WHERE token_index = $1", args![index])?;
    let Some(door) = door else { return Ok(None) };
    let session: Option<Session> =
        tx.one("SELECT * FROM group_session WHERE id = $1", args![door.session])?;
    let Some(session) = session else { return Ok(None) };
    let group: Option<Group> =
        tx.one("SELECT * FROM group_work WHERE id = $1", args![session.group_id])?;
    Ok(group.map(|group| (door, session, group)))
}
/// The phases that began of every group in scope, as (group, phase): a list asks once.
pub(crate) fn begun(tx: &mut Tx<'_>, cx: &Cx) -> Result<Vec<(String, String)>> {
    let (path, site) = scope(cx);
    let rows: Vec<Row> = tx.all(
        "SELECT p.group_id, p.phase FROM group_phase p JOIN group_work g ON g.id = p.group_id
         WHERE g.path LIKE $1 || '%' AND ($2 = '' OR g.site = $2) ORDER BY p.at, p.id",
        args![path, site],
    )?;
    rows.iter().map(|r| Ok((r.at(0)?, r.at(1)?))).collect()
}
/// Is there a final evaluation report?
pub(crate) fn reported(tx: &mut Tx<'_>, group: &GroupId) -> Result<bool> {
    Ok(tx.count(
        "SELECT COUNT(*) FROM form_answer WHERE subject = 'group' AND subject_id = $1 AND form = 'group_report' AND state = 'final'",
        args![group],
    )? > 0)
}
/// Drops what hangs on a session that was never held: early sign-ins and its door.
pub(crate) fn forget(tx: &mut Tx<'_>, session: &RecordId) -> Result<()> {
    tx.run("DELETE FROM group_present WHERE session = $1", args![session])?;
    tx.run("DELETE FROM group_door WHERE session = $1", args![session]).map(drop)
}
/// Residents whom the asker may see by name and add to a group: all, or those with this number or whole name.
pub(crate) fn my_clients(
    tx: &mut Tx<'_>,
    cx: &Cx,
    typed: &str,
    most: i64,
) -> Result<Vec<registry::client::Client>> {
    let (condition, mut with) = access::care::Lens::of(tx, cx)?.condition(3);
    let mut all = args![typed, most].to_vec();
    all.append(&mut with);
    tx.all(
        &format!(
            "SELECT c.* FROM client c WHERE c.state = 'active' AND ($1 = '' OR c.name = $1 OR CAST(c.number AS TEXT) = $1)
             AND {condition} ORDER BY c.number LIMIT $2"
        ),
        &all,
    )
}
/// Who delivered a service.
pub(crate) fn workers_of_service(
    tx: &mut Tx<'_>,
    service: &kernel::ServiceId,
) -> Result<Vec<PersonId>> {
    let rows: Vec<Row> =
        tx.all("SELECT person FROM service_worker WHERE service = $1 ORDER BY id", args![service])?;
    rows.iter().map(|r| r.at(0)).collect()
}
