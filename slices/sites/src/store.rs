//! All the SQL of this slice. Rows of sites and people load only through the asker's scope.
use access::Cx;
use db::{Result, Row, Tx, Value, args};
use kernel::{Day, PersonId, RegionId, SiteId};
use registry::file::StoredFile;
use registry::people::Person;
use registry::region::Region;

use crate::model::{Evidence, RegisterReport, Site, SiteName};

/// A site under a scope: `$1` is the path, `$2` the one site or the empty text.
macro_rules! in_scope {
    ($rest:literal) => {
        concat!(
            "FROM site s JOIN region r ON r.id = s.region WHERE r.path LIKE $1 || '%' AND ($2 = '' OR s.id = $2) ",
            $rest
        )
    };
}
/// Records of sites under a scope, for a register's `every`.
macro_rules! every {
    ($table:literal) => {
        concat!(
            "SELECT x.* FROM ",
            $table,
            " x JOIN site s ON s.id = x.site JOIN region r ON r.id = s.region \
             WHERE r.path LIKE $1 || '%' AND ($2 = '' OR s.id = $2) ORDER BY s.code, x.since, x.id"
        )
    };
}
/// Records of one site, for a register's `of_parent`.
macro_rules! of_site {
    ($table:literal) => {
        concat!("SELECT * FROM ", $table, " WHERE site = $1 ORDER BY since, id")
    };
}
/// People under a scope: whose file is kept there, or who hold or held a post there.
macro_rules! people_in_scope {
    ($what:literal, $from:literal, $rest:literal) => {
        concat!(
            "SELECT ",
            $what,
            " FROM ",
            $from,
            " WHERE ($1 = '' OR EXISTS (SELECT 1 FROM region h WHERE h.id = p.home AND h.path LIKE $1 || '%') \
             OR EXISTS (SELECT 1 FROM post o JOIN site s ON s.id = o.site JOIN region r ON r.id = s.region \
             WHERE o.person = p.id AND r.path LIKE $1 || '%' AND ($2 = '' OR s.id = $2))) ",
            $rest
        )
    };
}
pub(crate) use {every, of_site};

pub(crate) const EVERY_SITE: &str = concat!("SELECT s.* ", in_scope!("ORDER BY s.code"));
pub(crate) const EVERY_PERSON: &str = people_in_scope!("p.*", "person p", "ORDER BY p.name, p.id");
pub(crate) const EVERY_QUALIFICATION: &str = people_in_scope!(
    "x.*",
    "qualification x JOIN person p ON p.id = x.person",
    "ORDER BY p.name, p.id, x.since, x.id"
);
pub(crate) const EVERY_WORK: &str = people_in_scope!(
    "x.*",
    "work_history x JOIN person p ON p.id = x.person",
    "ORDER BY p.name, p.id, x.since, x.id"
);

fn scope(cx: &Cx) -> (String, String) {
    let scope = cx.actor.scope();
    (scope.path.clone(), scope.site_or_any().to_owned())
}

/// A site of the asker's scope.
///
/// # Errors
/// The engine's fault.
pub(crate) fn site(tx: &mut Tx<'_>, cx: &Cx, id: &str) -> Result<Option<Site>> {
    let (path, mine) = scope(cx);
    tx.one(concat!("SELECT s.* ", in_scope!("AND s.id = $3")), args![path, mine, id])
}

/// Every site of the asker's scope, by code.
///
/// # Errors
/// The engine's fault.
pub(crate) fn sites(tx: &mut Tx<'_>, cx: &Cx) -> Result<Vec<Site>> {
    let (path, mine) = scope(cx);
    tx.all(EVERY_SITE, args![path, mine])
}

/// Sites of the asker's scope whose code, id or name is this.
///
/// # Errors
/// The engine's fault.
pub(crate) fn site_called(tx: &mut Tx<'_>, cx: &Cx, typed: &str) -> Result<Option<Site>> {
    let (path, mine) = scope(cx);
    tx.one(
        concat!(
            "SELECT s.* ",
            in_scope!(
                "AND (s.id = $3 OR s.code = $3 OR s.name = $4) ORDER BY s.until IS NOT NULL, s.code"
            )
        ),
        args![path, mine, typed, crate::naming::normal(typed)],
    )
}

