//! Sealing at rest: what is said about a person lies encrypted under a key of that person's own.
//!
//! A key-encryption key (KEK, outside the database) wraps one data key (DEK) per owner: a client, or another subject. Text is sealed with
//! AES-256-GCM under the owner's key; place and row are bound in, so that sealed text moved to another row does not open. The nonce is
//! derived from key, place and text, so nothing depends on chance here and no nonce serves two texts. Rotating the KEK wraps the data keys
//! anew; destroying an owner's data key destroys every text of that owner, in backups of this database as well (GB/T 39786 §8.4 e; PIPL §47).
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, Key, Nonce};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use hmac::{Hmac, Mac};
use kernel::Refusal;
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::{Cell, Error, Result, Row, Tx, Value, args, hex};

/// A key of 256 bits.
pub type Secret = Zeroizing<[u8; 32]>;

/// Sealed text as it lies in a column: `s1.` and base64 of nonce and ciphertext.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Sealed(String);

impl Cell for Sealed {
    fn to_value(&self) -> Value {
        Value::Text(self.0.clone())
    }
    fn from_value(v: &Value) -> Option<Self> {
        if let Value::Text(t) = v { Some(Self(t.clone())) } else { None }
    }
}

/// The keys that wrap data keys, newest last, and the seed of fresh data keys.
#[derive(Clone)]
pub struct Vault(Arc<Inner>);
struct Inner {
    keks: Vec<(i64, Secret)>,
    seed: Secret,
    count: Mutex<u64>,
}

/// The owner of the key behind [`Tx::blind`].
const INDEX: &str = "index";
const FORM: &str = "s1.";

impl Vault {
    /// A vault of these KEKs by version, the last of which wraps what is new. `seed`: 32 bytes of the system's randomness.
    pub fn new(keks: Vec<(i64, [u8; 32])>, seed: [u8; 32]) -> Self {
        let keks = keks.into_iter().map(|(n, k)| (n, Zeroizing::new(k))).collect();
        Self(Arc::new(Inner { keks, seed: Zeroizing::new(seed), count: Mutex::new(0) }))
    }
    /// A vault without keys: everything sealed stays so.
    pub fn closed() -> Self {
        Self::new(Vec::new(), [0; 32])
    }
    /// The version that wraps what is new.
    ///
    /// # Errors
    /// When the vault is closed.
    pub fn newest(&self) -> Result<i64> {
        self.0
            .keks
            .last()
            .map(|(n, _)| *n)
            .ok_or_else(|| Error::Broken("the vault is closed".into()))
    }
    fn kek(&self, version: i64) -> Result<&Secret> {
        let found = self.0.keks.iter().find(|(n, _)| *n == version);
        found.map(|(_, k)| k).ok_or_else(|| {
            Error::Broken(format!("the key file holds no key {version}; it belongs to another database or was cut short"))
        })
    }
    fn fresh(&self) -> Secret {
        let mut count = self.0.count.lock().unwrap_or_else(PoisonError::into_inner);
        *count += 1;
        Zeroizing::new(mac(&self.0.seed, &[b"data key", &count.to_be_bytes()]))
    }
}

/// Data keys a transaction has unwrapped.
#[derive(Default)]
pub(crate) struct Ring(HashMap<String, Secret>);
impl Ring {
    /// After a rollback a key that was made inside it is no key any more.
    pub(crate) fn forget(&mut self) {
        self.0.clear();
    }
}

