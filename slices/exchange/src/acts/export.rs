//! Taking a register out: the viewer's rows, the template's columns, a receipt, an entry in the log.
use access::Cx;
use db::{Event, Result, Tx};
use kernel::Refusal;
use locale::Lang;
use papers::{Column, Kind as Cells, Row, Sheet, Value, Workbook};
use serde_json::json;
use sha2::{Digest, Sha256};
use web::register::{Kind, Object, Register, text};

use crate::house::House;
use crate::model::{ExportEntry, MOST_EXPORTED, MOST_EXPORTS, Slot};
use crate::sheet::{heading, parent_kind, value_of};
use crate::store;

/// An hour in milliseconds.
const HOUR: i64 = 3_600_000;

/// What is asked for.
#[derive(Clone, Debug, Default)]
pub struct Wish {
    /// Only this site's records; empty for all in scope.
    pub site: String,
    pub reason: String,
    /// `xlsx` or `csv`.
    pub format: &'static str,
}

/// An export, before it is laid out as a file.
pub struct Taken {
    pub entry: ExportEntry,
    pub sheet: Sheet,
}

/// Takes the rows of a register that the viewer may see and logs it. Columns with ID numbers and phones are left out without
/// `people.unmask`: a masked value would come back as a wrong one.
///
/// # Errors
/// Denied; refused when an hour's exports are used up or the rows are too many; the engine's fault.
pub fn export(
    tx: &mut Tx<'_>,
    cx: &Cx,
    house: &House,
    lang: Lang,
    register: &'static Register,
    wish: &Wish,
) -> Result<Taken> {
    cx.may("export.run")?;
    let recent = store::exports_since(tx, cx.actor.account(), cx.now.plus_millis(-HOUR))?;
    if let Some(first) = recent.first().filter(|_| count(recent.len()) >= MOST_EXPORTS) {
        let minutes = (first.at.0 + HOUR - cx.now.0 + 59_999) / 60_000;
        return Err(Refusal::new("exchange.too_often")
            .with("n", MOST_EXPORTS)
            .with("m", minutes)
            .into());
    }
    let mut objects = register.under(tx, cx)?;
    if !wish.site.is_empty() {
        objects.retain(|o| [text(o, "site"), text(o, "id")].contains(&wish.site.as_str()));
    }
    if objects.len() > MOST_EXPORTED {
        return Err(Refusal::new("exchange.too_many").with("n", MOST_EXPORTED).into());
    }
    let plain = cx.actor.can("people.unmask");
    let columns = columns(house, lang, register, plain);
    let mut rows = Vec::with_capacity(objects.len());
    for o in &objects {
        rows.push(row(tx, house, lang, register, &columns, o)?);
    }
    let entry = ExportEntry {
        id: cx.id(),
        account: cx.actor.account().clone(),
        name: cx.actor.name().to_owned(),
        path: cx.actor.scope().path.clone(),
        register: register.name.to_owned(),
        format: wish.format.to_owned(),
        rows: count(rows.len()),
        digest: digest(&rows),
        reason: wish.reason.chars().take(200).collect(),
        at: cx.now,
    };
    tx.insert(&entry)?;
    tx.record(
        &cx.stamp(),
        Event {
            subject: "export_log",
            id: entry.id.0.clone(),
            verb: "exported",
            unit: None,
            before: None,
            after: Some(json!(entry)),
        },
    )?;
    let place = registry::region::name_of(tx, &cx.actor.scope().region)?;
    let say = |key: &str, args: &[(&str, String)]| house.catalogue.fill(lang, key, args);
    let mut receipt = vec![
        say(
            "exchange.receipt.who",
            &[("who", entry.name.clone()), ("day", cx.today().to_string()), ("place", place)],
        ),
        say(
            "exchange.receipt.rows",
            &[("n", entry.rows.to_string()), ("digest", entry.digest.clone())],
        ),
        say(
            "exchange.receipt.reason",
            &[("reason", entry.reason.clone()), ("id", entry.id.0.clone())],
        ),
    ];
    if !plain && register.fields.iter().any(|f| personal(f.kind)) {
        receipt.push(say("exchange.receipt.left_out", &[]));
    }
    let sheet = Sheet {
        name: house.title(lang, register.name),
        title: Vec::new(),
        columns: columns.into_iter().map(|c| c.column).collect(),
        rows,
        example: None,
        receipt,
        blank_rows: 0,
    };
    Ok(Taken { entry, sheet })
}

