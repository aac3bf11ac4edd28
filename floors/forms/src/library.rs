//! The shipped forms, embedded from `forms/*.toml` at the root, and those that a bureau adds.
use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use db::{Result, Tx};
use include_dir::{Dir, include_dir};

use crate::form::Form;
use crate::load::Fault;
use crate::store;

static FILES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../forms");
static SHIPPED: LazyLock<Library> = LazyLock::new(|| {
    let mut library = Library::default();
    for (_, text) in sources() {
        // A shipped file with a fault is found by this crate's own test, not at a user's desk.
        if let Ok(form) = Form::load(text) {
            library.add(form);
        }
    }
    library
});

/// The shipped definitions as (id, TOML), in order of their files.
pub fn sources() -> impl Iterator<Item = (&'static str, &'static str)> {
    FILES.files().filter_map(|f| {
        let name = f.path().file_name()?.to_str()?.strip_suffix(".toml")?;
        Some((name, f.contents_utf8()?))
    })
}

/// Forms by id and version.
#[derive(Clone, Debug, Default)]
pub struct Library {
    forms: BTreeMap<String, BTreeMap<i64, Arc<Form>>>,
}

impl Library {
    /// The forms that come with the program.
    pub fn shipped() -> &'static Self {
        &SHIPPED
    }
    /// The shipped forms and this district's own.
    ///
    /// # Errors
    /// The engine's fault.
    pub fn of(tx: &mut Tx<'_>) -> Result<Self> {
        let mut all = Self::shipped().clone();
        for own in store::definitions(tx)? {
            if let Ok(form) = Form::load(&own.source) {
                all.add(form);
            }
        }
        Ok(all)
    }
    /// Adds a form; a version that is there already stays as it is.
    pub fn add(&mut self, form: Form) {
        self.forms
            .entry(form.id.clone())
            .or_default()
            .entry(form.version)
            .or_insert_with(|| Arc::new(form));
    }
    /// A form at a version.
    pub fn form(&self, id: &str, version: i64) -> Option<Arc<Form>> {
        self.forms.get(id)?.get(&version).cloned()
    }
    /// The latest version of a form: a bureau's own before the shipped.
    pub fn latest(&self, id: &str) -> Option<Arc<Form>> {
        self.forms.get(id)?.values().next_back().cloned()
    }
    /// The versions of a form, latest first.
    pub fn versions(&self, id: &str) -> Vec<Arc<Form>> {
        self.forms.get(id).map_or_else(Vec::new, |v| v.values().rev().cloned().collect())
    }
    /// The latest version of every form, by id.
    pub fn all(&self) -> Vec<Arc<Form>> {
        self.forms.values().filter_map(|v| v.values().next_back().cloned()).collect()
    }
}

/// The latest version of a form in this district.
///
/// # Errors
/// The engine's fault; [`db::Error::Missing`] for an unknown form.
pub fn latest(tx: &mut Tx<'_>, id: &str) -> Result<Arc<Form>> {
    match store::latest_definition(tx, id)?.map(|own| Form::load(&own.source)) {
        Some(Ok(form)) => Ok(Arc::new(form)),
        _ => Library::shipped().latest(id).ok_or(db::Error::Missing),
    }
}

/// A form at the version that an answer names.
///
/// # Errors
/// The engine's fault; [`db::Error::Missing`] for an unknown form or version.
pub fn form(tx: &mut Tx<'_>, id: &str, version: i64) -> Result<Arc<Form>> {
    if let Some(form) = Library::shipped().form(id, version) {
        return Ok(form);
    }
    let own = store::definition(tx, id, version)?.ok_or(db::Error::Missing)?;
    Form::load(&own.source).map(Arc::new).map_err(|_| db::Error::Missing)
}

/// The TOML of a form at a version.
///
/// # Errors
/// The engine's fault; [`db::Error::Missing`] for an unknown form or version.
pub fn source(tx: &mut Tx<'_>, id: &str, version: i64) -> Result<String> {
    if let Some(own) = store::definition(tx, id, version)? {
        return Ok(own.source);
    }
    Library::shipped().form(id, version).ok_or(db::Error::Missing)?;
    let shipped = sources().find(|(name, _)| *name == id);
    shipped.map(|(_, text)| text.to_owned()).ok_or(db::Error::Missing)
}

/// What stands against putting a bureau's definition into use: its own faults, and fields that the house reads by name and misses.
///
/// # Errors
/// Every fault with its line.
pub fn load_own(text: &str) -> std::result::Result<Form, Vec<Fault>> {
    let form = Form::load(text)?;
    let mut faults = Vec::new();
    if let Some(shipped) = Library::shipped().latest(&form.id) {
        for core in shipped.fields().filter(|f| f.core) {
            if form.field_of(&core.name).is_none_or(|f| f.kind != core.kind) {
                let refusal = kernel::Refusal::at(core.name.clone(), "forms.fault.core")
                    .with("name", &core.label.zh);
                faults.push(Fault { line: 1, refusal });
            }
        }
        if shipped.kind != form.kind {
            faults
                .push(Fault { line: 1, refusal: kernel::Refusal::at("kind", "forms.fault.kind") });
        }
    }
    if faults.is_empty() { Ok(form) } else { Err(faults) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shipped_form_loads() {
        let mut faults = Vec::new();
        for (name, text) in sources() {
            match Form::load(text) {
                Ok(form) if form.id != name => {
                    faults.push(format!("{name}: calls itself {}", form.id))
                }
                Ok(form) if form.is_own() => {
                    faults.push(format!("{name}: version {}", form.version))
                }
                Ok(_) => {}
                Err(all) => faults.extend(all.iter().map(|f| {
                    format!(
                        "{name}.toml:{}: {:?} {} {:?}",
                        f.line, f.refusal.field, f.refusal.key, f.refusal.args
                    )
                })),
            }
        }
        assert!(faults.is_empty(), "{}", faults.join("\n"));
        assert!(Library::shipped().all().len() >= 35);
    }
}