/// Sites of the asker's scope whose name or code holds the words; at most `limit`.
///
/// # Errors
/// The engine's fault.
pub(crate) fn search_sites(tx: &mut Tx<'_>, cx: &Cx, words: &str, limit: i64) -> Result<Vec<Site>> {
    let (path, mine) = scope(cx);
    tx.all(
        concat!(
            "SELECT s.* ",
            in_scope!("AND (s.name LIKE '%' || $3 || '%' OR s.code = $3) ORDER BY s.code LIMIT $4")
        ),
        args![path, mine, words, limit],
    )
}

/// Does any site bear this code? Codes are the district's, so scope does not matter.
///
/// # Errors
/// The engine's fault.
pub(crate) fn code_taken(tx: &mut Tx<'_>, code: &str, but: &str) -> Result<bool> {
    Ok(tx.count("SELECT COUNT(*) FROM site WHERE code = $1 AND id <> $2", args![code, but])? > 0)
}

/// How many sites there are of a kind whose region is this, for the next code.
///
/// # Errors
/// The engine's fault.
pub(crate) fn sites_at(tx: &mut Tx<'_>, region: &RegionId) -> Result<i64> {
    tx.count("SELECT COUNT(*) FROM site WHERE region = $1", args![region])
}

/// Earlier names of a site, oldest first.
///
/// # Errors
/// The engine's fault.
pub(crate) fn former_names(tx: &mut Tx<'_>, site: &SiteId) -> Result<Vec<SiteName>> {
    tx.all("SELECT * FROM site_name WHERE site = $1 ORDER BY since, id", args![site])
}

/// A person of the asker's scope.
///
/// # Errors
/// The engine's fault.
pub(crate) fn person(tx: &mut Tx<'_>, cx: &Cx, id: &str) -> Result<Option<Person>> {
    let (path, mine) = scope(cx);
    tx.one(people_in_scope!("p.*", "person p", "AND p.id = $3"), args![path, mine, id])
}

/// People of the asker's scope.
///
/// # Errors
/// The engine's fault.
pub(crate) fn people(tx: &mut Tx<'_>, cx: &Cx) -> Result<Vec<Person>> {
    let (path, mine) = scope(cx);
    tx.all(EVERY_PERSON, args![path, mine])
}

/// People of the asker's scope with this roster key, ID number or id.
///
/// # Errors
/// The engine's fault.
pub(crate) fn person_called(tx: &mut Tx<'_>, cx: &Cx, typed: &str) -> Result<Option<Person>> {
    let (path, mine) = scope(cx);
    tx.one(
        people_in_scope!(
            "p.*",
            "person p",
            "AND (p.id = $3 OR p.external_id = $3 OR p.id_number = $4)"
        ),
        args![path, mine, typed, typed.to_uppercase()],
    )
}

/// People of the asker's scope whose name holds the words; at most `limit`.
///
/// # Errors
/// The engine's fault.
pub(crate) fn search_people(
    tx: &mut Tx<'_>,
    cx: &Cx,
    words: &str,
    limit: i64,
) -> Result<Vec<Person>> {
    let (path, mine) = scope(cx);
    tx.all(
        people_in_scope!(
            "p.*",
            "person p",
            "AND (p.name LIKE '%' || $3 || '%' OR p.external_id = $3) ORDER BY p.name, p.id LIMIT $4"
        ),
        args![path, mine, words, limit],
    )
}

/// People of the asker's scope with this name and birth, but for one.
///
/// # Errors
/// The engine's fault.
pub(crate) fn namesakes(
    tx: &mut Tx<'_>,
    cx: &Cx,
    name: &str,
    birth: &str,
    but: &str,
) -> Result<Vec<Person>> {
    let (path, mine) = scope(cx);
    tx.all(
        people_in_scope!("p.*", "person p", "AND p.name = $3 AND p.birth = $4 AND p.id <> $5"),
        args![path, mine, name, birth, but],
    )
}

