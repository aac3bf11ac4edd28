//! Registers: dated records of one shape (a post held, a room, a certificate), kept alike whether they come from a page, the API or an import.
//!
//! A slice declares a [`Register`]: its fields, whose record it is (a site's, a person's), what it refuses, and its SQL.
//! [`read`] turns text input into a record or refusals at the fields; [`acts`] add, amend and remove with the event that keeps history.
pub mod acts;
mod read;

use access::Cx;
use db::{Record, Result, Tx};
use kernel::Refusals;
use serde_json::{Map, Value as Json};
use std::collections::BTreeMap;

pub use read::{Resolve, read, write};

/// A record as JSON: column → value.
pub type Object = Map<String, Json>;
/// Text input: field → what was typed.
pub type Input = BTreeMap<String, String>;

/// What a field holds, and so how it is typed, checked, shown and written to a sheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// One line of at most so many characters.
    Text(usize),
    /// Several lines.
    Long(usize),
    Day,
    /// A whole number within bounds.
    Whole(i64, i64),
    Flag,
    /// One of these words; labels are `{register}.{field}.{word}`.
    Choice(&'static [&'static str]),
    /// Some of these words, kept joined with commas.
    Many(&'static [&'static str]),
    /// A person, typed as roster key, ID number or picked by id.
    Person,
    /// A body, by name or id.
    Org,
    /// A site, by code, official name or id.
    Site,
    /// A region, by code or id.
    Region,
    /// 公民身份号码, checked by its digit.
    IdNumber,
    /// A mobile number.
    Phone,
    /// 统一社会信用代码.
    Uscc,
}

/// A field of a register. Its label is the sentence `{register}.{field}`, its hint `{register}.{field}.hint` if there is one.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    pub name: &'static str,
    pub kind: Kind,
    pub required: bool,
}

impl Field {
    /// A field that must be filled.
    pub const fn must(name: &'static str, kind: Kind) -> Self {
        Self { name, kind, required: true }
    }
    /// A field that may stay empty.
    pub const fn may(name: &'static str, kind: Kind) -> Self {
        Self { name, kind, required: false }
    }
    /// The words of a choice.
    pub const fn words(&self) -> &'static [&'static str] {
        match self.kind {
            Kind::Choice(w) | Kind::Many(w) => w,
            _ => &[],
        }
    }
    /// What the form widget is called in templates.
    pub const fn widget(&self) -> &'static str {
        match self.kind {
            Kind::Long(_) => "long",
            Kind::Day => "day",
            Kind::Whole(..) => "whole",
            Kind::Flag => "flag",
            Kind::Choice(_) => "choice",
            Kind::Many(_) => "many",
            Kind::Person => "person",
            Kind::Org => "org",
            Kind::Site => "site",
            Kind::Region => "region",
            _ => "text",
        }
    }
}

/// Whose record it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Parent {
    Site,
    Person,
    /// Nobody's: the record is a master record itself (a person, a site, a body).
    None,
}

impl Parent {
    /// The column that names the parent.
    pub const fn column(self) -> &'static str {
        match self {
            Self::Site => "site",
            Self::Person => "person",
            Self::None => "",
        }
    }
}

