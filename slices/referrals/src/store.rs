//! All the SQL of this slice. Sent referrals load through the client's [`Lens`], received ones through the asker's scope; what is loaded by
//! bare id goes through `acts::find`, which asks both.
use access::Cx;
use access::care::Lens;
use db::{Result, Row, Tx, Value, args};
use kernel::{ClientId, Day, OrgId, PersonId, RecordId, ReferralId, SiteId};

use registry::client::Client;

use crate::model::{Capacity, Link, Look, Referral, Step};

/// Which rows of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Which {
    All,
    /// The receiver has not answered.
    Waiting,
    /// And the day for it is over.
    Late,
}

impl Which {
    const fn word(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Waiting => "waiting",
            Self::Late => "late",
        }
    }
}

/// A list's condition on the clock: `$1` the [`Which`] word, `$2` today, `$3` the number to begin below.
const CLOCK: &str = "($1 = 'all' OR (r.state IN ('sent', 'received') AND ($1 = 'waiting' OR r.answer_by < $2))) AND r.number < $3";

/// A referral, whoever asks.
///
/// # Errors
/// The engine's fault.
pub(crate) fn unguarded(tx: &mut Tx<'_>, id: &ReferralId) -> Result<Option<Referral>> {
    tx.find(&Value::Text(id.0.clone()))
}

/// The next short number.
///
/// # Errors
/// The engine's fault.
pub(crate) fn next_number(tx: &mut Tx<'_>) -> Result<i64> {
    tx.count("SELECT COALESCE(MAX(number), 0) + 1 FROM referral", args![])
}

/// Referrals of clients whom the viewer may see, latest first, below a number.
///
/// # Errors
/// The engine's fault.
pub(crate) fn sent(
    tx: &mut Tx<'_>,
    lens: &Lens,
    which: Which,
    today: Day,
    below: i64,
    limit: i64,
) -> Result<Vec<Referral>> {
    let mut values = vec![
        Value::Text(which.word().to_owned()),
        Value::Text(today.to_string()),
        Value::Int(below),
        Value::Int(limit),
    ];
    let (seen, more) = lens.condition(values.len() + 1);
    values.extend(more);
    tx.all(
        &format!(
            "SELECT r.* FROM referral r JOIN client c ON c.id = r.client WHERE {CLOCK} AND {seen} ORDER BY r.number DESC LIMIT $4"
        ),
        &values,
    )
}

/// Referrals sent to a site of the viewer's, or taken over by the viewer, latest first, below a number.
///
/// # Errors
/// The engine's fault.
pub(crate) fn received(
    tx: &mut Tx<'_>,
    cx: &Cx,
    which: Which,
    below: i64,
    limit: i64,
) -> Result<Vec<Referral>> {
    let scope = cx.actor.scope();
    let person = cx.actor.person().map_or("", PersonId::as_str);
    tx.all(
        &format!(
            "SELECT r.* FROM referral r WHERE {CLOCK} AND r.sent_at IS NOT NULL AND r.to_site IS NOT NULL
               AND (($5 = 1 AND r.to_path LIKE $6 || '%' AND ($7 = '' OR r.to_site = $7)) OR r.keeper = $8)
               AND NOT EXISTS (SELECT 1 FROM avoidance v WHERE v.client = r.client AND v.person = $8)
             ORDER BY r.number DESC LIMIT $4"
        ),
        args![
            which.word(),
            cx.today(),
            below,
            limit,
            cx.actor.can("referrals.answer"),
            scope.path,
            scope.site_or_any(),
            person
        ],
    )
}

/// 回避: does this person stand on the client's list?
///
/// # Errors
/// The engine's fault.
pub(crate) fn avoids(tx: &mut Tx<'_>, client: &ClientId, person: &PersonId) -> Result<bool> {
    Ok(tx.count(
        "SELECT COUNT(*) FROM avoidance WHERE client = $1 AND person = $2",
        args![client, person],
    )? > 0)
}

/// The referrals of a client, latest first. Callers have looked at the client first.
///
/// # Errors
/// The engine's fault.
pub(crate) fn of_client(tx: &mut Tx<'_>, client: &ClientId, limit: i64) -> Result<Vec<Referral>> {
    tx.all(
        "SELECT * FROM referral WHERE client = $1 ORDER BY number DESC LIMIT $2",
        args![client, limit],
    )
}