/// Does anybody else bear this ID number, wherever they are?
///
/// # Errors
/// The engine's fault.
pub(crate) fn number_taken(tx: &mut Tx<'_>, number: &str, but: &str) -> Result<bool> {
    Ok(tx.count(
        "SELECT COUNT(*) FROM person WHERE id_number = $1 AND id <> $2",
        args![number, but],
    )? > 0)
}

/// Does another record of this table bear this roster key? `table` is one of ours, never typed.
///
/// # Errors
/// The engine's fault.
pub(crate) fn key_taken(tx: &mut Tx<'_>, table: &str, key: &str, but: &str) -> Result<bool> {
    let sql = format!("SELECT COUNT(*) FROM {table} WHERE external_id = $1 AND id <> $2");
    Ok(tx.count(&sql, args![key, but])? > 0)
}

/// The posts that a person holds or held at sites of the asker's scope.
///
/// # Errors
/// The engine's fault.
pub(crate) fn posts_of_person(
    tx: &mut Tx<'_>,
    cx: &Cx,
    person: &PersonId,
) -> Result<Vec<crate::model::Post>> {
    let (path, mine) = scope(cx);
    tx.all(
        "SELECT x.* FROM post x JOIN site s ON s.id = x.site JOIN region r ON r.id = s.region \
         WHERE r.path LIKE $1 || '%' AND ($2 = '' OR s.id = $2) AND x.person = $3 ORDER BY x.since DESC, x.id",
        args![path, mine, person],
    )
}

/// Spans of other records of a site that share columns with a new one: for overlaps. `table` and `columns` are ours, never typed.
///
/// # Errors
/// The engine's fault.
pub(crate) fn spans(
    tx: &mut Tx<'_>,
    table: &str,
    columns: &[(&str, &str)],
    but: &str,
) -> Result<Vec<kernel::Period>> {
    let mut sql = format!("SELECT since, until FROM {table} WHERE id <> $1");
    let mut values = vec![Value::Text(but.to_owned())];
    for (column, value) in columns {
        values.push(Value::Text((*value).to_owned()));
        sql.push_str(&format!(" AND {column} = ${}", values.len()));
    }
    let rows: Vec<Row> = tx.all(&sql, &values)?;
    rows.iter().map(|r| Ok(kernel::Period { from: r.get("since")?, to: r.get("until")? })).collect()
}

/// A body by its name or id.
///
/// # Errors
/// The engine's fault.
pub(crate) fn org_called(tx: &mut Tx<'_>, typed: &str) -> Result<Option<registry::org::Org>> {
    tx.one(
        "SELECT * FROM org WHERE id = $1 OR name = $1 OR uscc = $1 ORDER BY until IS NOT NULL, id",
        args![typed],
    )
}

/// A region of the asker's scope by its id, code or whole name; a name that occurs twice finds nothing.
///
/// # Errors
/// The engine's fault.
pub(crate) fn region_called(tx: &mut Tx<'_>, cx: &Cx, typed: &str) -> Result<Option<Region>> {
    let path = cx.actor.scope().path.clone();
    if let Some(r) = tx.one(
        "SELECT * FROM region WHERE path LIKE $1 || '%' AND (id = $2 OR code = $2) ORDER BY until IS NOT NULL, id",
        args![path, typed],
    )? {
        return Ok(Some(r));
    }
    let mut found: Vec<Region> =
        tx.all("SELECT * FROM region WHERE path LIKE $1 || '%' AND name = $2", args![path, typed])?;
    Ok(if found.len() == 1 { found.pop() } else { None })
}

/// The evidence of a site, latest first.
///
/// # Errors
/// The engine's fault.
pub(crate) fn evidence_of(tx: &mut Tx<'_>, site: &SiteId) -> Result<Vec<Evidence>> {
    tx.all("SELECT * FROM evidence WHERE site = $1 ORDER BY at DESC, id DESC", args![site])
}

/// A piece of evidence of the asker's scope.
///
/// # Errors
/// The engine's fault.
pub(crate) fn evidence(tx: &mut Tx<'_>, cx: &Cx, id: &str) -> Result<Option<Evidence>> {
    let (path, mine) = scope(cx);
    tx.one(
        "SELECT x.* FROM evidence x JOIN site s ON s.id = x.site JOIN region r ON r.id = s.region \
         WHERE r.path LIKE $1 || '%' AND ($2 = '' OR s.id = $2) AND x.id = $3",
        args![path, mine, id],
    )
}

