//! What this slice asks of the house: every register, how references are found, and the sentences.
use std::sync::Arc;

use db::{Result, Tx};
use locale::{Catalogue, Lang};
use web::Shell;
use web::register::{Kind, Object, Parent, Register, Resolve, text};

/// The registers of all slices and what belongs to them. Cheap to clone.
#[derive(Clone)]
pub struct House {
    /// In the order in which sheets are read: what others point to comes first.
    pub registers: Arc<[&'static Register]>,
    pub resolve: Resolve,
    pub catalogue: Arc<Catalogue>,
}

impl House {
    /// Of this shell.
    pub fn of(shell: &Shell) -> Self {
        let mut all: Vec<&'static Register> =
            shell.slices.iter().flat_map(|s| (s.registers)()).collect();
        // What rows are taken in by an act of their own points to people and places: it comes last.
        all.sort_by_key(|r| r.intake.is_some());
        Self {
            registers: all.into(),
            resolve: shell.resolve(),
            catalogue: Arc::clone(&shell.catalogue),
        }
    }
    /// The register of this name.
    pub fn register(&self, name: &str) -> Option<&'static Register> {
        self.registers.iter().find(|r| r.name == name).copied()
    }
    fn keeper(&self, subject: &str) -> Option<&'static Register> {
        self.registers.iter().find(|r| r.subject == subject).copied()
    }
    /// What people call the register.
    pub fn title(&self, lang: Lang, register: &str) -> String {
        let key = format!("{register}.heading");
        if self.catalogue.has(&key) {
            self.catalogue.text(lang, &key).to_owned()
        } else {
            register.to_owned()
        }
    }
    /// A referenced thing as a sheet writes it: its code or key, by which it is found again, and the name a person reads.
    ///
    /// # Errors
    /// The engine's fault.
    pub fn reference(&self, tx: &mut Tx<'_>, kind: Kind, id: &str) -> Result<(String, String)> {
        if kind == Kind::Region {
            let found = registry::region::find(tx, &id.into())?;
            return Ok(found.map_or_else(|| (id.to_owned(), String::new()), |r| (r.code, r.name)));
        }
        let Some(keeper) = subject_of(kind).and_then(|s| self.keeper(s)) else {
            return Ok((id.to_owned(), String::new()));
        };
        let found = keeper.find(tx, id)?;
        Ok(found.map_or_else(
            || (id.to_owned(), String::new()),
            |o| {
                let key = keeper.keys.iter().map(|k| text(&o, k)).find(|t| !t.is_empty());
                (key.unwrap_or(id).to_owned(), label(keeper, &o))
            },
        ))
    }
}

/// The table behind a kind of reference.
pub const fn subject_of(kind: Kind) -> Option<&'static str> {
    match kind {
        Kind::Person => Some("person"),
        Kind::Org => Some("org"),
        Kind::Site => Some("site"),
        _ => None,
    }
}

/// What a reader calls a record.
pub fn label(register: &Register, o: &Object) -> String {
    let names = ["name", "title", "external_id", "since"];
    let found = names.iter().map(|n| text(o, n)).find(|t| !t.is_empty());
    found.unwrap_or(register.name).to_owned()
}

/// Where a record is shown; empty when nowhere by itself.
pub fn href(register: &Register, o: &Object) -> String {
    let id = text(o, "id");
    match (register.parent, register.subject) {
        (Parent::Site, _) => format!("/sites/{}", text(o, "site")),
        (Parent::Person, _) => format!("/people/{}", text(o, "person")),
        (Parent::None, "site") => format!("/sites/{id}"),
        (Parent::None, "person") => format!("/people/{id}"),
        (Parent::None, _) => String::new(),
    }
}
