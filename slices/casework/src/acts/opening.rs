//! A request becomes a case at the stage of intake.
use access::{Cx, care};
use db::{Result, Tx};
use kernel::{ClientId, Day, Refusal};
use registry::client::RiskGrade;

use super::{say, stages};
use crate::model::{Case, CaseKind, CaseSource, Stage};
use crate::store;

/// What is said when a request comes in.
#[derive(Clone, Debug)]
pub struct NewCase {
    pub client: ClientId,
    pub kind: CaseKind,
    pub source: CaseSource,
    /// The day of the request.
    pub day: Day,
    /// The record it came from, such as `visit:ID`.
    pub origin: Option<String>,
}

/// Opens the intake of a client that the actor looks after. What comes of it is decided with the intake form.
///
/// # Errors
/// Refusals `casework.open_already` with the number, `casework.future`, `casework.no_site`; [`db::Error::Missing`].
pub fn open(tx: &mut Tx<'_>, cx: &Cx, new: NewCase) -> Result<Case> {
    cx.may("cases.write")?;
    let client = care::find_to_write(tx, cx, &new.client)?;
    if new.day > cx.today() {
        return Err(Refusal::at("day", "casework.future").into());
    }
    if let Some(open) = store::open_of(tx, &client.id)? {
        let no = Refusal::at("client", "casework.open_already").with("case", open.number());
        return Err(no.into());
    }
    let site = match &client.site {
        Some(site) => site.clone(),
        None => {
            registry::site::serving(tx, &client.region, new.day)?
                .ok_or_else(|| Refusal::at("client", "casework.no_site"))?
                .id
        }
    };
    let year = i64::from(new.day.year());
    let urgent = matches!(client.grade, RiskGrade::Critical | RiskGrade::High);
    let case = Case {
        id: cx.id(),
        year,
        serial: store::next_serial(tx, year)?,
        client: client.id,
        site,
        region: client.region,
        path: client.path,
        kind: new.kind,
        source: new.source,
        origin: new.origin.filter(|o| !o.is_empty()),
        stage: Stage::Intake,
        stage_on: new.day,
        opened_on: new.day,
        closed_on: None,
        reason: None,
        review_on: None,
        crisis_at: urgent.then_some(cx.now),
        keep_until: None,
    };
    tx.insert(&case)?;
    say(tx, cx, "case_file", case.id.as_str(), "added", &case, None, Some(&case))?;
    stages::note(tx, cx, &case, "", "")?;
    Ok(case)
}