/// All evidence of the asker's scope, oldest first.
///
/// # Errors
/// The engine's fault.
pub(crate) fn all_evidence(tx: &mut Tx<'_>, cx: &Cx) -> Result<Vec<Evidence>> {
    let (path, mine) = scope(cx);
    tx.all(
        "SELECT x.* FROM evidence x JOIN site s ON s.id = x.site JOIN region r ON r.id = s.region \
         WHERE r.path LIKE $1 || '%' AND ($2 = '' OR s.id = $2) ORDER BY x.at, x.id",
        args![path, mine],
    )
}

/// Evidence under a path in the asker's scope, taken by a day, with its file, oldest first.
///
/// # Errors
/// The engine's fault.
pub(crate) fn evidence_under(
    tx: &mut Tx<'_>,
    cx: &Cx,
    path: &str,
    by: Day,
) -> Result<Vec<(Evidence, StoredFile)>> {
    let (scope, mine) = scope(cx);
    let from = "JOIN site s ON s.id = x.site JOIN region r ON r.id = s.region \
         WHERE r.path LIKE $1 || '%' AND r.path LIKE $2 || '%' AND ($3 = '' OR s.id = $3) AND x.taken <= $4 ORDER BY x.at, x.id";
    let evidence: Vec<Evidence> =
        tx.all(&format!("SELECT x.* FROM evidence x {from}"), args![scope, path, mine, by])?;
    let files: Vec<StoredFile> = tx.all(
        &format!("SELECT f.* FROM evidence x JOIN file f ON f.id = x.file {from}"),
        args![scope, path, mine, by],
    )?;
    Ok(evidence.into_iter().zip(files).collect())
}

/// Was this register of this site said to be complete though empty?
///
/// # Errors
/// The engine's fault.
pub(crate) fn reported(
    tx: &mut Tx<'_>,
    site: &SiteId,
    register: &str,
) -> Result<Option<RegisterReport>> {
    tx.one("SELECT * FROM register_report WHERE site = $1 AND register = $2", args![site, register])
}

/// Events that touch a site, latest first.
///
/// # Errors
/// The engine's fault.
pub(crate) fn events_of(tx: &mut Tx<'_>, unit: &str, limit: i64) -> Result<Vec<db::event::Entry>> {
    tx.all("SELECT * FROM event WHERE unit = $1 ORDER BY seq DESC LIMIT $2", args![unit, limit])
}

/// How many people hold a staff post on a day, by site of the asker's scope.
///
/// # Errors
/// The engine's fault.
pub(crate) fn staff_counts(
    tx: &mut Tx<'_>,
    cx: &Cx,
    day: kernel::Day,
) -> Result<std::collections::HashMap<String, i64>> {
    let (path, mine) = scope(cx);
    let rows: Vec<Row> = tx.all(
        "SELECT x.site AS site, COUNT(DISTINCT x.person) AS n FROM post x JOIN site s ON s.id = x.site \
         JOIN region r ON r.id = s.region WHERE r.path LIKE $1 || '%' AND ($2 = '' OR s.id = $2) \
         AND x.role NOT IN ('volunteer', 'intern') AND x.since <= $3 AND (x.until IS NULL OR x.until > $3) GROUP BY x.site",
        args![path, mine, day],
    )?;
    rows.iter().map(|r| Ok((r.get("site")?, r.get("n")?))).collect()
}

/// The posts of a site, by first day. Callers load the site first.
///
/// # Errors
/// The engine's fault.
pub(crate) fn posts_of_site(tx: &mut Tx<'_>, site: &SiteId) -> Result<Vec<crate::model::Post>> {
    tx.all("SELECT * FROM post WHERE site = $1 ORDER BY since, id", args![site])
}

/// Every post of the asker's scope.
///
/// # Errors
/// The engine's fault.
pub(crate) fn posts(tx: &mut Tx<'_>, cx: &Cx) -> Result<Vec<crate::model::Post>> {
    let (path, mine) = scope(cx);
    tx.all(every!("post"), args![path, mine])
}