/// How rows enter that an act of their own takes in: what seals columns, searches before it creates and assigns somebody is no plain insert.
/// Such a register takes new rows alone: it lists none, changes none and is not exported from here.
#[derive(Clone, Copy)]
pub struct Intake {
    /// Takes a row in. The record has been read by the register's fields, and it has an `id`.
    pub take: fn(&mut Tx<'_>, &Cx, &Object) -> Result<acts::Kept>,
    /// Takes back what was taken in and nothing leans on.
    pub undo: fn(&mut Tx<'_>, &Cx, &str) -> Result<()>,
    /// What an importer is told of one afterwards: `id`, `name`, `external_id`.
    pub told: fn(&mut Tx<'_>, &str) -> Result<Option<Object>>,
}

type Keep = fn(&mut Tx<'_>, &Object) -> Result<()>;

/// A register. Built by [`Register::of`], so that its shape is a [`Record`]'s.
pub struct Register {
    /// In addresses and on sheets: `posts`.
    pub name: &'static str,
    /// Its table, which is also the subject of its events: `post`.
    pub subject: &'static str,
    pub parent: Parent,
    pub fields: &'static [Field],
    /// Fields that together tell one record of a parent from another: a re-import of the same row finds it by them.
    pub keys: &'static [&'static str],
    /// The capability that changes it.
    pub write: &'static str,
    /// All records of a parent (`$1`), in the order to show.
    pub of_parent: &'static str,
    /// All records, for exports; each row has the columns of the table.
    pub every: &'static str,
    /// May the actor touch records of this parent? Answers the policy unit whose facts they are.
    pub admit: fn(&mut Tx<'_>, &Cx, &str) -> Result<Option<String>>,
    /// What only this register refuses: overlaps, wrong order, a second head. Gets the record as it would be kept and the one before.
    pub check: fn(&mut Tx<'_>, &Cx, &Object, Option<&Object>) -> Result<Refusals>,
    /// The record as the event log keeps it (masked where its class demands).
    pub logged: fn(&Object) -> Object,
    insert: Keep,
    update: Keep,
    delete: fn(&mut Tx<'_>, &str) -> Result<bool>,
    find: fn(&mut Tx<'_>, &str) -> Result<Option<Object>>,
    every_of: fn(&mut Tx<'_>, &str, &[db::Value]) -> Result<Vec<Object>>,
    /// Rows enter by an act of their own and are not listed here.
    pub intake: Option<Intake>,
}

/// What a slice says of a register besides its record's shape.
pub struct Spec {
    pub name: &'static str,
    pub parent: Parent,
    pub fields: &'static [Field],
    pub keys: &'static [&'static str],
    pub write: &'static str,
    pub of_parent: &'static str,
    pub every: &'static str,
    pub admit: fn(&mut Tx<'_>, &Cx, &str) -> Result<Option<String>>,
    pub check: fn(&mut Tx<'_>, &Cx, &Object, Option<&Object>) -> Result<Refusals>,
    pub logged: fn(&Object) -> Object,
}

impl Register {
    /// The register of a record type.
    pub fn of<R: Record + 'static>(spec: Spec) -> Self {
        Self {
            name: spec.name,
            subject: R::TABLE,
            parent: spec.parent,
            fields: spec.fields,
            keys: spec.keys,
            write: spec.write,
            of_parent: spec.of_parent,
            every: spec.every,
            admit: spec.admit,
            check: spec.check,
            logged: spec.logged,
            insert: |tx, o| tx.insert(&typed::<R>(o)?),
            update: |tx, o| {
                if tx.update(&typed::<R>(o)?)? { Ok(()) } else { Err(db::Error::Missing) }
            },
            delete: |tx, id| tx.delete::<R>(&db::Cell::to_value(&id)),
            find: |tx, id| tx.find::<R>(&db::Cell::to_value(&id))?.as_ref().map(object).transpose(),
            every_of: |tx, sql, args| tx.all::<R>(sql, args)?.iter().map(object).collect(),
            intake: None,
        }
    }
    /// A register whose rows enter by an act of the slice's own; its events have this subject.
    pub fn intake(
        (name, subject): (&'static str, &'static str),
        fields: &'static [Field],
        write: &'static str,
        intake: Intake,
    ) -> Self {
        Self {
            name,
            subject,
            parent: Parent::None,
            fields,
            keys: &["external_id"],
            write,
            of_parent: "",
            every: "",
            admit: |_, _, _| Ok(None),
            check: |_, _, _, _| Ok(Refusals::none()),
            logged: |_| Object::new(),
            insert: |_, _| Err(db::Error::Missing),
            update: |_, _| Err(db::Error::Missing),
            delete: |_, _| Ok(false),
            find: |_, _| Ok(None),
            every_of: |_, _, _| Ok(Vec::new()),
            intake: Some(intake),
        }
    }
    /// One record by its id, whoever asks: callers admit first.
    ///
    /// # Errors
    /// The engine's fault.
    pub fn find(&self, tx: &mut Tx<'_>, id: &str) -> Result<Option<Object>> {
        if let Some(intake) = &self.intake {
            return (intake.told)(tx, id);
        }
        (self.find)(tx, id)
    }
    /// The records of a parent, in the order to show. Callers admit first.
    ///
    /// # Errors
    /// The engine's fault.
    pub fn of_parent(&self, tx: &mut Tx<'_>, parent: &str) -> Result<Vec<Object>> {
        (self.every_of)(tx, self.of_parent, db::args![parent])
    }
    /// Every record under a scope: `every` takes the path prefix (`$1`) and the site or the empty text (`$2`).
    ///
    /// # Errors
    /// The engine's fault.
    pub fn under(&self, tx: &mut Tx<'_>, cx: &Cx) -> Result<Vec<Object>> {
        let scope = cx.actor.scope();
        (self.every_of)(tx, self.every, db::args![scope.path.as_str(), scope.site_or_any()])
    }
    /// Every record, whoever asks: for what must not overlook one because somebody may not see it.
    ///
    /// # Errors
    /// The engine's fault.
    pub fn every(&self, tx: &mut Tx<'_>) -> Result<Vec<Object>> {
        (self.every_of)(tx, self.every, db::args!["", ""])
    }
    /// The field of this name.
    pub fn field(&self, name: &str) -> Option<&'static Field> {
        self.fields.iter().find(|f| f.name == name)
    }
}

/// A record as JSON.
///
/// # Errors
/// A record that is no JSON object.
pub fn object<R: Record>(r: &R) -> Result<Object> {
    match serde_json::to_value(r)? {
        Json::Object(o) => Ok(o),
        _ => Err(db::Error::Broken("a record is an object".into())),
    }
}

/// A JSON record as its type.
///
/// # Errors
/// Columns that do not fit the type.
pub fn typed<R: Record>(o: &Object) -> Result<R> {
    Ok(serde_json::from_value(Json::Object(o.clone()))?)
}

/// The text of a column of a JSON record; empty for null.
pub fn text<'a>(o: &'a Object, column: &str) -> &'a str {
    o.get(column).and_then(Json::as_str).unwrap_or_default()
}

/// The day of a column, if it holds one.
pub fn day(o: &Object, column: &str) -> Option<kernel::Day> {
    text(o, column).parse().ok()
}
