//! Consultations within the asker's scope; those of a client only through the asker's lens.
use access::Cx;
use access::care::Lens;
use db::{Cell, Result, Tx, Value, args};
use kernel::{ConsultationId, Day};

use crate::model::consultation::Consultation;

pub(crate) fn find(tx: &mut Tx<'_>, id: &ConsultationId) -> Result<Option<Consultation>> {
    tx.one("SELECT * FROM consultation WHERE id = $1", args![id])
}

/// The latest of the asker's scope, at most `limit`. Of clients out of sight nothing is listed.
pub(crate) fn latest(tx: &mut Tx<'_>, cx: &Cx, limit: i64) -> Result<Vec<Consultation>> {
    let (sql, more) = Lens::of(tx, cx)?.condition(3);
    let mut values: Vec<Value> = vec![cx.actor.scope().path.to_value(), limit.to_value()];
    values.extend(more);
    tx.all(
        &format!(
            "SELECT n.* FROM consultation n WHERE n.path LIKE $1 || '%' AND (n.client IS NULL OR EXISTS (
               SELECT 1 FROM client c WHERE c.id = n.client AND {sql})) ORDER BY n.day DESC, n.at DESC, n.id DESC LIMIT $2"
        ),
        &values,
    )
}

/// What the asker promised to follow up by a day.
pub(crate) fn to_follow(tx: &mut Tx<'_>, cx: &Cx, until: Day) -> Result<Vec<Consultation>> {
    let person = cx.actor.person().map_or_else(String::new, |p| p.0.clone());
    tx.all(
        "SELECT * FROM consultation WHERE person = $1 AND follow_on IS NOT NULL AND followed_on IS NULL AND follow_on <= $2
         ORDER BY follow_on, id",
        args![person, until],
    )
}
