//! All the SQL of this slice. Schools, placements and services load only through the asker's scope.
use access::Cx;
use db::{Result, Row, Tx, args};
use kernel::{ClientId, Day, OrgId, PersonId};
use registry::org::Org;

use crate::model::{Placement, SchoolService};

/// Every school open on a day in the asker's scope, by name.
pub(crate) fn schools(tx: &mut Tx<'_>, cx: &Cx, day: Day) -> Result<Vec<Org>> {
    tx.all(
        "SELECT o.* FROM org o JOIN region r ON r.id = o.region
         WHERE o.kind = 'school' AND r.path LIKE $1 || '%' AND o.since <= $2 AND (o.until IS NULL OR o.until > $2)
         ORDER BY r.code, o.name, o.id",
        args![cx.actor.scope().path, day],
    )
}
/// A school in the asker's scope.
pub(crate) fn school(tx: &mut Tx<'_>, cx: &Cx, id: &str) -> Result<Option<Org>> {
    tx.one(
        "SELECT o.* FROM org o JOIN region r ON r.id = o.region
         WHERE o.kind = 'school' AND r.path LIKE $1 || '%' AND o.id = $2",
        args![cx.actor.scope().path, id],
    )
}
/// Schools in scope whose name holds the words.
pub(crate) fn search(tx: &mut Tx<'_>, cx: &Cx, words: &str, most: i64) -> Result<Vec<Org>> {
    tx.all(
        "SELECT o.* FROM org o JOIN region r ON r.id = o.region
         WHERE o.kind = 'school' AND r.path LIKE $1 || '%' AND o.name LIKE '%' || $2 || '%' ORDER BY o.name, o.id LIMIT $3",
        args![cx.actor.scope().path, words, most],
    )
}
/// The placements of a school, latest first. The caller has loaded the school.
pub(crate) fn placements(tx: &mut Tx<'_>, school: &OrgId) -> Result<Vec<Placement>> {
    tx.all(
        "SELECT * FROM school_placement WHERE school = $1 ORDER BY since DESC, id DESC",
        args![school],
    )
}
/// A placement at a school of the asker's scope.
pub(crate) fn placement(tx: &mut Tx<'_>, cx: &Cx, id: &str) -> Result<Option<Placement>> {
    tx.one(
        "SELECT p.* FROM school_placement p JOIN org o ON o.id = p.school JOIN region r ON r.id = o.region
         WHERE r.path LIKE $1 || '%' AND p.id = $2",
        args![cx.actor.scope().path, id],
    )
}
/// The placements of a person, wherever they are: one worker may serve several schools.
pub(crate) fn of_person(tx: &mut Tx<'_>, person: &PersonId) -> Result<Vec<Placement>> {
    tx.all("SELECT * FROM school_placement WHERE person = $1 ORDER BY since, id", args![person])
}
/// The services at a school that stand, latest first.
pub(crate) fn services(tx: &mut Tx<'_>, school: &OrgId) -> Result<Vec<SchoolService>> {
    tx.all(
        "SELECT * FROM school_service WHERE school = $1 AND withdrawn IS NULL ORDER BY day DESC, id DESC",
        args![school],
    )
}
/// A service at a school of the asker's scope.
pub(crate) fn service(tx: &mut Tx<'_>, cx: &Cx, id: &str) -> Result<Option<SchoolService>> {
    tx.one(
        "SELECT s.* FROM school_service s JOIN org o ON o.id = s.school JOIN region r ON r.id = o.region
         WHERE r.path LIKE $1 || '%' AND s.id = $2 AND s.withdrawn IS NULL",
        args![cx.actor.scope().path, id],
    )
}
/// The clients on file whom a service reached. Whether they may be named is asked of each.
pub(crate) fn clients_of(tx: &mut Tx<'_>, service: &str) -> Result<Vec<ClientId>> {
    let rows: Vec<Row> = tx.all(
        "SELECT k.client FROM service s JOIN service_client k ON k.service = s.id
         WHERE s.source = 'school_service' AND s.source_id = $1 AND s.withdrawn IS NULL ORDER BY k.id",
        args![service],
    )?;
    rows.iter().map(|r| r.at(0)).collect()
}
/// Is a background check of this person live?
pub(crate) fn checked(tx: &mut Tx<'_>, person: &PersonId, day: Day) -> Result<bool> {
    Ok(tx.count(
        "SELECT COUNT(*) FROM qualification WHERE person = $1 AND kind = 'background_check' AND since <= $2 AND (until IS NULL OR until > $2)",
        args![person, day],
    )? > 0)
}
/// Residents whom the asker may see by name: all, or those with this number or whole name.
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
/// Every record of a table, by its key: what the facts are made of.
pub(crate) fn whole<R: db::Record>(tx: &mut Tx<'_>) -> Result<Vec<R>> {
    let key = R::COLUMNS.first().copied().unwrap_or("id");
    tx.all(&format!("SELECT * FROM {} ORDER BY {key}", R::TABLE), &[])
}