fn mac(key: &Secret, parts: &[&[u8]]) -> [u8; 32] {
    // HMAC pads a key to its block of 64 bytes; padded beforehand, it cannot be of a wrong length.
    let mut block = Zeroizing::new([0; 64]);
    for (to, from) in block.iter_mut().zip(key.iter()) {
        *to = *from;
    }
    let mut mac = <Hmac<Sha256> as KeyInit>::new(&(*block).into());
    for part in parts {
        mac.update(&(part.len() as u64).to_be_bytes());
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

fn lock(key: &Secret, bound: &str, text: &[u8]) -> Result<String> {
    Ok(format!("{FORM}{}", STANDARD_NO_PAD.encode(lock_bytes(key, bound, text)?)))
}

/// The nonce and what was sealed.
fn lock_bytes(key: &Secret, bound: &str, text: &[u8]) -> Result<Vec<u8>> {
    let nonce_bytes = mac(key, &[b"nonce", bound.as_bytes(), text]);
    let [a, b, c, d, e, f, g, h, i, j, k, l, ..] = nonce_bytes;
    let short = [a, b, c, d, e, f, g, h, i, j, k, l];
    let cipher = Aes256Gcm::new(&Key::<Aes256Gcm>::from(**key));
    let sealed = cipher
        .encrypt(&Nonce::from(short), Payload { msg: text, aad: bound.as_bytes() })
        .map_err(|_| Error::Broken("a text could not be sealed".into()))?;
    let mut all = short.to_vec();
    all.extend(sealed);
    Ok(all)
}

fn unlock(key: &Secret, bound: &str, sealed: &str) -> Result<Zeroizing<Vec<u8>>> {
    let broken = || Error::Broken(format!("a sealed text at {bound} does not open"));
    let body = sealed.strip_prefix(FORM).ok_or_else(broken)?;
    unlock_bytes(key, bound, &STANDARD_NO_PAD.decode(body).map_err(|_| broken())?)
}

fn unlock_bytes(key: &Secret, bound: &str, all: &[u8]) -> Result<Zeroizing<Vec<u8>>> {
    let broken = || Error::Broken(format!("what is sealed at {bound} does not open"));
    let (nonce, text) = all.split_first_chunk::<12>().ok_or_else(broken)?;
    let cipher = Aes256Gcm::new(&Key::<Aes256Gcm>::from(**key));
    cipher
        .decrypt(&Nonce::from(*nonce), Payload { msg: text, aad: bound.as_bytes() })
        .map(Zeroizing::new)
        .map_err(|_| broken())
}

impl Tx<'_> {
    /// Seals a text about `owner` (a client's id, or another subject's) for one place (`table.column`) of one row.
    ///
    /// # Errors
    /// A refusal `db.destroyed` when the owner's key was destroyed; the engine's fault; [`Error::Broken`] when the vault is closed.
    pub fn seal(&mut self, owner: &str, place: &str, id: &str, text: &str) -> Result<Sealed> {
        let key = self.data_key(owner, true)?;
        Ok(Sealed(lock(&key, &bound(owner, place, id), text.as_bytes())?))
    }
    /// [`Tx::seal`] for what may be missing; an empty text is kept as nothing.
    ///
    /// # Errors
    /// As [`Tx::seal`].
    pub fn seal_some(
        &mut self,
        owner: &str,
        place: &str,
        id: &str,
        text: &str,
    ) -> Result<Option<Sealed>> {
        if text.is_empty() { Ok(None) } else { self.seal(owner, place, id, text).map(Some) }
    }
    /// Opens a sealed text; owner, place and id must be those it was sealed with.
    ///
    /// # Errors
    /// As [`Tx::seal`], and [`Error::Broken`] for a text that was changed or moved.
    pub fn open(&mut self, owner: &str, place: &str, id: &str, sealed: &Sealed) -> Result<String> {
        let key = self.data_key(owner, false)?;
        let bytes = unlock(&key, &bound(owner, place, id), &sealed.0)?;
        String::from_utf8(bytes.to_vec())
            .map_err(|_| Error::Broken("sealed text is no text".into()))
    }
    /// [`Tx::open`] for what may be missing.
    ///
    /// # Errors
    /// As [`Tx::open`].
    pub fn open_some(
        &mut self,
        owner: &str,
        place: &str,
        id: &str,
        sealed: Option<&Sealed>,
    ) -> Result<String> {
        sealed.map_or_else(|| Ok(String::new()), |s| self.open(owner, place, id, s))
    }
    /// Seals the bytes of a file about `owner`, bound to its place and row like a text. What comes out goes to disk.
    ///
    /// # Errors
    /// As [`Tx::seal`].
    pub fn seal_bytes(
        &mut self,
        owner: &str,
        place: &str,
        id: &str,
        bytes: &[u8],
    ) -> Result<Vec<u8>> {
        let key = self.data_key(owner, true)?;
        lock_bytes(&key, &bound(owner, place, id), bytes)
    }
    /// Opens the bytes of a file.
    ///
    /// # Errors
    /// As [`Tx::open`].
    pub fn open_bytes(
        &mut self,
        owner: &str,
        place: &str,
        id: &str,
        sealed: &[u8],
    ) -> Result<Vec<u8>> {
        let key = self.data_key(owner, false)?;
        unlock_bytes(&key, &bound(owner, place, id), sealed).map(|b| b.to_vec())
    }
    /// The blind index of a normalised value: equal values of a column have equal indexes, and nothing else can be told from them.
    /// A question on a database that has sealed nothing yet answers the empty text, which no row bears.
    ///
    /// # Errors
    /// As [`Tx::seal`].
    pub fn blind(&mut self, column: &str, value: &str) -> Result<String> {
        if !self.has_key(INDEX)? && !self.writes {
            return Ok(String::new());
        }
        let key = self.data_key(INDEX, true)?;
        Ok(hex(&mac(&key, &[column.as_bytes(), value.as_bytes()])))
    }
    /// Destroys an owner's key: every text sealed under it is gone for good.
    ///
    /// # Errors
    /// The engine's fault.
    pub fn shred(&mut self, owner: &str) -> Result<()> {
        self.ring.forget();
        self.run("UPDATE data_key SET wrapped = '' WHERE owner = $1", args![owner]).map(drop)
    }
    /// Wraps every data key with the newest KEK; answers how many were changed.
    ///
    /// # Errors
    /// As [`Tx::seal`].
    pub fn rewrap(&mut self) -> Result<usize> {
        let newest = self.vault.newest()?;
        let old: Vec<Row> = self.all(
            "SELECT owner, wrapped, kek FROM data_key WHERE kek <> $1 AND wrapped <> ''",
            args![newest],
        )?;
        for row in &old {
            let (owner, kek): (String, i64) = (row.get("owner")?, row.get("kek")?);
            let key = self.unwrap_key(&owner, kek, &row.get::<String>("wrapped")?)?;
            let wrapped = lock(self.vault.kek(newest)?, &format!("data_key|{owner}"), &*key)?;
            self.run(
                "UPDATE data_key SET wrapped = $2, kek = $3 WHERE owner = $1",
                args![owner, wrapped, newest],
            )?;
        }
        Ok(old.len())
    }

    /// Does the vault open what this database keeps? A closed vault is asked nothing.
    pub(crate) fn fits(&mut self) -> Result<()> {
        if self.vault.newest().is_err() {
            return Ok(());
        }
        let oldest_of_each: Vec<Row> = self.all(
            "SELECT MIN(owner) AS owner FROM data_key WHERE wrapped <> '' GROUP BY kek",
            args![],
        )?;
        for row in oldest_of_each {
            self.data_key(&row.get::<String>("owner")?, false)?;
        }
        Ok(())
    }
    fn has_key(&mut self, owner: &str) -> Result<bool> {
        if self.ring.0.contains_key(owner) {
            return Ok(true);
        }
        Ok(self.count("SELECT COUNT(*) FROM data_key WHERE owner = $1", args![owner])? > 0)
    }
    fn data_key(&mut self, owner: &str, make: bool) -> Result<Secret> {
        if let Some(key) = self.ring.0.get(owner) {
            return Ok(key.clone());
        }
        let kept: Option<Row> =
            self.one("SELECT wrapped, kek FROM data_key WHERE owner = $1", args![owner])?;
        let key = match kept {
            Some(row) => {
                let wrapped: String = row.get("wrapped")?;
                if wrapped.is_empty() {
                    return Err(Refusal::new("db.destroyed").into());
                }
                self.unwrap_key(owner, row.get("kek")?, &wrapped)?
            }
            None if make => {
                let (newest, key) = (self.vault.newest()?, self.vault.fresh());
                let wrapped = lock(self.vault.kek(newest)?, &format!("data_key|{owner}"), &*key)?;
                self.run(
                    "INSERT INTO data_key (owner, wrapped, kek) VALUES ($1, $2, $3)",
                    args![owner, wrapped, newest],
                )?;
                key
            }
            None => return Err(Error::Broken(format!("nothing was ever sealed for {owner}"))),
        };
        self.ring.0.insert(owner.to_owned(), key.clone());
        Ok(key)
    }
    fn unwrap_key(&self, owner: &str, kek: i64, wrapped: &str) -> Result<Secret> {
        let bytes = unlock(self.vault.kek(kek)?, &format!("data_key|{owner}"), wrapped)?;
        let key: [u8; 32] = bytes
            .as_slice()
            .try_into()
            .map_err(|_| Error::Broken("a data key is no key".into()))?;
        Ok(Zeroizing::new(key))
    }
}

fn bound(owner: &str, place: &str, id: &str) -> String {
    format!("{owner}|{place}|{id}")
}