/// Certificates, registrations and checks of people in the asker's scope that lapse up to a day and are not renewed: for each
/// person and kind only the one that lasts longest is asked.
///
/// # Errors
/// The engine's fault.
pub(crate) fn lapsing(
    tx: &mut Tx<'_>,
    cx: &Cx,
    until: kernel::Day,
) -> Result<Vec<registry::people::Qualification>> {
    let (path, mine) = scope(cx);
    tx.all(
        people_in_scope!(
            "x.*",
            "qualification x JOIN person p ON p.id = x.person",
            "AND x.until IS NOT NULL AND x.until <= $3 AND NOT EXISTS (SELECT 1 FROM qualification y \
             WHERE y.person = x.person AND y.kind = x.kind AND y.id <> x.id AND (y.until IS NULL OR y.until > x.until)) \
             ORDER BY x.until, x.id"
        ),
        args![path, mine, until],
    )
}

/// Is there later evidence of the same record that is not out of date?
///
/// # Errors
/// The engine's fault.
pub(crate) fn renewed(tx: &mut Tx<'_>, e: &Evidence, today: kernel::Day) -> Result<bool> {
    let year_ago = today.plus_months(-crate::model::EVIDENCE_MONTHS);
    Ok(tx.count(
        "SELECT COUNT(*) FROM evidence WHERE subject = $1 AND record = $2 AND taken > $3 AND (outcome IS NULL OR outcome = 'accepted')",
        args![e.subject, e.record, year_ago],
    )? > 0)
}

/// Do other records point to this one? `subject` is one of our tables.
///
/// # Errors
/// The engine's fault.
pub(crate) fn leant_on(tx: &mut Tx<'_>, subject: &str, id: &str) -> Result<bool> {
    let pointers: &[&str] = match subject {
        "site" => &[
            "SELECT COUNT(*) FROM post WHERE site = $1",
            "SELECT COUNT(*) FROM room WHERE site = $1",
            "SELECT COUNT(*) FROM facility WHERE site = $1",
            "SELECT COUNT(*) FROM rule_doc WHERE site = $1",
            "SELECT COUNT(*) FROM designation WHERE site = $1",
            "SELECT COUNT(*) FROM operation WHERE site = $1",
            "SELECT COUNT(*) FROM site_name WHERE site = $1",
            "SELECT COUNT(*) FROM register_report WHERE site = $1",
            "SELECT COUNT(*) FROM site WHERE parent = $1",
            "SELECT COUNT(*) FROM role_grant WHERE site = $1",
        ],
        "person" => &[
            "SELECT COUNT(*) FROM post WHERE person = $1",
            "SELECT COUNT(*) FROM qualification WHERE person = $1",
            "SELECT COUNT(*) FROM work_history WHERE person = $1",
            "SELECT COUNT(*) FROM account WHERE person = $1",
        ],
        "org" => &["SELECT COUNT(*) FROM operation WHERE operator = $1"],
        _ => &[],
    };
    for sql in pointers {
        if tx.count(sql, args![id])? > 0 {
            return Ok(true);
        }
    }
    Ok(tx.count(
        "SELECT COUNT(*) FROM evidence WHERE subject = $1 AND record = $2",
        args![subject, id],
    )? > 0)
}

/// Every record of a table, by its key: what the facts are made of.
pub(crate) fn whole<R: db::Record>(tx: &mut Tx<'_>) -> Result<Vec<R>> {
    let key = R::COLUMNS.first().copied().unwrap_or("id");
    tx.all(&format!("SELECT * FROM {} ORDER BY {key}", R::TABLE), &[])
}
/// The records of a table that belong to one owner, by their key.
pub(crate) fn those<R: db::Record>(tx: &mut Tx<'_>, owner: &str, id: &str) -> Result<Vec<R>> {
    let key = R::COLUMNS.first().copied().unwrap_or("id");
    tx.all(&format!("SELECT * FROM {} WHERE {owner} = $1 ORDER BY {key}", R::TABLE), args![id])
}