impl Taken {
    /// The file's bytes. `watermark` says whose data it is.
    ///
    /// # Errors
    /// What keeps the workbook from being written.
    pub fn file(self, watermark: Option<String>, today: kernel::Day) -> Result<Vec<u8>> {
        let Self { entry, sheet } = self;
        if entry.format != "csv" {
            let book =
                Workbook { sheets: vec![sheet], guide: Vec::new(), watermark, made_on: today };
            return book.xlsx().map_err(|f| db::Error::Broken(f.to_string()));
        }
        let headings: Vec<&str> = [papers::ROW_ID]
            .into_iter()
            .chain(sheet.columns.iter().map(|c| c.heading.as_str()))
            .collect();
        let mut rows: Vec<Vec<Value>> = sheet
            .rows
            .iter()
            .map(|r| {
                [Value::text(r.id.clone().unwrap_or_default())]
                    .into_iter()
                    .chain(r.cells.clone())
                    .collect()
            })
            .collect();
        for line in watermark.iter().chain(&sheet.receipt) {
            rows.push(vec![Value::Text(format!("{} {line}", papers::RECEIPT))]);
        }
        Ok(papers::csv_out(&headings, &rows))
    }
}

struct Out {
    column: Column,
    kind: Kind,
    name: &'static str,
    /// The name a person reads beside a reference, rather than the reference.
    reads: bool,
}

/// Kinds whose values are of class P2.
const fn personal(kind: Kind) -> bool {
    matches!(kind, Kind::IdNumber | Kind::Phone)
}

fn columns(house: &House, lang: Lang, register: &'static Register, plain: bool) -> Vec<Out> {
    let mut out = Vec::new();
    let mut push = |column: Column, kind, name| {
        let reads = matches!(kind, Kind::Person | Kind::Site | Kind::Region);
        let beside = format!("{}{}", column.heading, house.catalogue.text(lang, "exchange.named"));
        out.push(Out { column, kind, name, reads: false });
        if reads {
            out.push(Out { column: Column::new(beside, 20.0, Cells::Text), kind, name, reads });
        }
    };
    if let Some(kind) = parent_kind(register) {
        let column = Column::new(heading(house, lang, register, &Slot::Parent), 18.0, Cells::Text);
        push(column.required(), kind, register.parent.column());
    }
    for f in register.fields.iter().filter(|f| plain || !personal(f.kind)) {
        push(crate::sheet::column(house, lang, register, f), f.kind, f.name);
    }
    out
}

fn row(
    tx: &mut Tx<'_>,
    house: &House,
    lang: Lang,
    register: &Register,
    columns: &[Out],
    o: &Object,
) -> Result<Row> {
    let mut cells = Vec::with_capacity(columns.len());
    let mut beside = None;
    for c in columns {
        if c.reads {
            cells.push(Value::text(beside.take().unwrap_or_default()));
        } else {
            let (value, name) = value_of(tx, house, lang, register, c.kind, c.name, o)?;
            beside = name;
            cells.push(value);
        }
    }
    Ok(Row { id: Some(text(o, "id").to_owned()), cells })
}

/// SHA-256 over the rows as CSV writes them, so that a receipt can be checked against either file.
fn digest(rows: &[Row]) -> String {
    let mut hash = Sha256::new();
    for r in rows {
        hash.update(r.id.as_deref().unwrap_or_default());
        for c in &r.cells {
            hash.update("\u{1f}");
            hash.update(c.plain());
        }
        hash.update("\n");
    }
    hash.finalize().iter().map(|b| format!("{b:02x}")).collect()
}

fn count(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}
