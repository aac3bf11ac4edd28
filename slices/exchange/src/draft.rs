//! What was uploaded and waits for its commit: kept on disk for a day, so that a restart loses nothing.
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use db::{Error, Result};
use kernel::Instant;
use papers::guard::{self, Limits};
use papers::{Expect, Fault, Table};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use web::register::Register;
use web::{Req, Shell};

use crate::acts::import::SheetDraft;
use crate::house::House;
use crate::model::{DAY_MILLIS, MOST_ROWS};
use crate::sheet::{expected, match_columns};

/// An upload, read and not yet committed.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Draft {
    pub(crate) id: String,
    pub(crate) account: String,
    pub(crate) at: i64,
    pub(crate) file: String,
    pub(crate) digest: String,
    pub(crate) sheets: Vec<SheetDraft>,
}

impl Draft {
    /// Reads an upload in a guarded child: for one register, or every register's sheet of a workbook when none is named.
    ///
    /// # Errors
    /// What was wrong with the file, as a refusal.
    pub(crate) async fn read(
        req: &Req,
        register: Option<&'static Register>,
        file: &str,
        bytes: Vec<u8>,
    ) -> std::result::Result<Self, web::Error> {
        let house = House::of(&req.shell);
        let cx = req.cx()?.clone();
        let digest = hex(&bytes);
        let wanted: Vec<&'static Register> = match register {
            Some(r) => vec![r],
            None => house.registers.to_vec(),
        };
        let exe = req.shell.settings.exe.clone();
        let expect = Expect { headings: expected(&house, &wanted), max_rows: MOST_ROWS };
        let lone = register.is_some();
        let tables = tokio::task::spawn_blocking(move || read(&exe, bytes, &expect, lone))
            .await
            .map_err(|e| web::Error::Broken(e.to_string()))?
            .map_err(|f| web::Error::from(f.refusal()))?;
        let sheets = assign(&house, &wanted, tables);
        if sheets.is_empty() {
            return Err(kernel::Refusal::new("exchange.no_sheet").into());
        }
        Ok(Self {
            id: cx.id(),
            account: cx.actor.account().0.clone(),
            at: cx.now.0,
            file: file.chars().take(120).collect(),
            digest,
            sheets,
        })
    }

    /// How many rows it has.
    pub(crate) fn rows(&self) -> usize {
        self.sheets.iter().map(|s| s.table.rows.len()).sum()
    }

    /// Keeps it, and removes drafts whose day is over.
    ///
    /// # Errors
    /// When the folder cannot be written.
    pub(crate) fn keep(&self, shell: &Shell) -> Result<()> {
        let folder = folder(shell);
        std::fs::create_dir_all(&folder).map_err(broken)?;
        sweep(&folder, shell.now());
        let text = serde_json::to_vec(self)?;
        let beside = folder.join(format!("{}.part", self.id));
        std::fs::write(&beside, text).map_err(broken)?;
        std::fs::rename(&beside, folder.join(format!("{}.json", self.id))).map_err(broken)
    }

    /// One's own draft.
    ///
    /// # Errors
    /// Missing when there is none, it is somebody else's, or its day is over.
    pub(crate) fn load(shell: &Shell, account: &str, id: &str) -> Result<Self> {
        let path = path(shell, id)?;
        let bytes = match std::fs::read(&path) {
            Ok(bytes) => bytes,
            Err(e) if e.kind() == ErrorKind::NotFound => return Err(Error::Missing),
            Err(e) => return Err(broken(e)),
        };
        let draft: Self = serde_json::from_slice(&bytes)?;
        if draft.account != account || shell.now().0 - draft.at >= DAY_MILLIS {
            return Err(Error::Missing);
        }
        Ok(draft)
    }

    /// Removes it.
    ///
    /// # Errors
    /// When the file cannot be removed.
    pub(crate) fn forget(shell: &Shell, id: &str) -> Result<()> {
        match std::fs::remove_file(path(shell, id)?) {
            Err(e) if e.kind() != ErrorKind::NotFound => Err(broken(e)),
            _ => Ok(()),
        }
    }
}

/// Reads in the child. A lone sheet whose headings nobody knows is read all the same, so that its columns can be matched by hand.
fn read(
    exe: &Path,
    bytes: Vec<u8>,
    expect: &Expect,
    lone: bool,
) -> std::result::Result<Vec<Table>, Fault> {
    match guard::read(exe, bytes.clone(), expect, Limits::default()) {
        Err(Fault::NoHeadings { wanted }) if lone => {
            let any = Expect { headings: Vec::new(), max_rows: expect.max_rows };
            let tables = guard::read(exe, bytes, &any, Limits::default())?;
            // A single column is prose or the wrong file, not a table whose headings differ.
            let tables: Vec<Table> = tables.into_iter().filter(|t| t.columns.len() > 1).collect();
            if tables.is_empty() { Err(Fault::NoHeadings { wanted }) } else { Ok(tables) }
        }
        other => other,
    }
}

/// Gives each table to the register it fits: by the sheet's name, else by how many columns are known.
fn assign(house: &House, wanted: &[&'static Register], tables: Vec<Table>) -> Vec<SheetDraft> {
    let mut out: Vec<SheetDraft> = Vec::new();
    for table in tables {
        let named = |r: &&&'static Register| {
            [locale::Lang::Zh, locale::Lang::En]
                .iter()
                .any(|lang| house.title(*lang, r.name) == table.name)
                || r.name == table.name
        };
        let score = |r: &Register| {
            match_columns(house, r, &table.columns)
                .iter()
                .filter(|s| **s != crate::model::Slot::None)
                .count()
        };
        let found = wanted
            .iter()
            .find(named)
            .or_else(|| wanted.iter().max_by_key(|r| score(r)).filter(|_| wanted.len() == 1));
        let Some(register) = found else { continue };
        if out.iter().any(|s| s.register == register.name) || table.rows.is_empty() {
            continue;
        }
        let map = match_columns(house, register, &table.columns);
        out.push(SheetDraft { register: register.name.to_owned(), table, map });
    }
    out
}

fn folder(shell: &Shell) -> PathBuf {
    shell.settings.data_dir.join("imports")
}
fn path(shell: &Shell, id: &str) -> Result<PathBuf> {
    let plain = !id.is_empty() && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    if plain { Ok(folder(shell).join(format!("{id}.json"))) } else { Err(Error::Missing) }
}
fn broken(e: std::io::Error) -> Error {
    Error::Broken(format!("drafts: {e}"))
}

/// Removes what is older than a day. An id begins with its instant (UUID version 7), so no file is opened.
fn sweep(folder: &Path, now: Instant) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name().to_string_lossy().replace('-', "");
        let born = name.get(..12).and_then(|t| i64::from_str_radix(t, 16).ok());
        if born.is_some_and(|at| now.0 - at > DAY_MILLIS) {
            // Gone already is as good.
            let _ = std::fs::remove_file(entry.path());
        }
    }
}

/// SHA-256, hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|b| format!("{b:02x}")).collect()
}