/// The referral with a short number.
///
/// # Errors
/// The engine's fault.
pub(crate) fn numbered(tx: &mut Tx<'_>, number: i64) -> Result<Option<Referral>> {
    tx.one("SELECT * FROM referral WHERE number = $1", args![number])
}

/// What a site sent and received: (sent in all, received in all, received and unanswered, of them late).
///
/// # Errors
/// The engine's fault.
pub(crate) fn counts(tx: &mut Tx<'_>, site: &SiteId, today: Day) -> Result<[i64; 4]> {
    let row: Option<Row> = tx.one(
        "SELECT COALESCE(SUM(CASE WHEN site = $1 THEN 1 ELSE 0 END), 0) AS sent,
           COALESCE(SUM(CASE WHEN to_site = $1 THEN 1 ELSE 0 END), 0) AS received,
           COALESCE(SUM(CASE WHEN to_site = $1 AND state IN ('sent', 'received') THEN 1 ELSE 0 END), 0) AS waiting,
           COALESCE(SUM(CASE WHEN to_site = $1 AND state IN ('sent', 'received') AND answer_by < $2 THEN 1 ELSE 0 END), 0) AS late
         FROM referral WHERE sent_at IS NOT NULL AND (site = $1 OR to_site = $1)",
        args![site, today],
    )?;
    let row = row.ok_or(db::Error::Missing)?;
    Ok([row.get("sent")?, row.get("received")?, row.get("waiting")?, row.get("late")?])
}

/// The steps of a referral, first first.
///
/// # Errors
/// The engine's fault.
pub(crate) fn steps(tx: &mut Tx<'_>, referral: &ReferralId) -> Result<Vec<Step>> {
    tx.all("SELECT * FROM referral_step WHERE referral = $1 ORDER BY at, id", args![referral])
}

/// A link by the hash of its token.
///
/// # Errors
/// The engine's fault.
pub(crate) fn link(tx: &mut Tx<'_>, hash: &str) -> Result<Option<Link>> {
    tx.one("SELECT * FROM referral_link WHERE hash = $1", args![hash])
}

/// The links of a referral, latest first.
///
/// # Errors
/// The engine's fault.
pub(crate) fn links(tx: &mut Tx<'_>, referral: &ReferralId) -> Result<Vec<Link>> {
    tx.all(
        "SELECT * FROM referral_link WHERE referral = $1 ORDER BY made_at DESC, id DESC",
        args![referral],
    )
}

/// The knocks at a link, first first.
///
/// # Errors
/// The engine's fault.
pub(crate) fn looks(tx: &mut Tx<'_>, link: &RecordId) -> Result<Vec<Look>> {
    tx.all("SELECT * FROM referral_look WHERE link = $1 ORDER BY at, id", args![link])
}

/// What a site or a body said about its room for a kind of service.
///
/// # Errors
/// The engine's fault.
pub(crate) fn capacity(
    tx: &mut Tx<'_>,
    site: Option<&SiteId>,
    org: Option<&OrgId>,
    field: &str,
) -> Result<Option<Capacity>> {
    let (site, org) = (site.map_or("", SiteId::as_str), org.map_or("", OrgId::as_str));
    tx.one(
        "SELECT * FROM capacity WHERE (($1 <> '' AND site = $1) OR ($2 <> '' AND org = $2)) AND field = $3",
        args![site, org, field],
    )
}

/// A statement about room by its id.
///
/// # Errors
/// The engine's fault.
pub(crate) fn capacity_by_id(tx: &mut Tx<'_>, id: &str) -> Result<Option<Capacity>> {
    tx.find(&Value::Text(id.to_owned()))
}

/// Every statement about room; of one kind of service when one is named.
///
/// # Errors
/// The engine's fault.
pub(crate) fn capacities(tx: &mut Tx<'_>, field: &str) -> Result<Vec<Capacity>> {
    tx.all("SELECT * FROM capacity WHERE $1 = '' OR field = $1 ORDER BY field, id", args![field])
}

/// Clients in use whom the viewer may see, latest first.
///
/// # Errors
/// The engine's fault.
pub(crate) fn clients(tx: &mut Tx<'_>, lens: &Lens, limit: i64) -> Result<Vec<Client>> {
    let mut values = vec![Value::Int(limit)];
    let (seen, more) = lens.condition(2);
    values.extend(more);
    tx.all(
        &format!(
            "SELECT c.* FROM client c WHERE c.state = 'active' AND {seen} ORDER BY c.number DESC LIMIT $1"
        ),
        &values,
    )
}
