//! Photos beside a visit or an activity: who may add, see and remove them. Those of a visit are sealed for the client and seen by whoever may read
//! the client's file; those of an activity are sealed for the activity.
use access::Cx;
use access::care;
use db::{Result, Tx};
use kernel::{ActivityId, VisitId};
use web::attach::Beside;

use super::{activity, visit};

/// The words under which they are kept.
pub const OF_VISIT: &str = "visit";
pub const OF_ACTIVITY: &str = "activity";

fn of_visit(v: &crate::model::visit::Visit) -> Beside {
    Beside {
        subject: OF_VISIT,
        id: v.id.0.clone(),
        owner: v.client.0.clone(),
        unit: Some(v.site.0.clone()),
    }
}
fn of_activity(a: &crate::model::activity::Activity) -> Beside {
    Beside {
        subject: OF_ACTIVITY,
        id: a.id.0.clone(),
        owner: a.id.0.clone(),
        unit: Some(a.site.0.clone()),
    }
}

/// A visit, for whoever may change it.
///
/// # Errors
/// Denied; missing; a refusal `visits.withdrawn`.
pub fn visit_to_write(tx: &mut Tx<'_>, cx: &Cx, id: &VisitId) -> Result<Beside> {
    cx.may("visits.write")?;
    let (v, _, sight) = visit::find(tx, cx, id)?;
    sight.writes()?;
    if v.withdrawn.is_some() {
        return Err(kernel::Refusal::new("visits.withdrawn").into());
    }
    Ok(of_visit(&v))
}

/// A visit, for whoever may see its photos: a pseudonym does not hide a face. The look is noted.
///
/// # Errors
/// Denied; missing.
pub fn visit_to_read(tx: &mut Tx<'_>, cx: &Cx, id: &VisitId) -> Result<Beside> {
    let (v, client, sight) = visit::find(tx, cx, id)?;
    if !sight.name {
        return Err(db::Error::Missing);
    }
    care::viewed(tx, cx, &client.id, "visit")?;
    Ok(of_visit(&v))
}

/// An activity, for whoever runs it.
///
/// # Errors
/// Denied; missing; a refusal `activities.cancelled`.
pub fn activity_to_write(tx: &mut Tx<'_>, cx: &Cx, id: &ActivityId) -> Result<Beside> {
    Ok(of_activity(&activity::to_write(tx, cx, id)?))
}

/// An activity in sight.
///
/// # Errors
/// Denied; missing.
pub fn activity_to_read(tx: &mut Tx<'_>, cx: &Cx, id: &ActivityId) -> Result<Beside> {
    Ok(of_activity(&activity::find(tx, cx, id)?))
}
