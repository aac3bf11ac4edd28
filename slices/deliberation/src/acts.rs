//! The verbs: collect an issue, walk it step by step, hold its meetings, do what was agreed; neighbours' activities; resident leaders.
pub mod leaders;
pub mod neighbours;
pub mod people;
pub mod steps;

use access::Cx;
use db::{Event, Result, Tx};
use kernel::{Day, DeliberationId, PersonId, Refusal, Refusals, RegionId};
use registry::region::Region;
use registry::site::Site;
use serde::Serialize;
use serde_json::json;

use crate::model::{Category, Issue, Source, State, Step};
use crate::store;

/// What is filled in to collect an issue.
#[derive(Clone, Debug)]
pub struct NewIssue {
    pub title: String,
    pub source: Source,
    pub category: Category,
    pub region: RegionId,
    pub raised_by: String,
    pub detail: String,
    pub collected: Day,
}

/// The longest title and text, in characters.
const MOST_TITLE: usize = 60;
pub(crate) const MOST_TEXT: usize = 4000;

/// Collects an issue (议题征集).
///
/// # Errors
/// Denied, missing; refusals at `title`, `detail`, `collected`.
pub fn collect(tx: &mut Tx<'_>, cx: &Cx, new: &NewIssue) -> Result<Issue> {
    cx.may("deliberation.write")?;
    let (region, site) = place(tx, cx, &new.region, new.collected)?;
    let title = new.title.trim();
    let mut no = Refusals::none();
    no.require(!title.is_empty(), "title", "register.missing");
    limit(&mut no, "title", title, MOST_TITLE);
    limit(&mut no, "detail", &new.detail, MOST_TEXT);
    no.require(new.collected <= cx.today(), "collected", "ledger.future");
    no.done()?;
    let id: DeliberationId = cx.id();
    let raised_by =
        tx.seal_some(id.as_str(), "issue.raised_by", id.as_str(), new.raised_by.trim())?;
    let detail = tx.seal_some(id.as_str(), "issue.detail", id.as_str(), new.detail.trim())?;
    let issue = Issue {
        id,
        number: store::next_number(tx)?,
        title: title.to_owned(),
        source: new.source,
        category: new.category,
        site: site.id,
        path: region.path,
        region: region.id,
        worker: person(cx)?,
        raised_by,
        detail,
        collected: new.collected,
        state: State::Collected,
        resolution: None,
        public_from: None,
        public_to: None,
        escalated: None,
        raters: 0,
        points: 0,
        at: cx.now,
    };
    tx.insert(&issue)?;
    note(tx, cx, &issue, "", Some(new.collected))?;
    happened(tx, cx, "issue", issue.id.as_str(), "collected", issue.site.as_str(), None, &issue)?;
    Ok(issue)
}

/// An issue of the asker's scope.
///
/// # Errors
/// [`db::Error::Missing`] when there is none.
pub fn find(tx: &mut Tx<'_>, cx: &Cx, id: &DeliberationId) -> Result<Issue> {
    cx.may("deliberation.read")?;
    store::issue(tx, cx, id.as_str())?.ok_or(db::Error::Missing)
}

pub(crate) fn to_write(tx: &mut Tx<'_>, cx: &Cx, id: &DeliberationId) -> Result<Issue> {
    cx.may("deliberation.write")?;
    find(tx, cx, id)
}

/// A region of the asker's scope and the site that serves it.
pub(crate) fn place(
    tx: &mut Tx<'_>,
    cx: &Cx,
    region: &RegionId,
    day: Day,
) -> Result<(Region, Site)> {
    let unknown = || Refusal::at("region", "register.region_unknown");
    let region = registry::region::find(tx, region)?.ok_or_else(unknown)?;
    let site = registry::site::serving(tx, &region.id, day)?
        .ok_or_else(|| Refusal::at("region", "deliberation.no_site"))?;
    if !cx.actor.scope().covers(&region.path, Some(&site.id)) {
        return Err(unknown().into());
    }
    Ok((region, site))
}

/// The person behind the account: somebody must have done it.
pub(crate) fn person(cx: &Cx) -> Result<PersonId> {
    Ok(cx.actor.person().cloned().ok_or_else(|| Refusal::new("deliberation.no_person"))?)
}

pub(crate) fn limit(no: &mut Refusals, field: &str, text: &str, most: usize) {
    if text.chars().count() > most {
        no.push(Refusal::at(field, "register.too_long").with("n", most));
    }
}

/// A text that must be there and not too long.
pub(crate) fn must(field: &str, text: &str, most: usize) -> Result<String> {
    let text = text.trim();
    let mut no = Refusals::none();
    no.require(!text.is_empty(), field, "register.missing");
    limit(&mut no, field, text, most);
    no.done()?;
    Ok(text.to_owned())
}

pub(crate) fn note(
    tx: &mut Tx<'_>,
    cx: &Cx,
    issue: &Issue,
    words: &str,
    day: Option<Day>,
) -> Result<()> {
    let id: kernel::RecordId = cx.id();
    let words = tx.seal_some(issue.id.as_str(), "issue_step.words", id.as_str(), words.trim())?;
    tx.insert(&Step {
        id,
        issue: issue.id.clone(),
        state: issue.state,
        at: cx.now,
        account: cx.actor.account().clone(),
        who: cx.actor.name().to_owned(),
        words,
        day,
    })
}

#[expect(clippy::too_many_arguments, reason = "an event is made of exactly these")]
pub(crate) fn happened<R: Serialize>(
    tx: &mut Tx<'_>,
    cx: &Cx,
    subject: &'static str,
    id: &str,
    verb: &'static str,
    unit: &str,
    before: Option<&R>,
    after: &R,
) -> Result<()> {
    let event = Event {
        subject,
        id: id.to_owned(),
        verb,
        unit: Some(unit.to_owned()),
        before: before.map(|b| json!(b)),
        after: Some(json!(after)),
    };
    tx.record(&cx.stamp(), event)
}
