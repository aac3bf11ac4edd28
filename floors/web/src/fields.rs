//! What a form sent: texts and uploads, from urlencoded and multipart bodies alike, read once by the gate.
use std::collections::BTreeMap;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::{FromRequest, FromRequestParts, Multipart, Request};
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts;

use crate::{Error, PageError, Shell};

/// The largest form body taken, in bytes: a photo or spreadsheet of 20 MiB and its fields.
pub(crate) const MOST_BYTES: usize = 21 * 1024 * 1024;

/// A file that came with a form.
#[derive(Clone, Debug)]
pub struct Upload {
    pub name: String,
    pub bytes: Arc<[u8]>,
}

/// What a form sent.
#[derive(Clone, Debug, Default)]
pub struct Fields {
    texts: BTreeMap<String, Vec<String>>,
    uploads: BTreeMap<String, Upload>,
}

impl Fields {
    /// The first value of a field, trimmed; empty when it was not sent.
    pub fn text(&self, name: &str) -> &str {
        self.texts.get(name).and_then(|v| v.first()).map_or("", |s| s.trim())
    }
    /// The first value as it was typed (passwords keep their spaces).
    pub fn raw(&self, name: &str) -> &str {
        self.texts.get(name).and_then(|v| v.first()).map_or("", String::as_str)
    }
    /// Was a box ticked?
    pub fn ticked(&self, name: &str) -> bool {
        !self.text(name).is_empty()
    }
    /// The upload of a field, if one with content was sent.
    pub fn upload(&self, name: &str) -> Option<&Upload> {
        self.uploads.get(name).filter(|u| !u.bytes.is_empty())
    }
    /// Every field as one text; several values are joined with commas. Names that begin with `_` are the floor's own and left out.
    pub fn joined(&self) -> BTreeMap<String, String> {
        self.texts
            .iter()
            .filter(|(name, _)| !name.starts_with('_'))
            .map(|(name, values)| {
                let texts: Vec<&str> =
                    values.iter().map(|v| v.trim()).filter(|v| !v.is_empty()).collect();
                (name.clone(), texts.join(","))
            })
            .collect()
    }
    /// From pairs, for tests and queries.
    pub fn of(pairs: impl IntoIterator<Item = (String, String)>) -> Self {
        let mut me = Self::default();
        for (name, value) in pairs {
            me.texts.entry(name).or_default().push(value);
        }
        me
    }

    /// Reads a body: urlencoded, multipart, or none.
    pub(crate) async fn read(parts: &Parts, body: Body) -> Result<Self, Error> {
        let kind = parts
            .headers
            .get(CONTENT_TYPE)
            .and_then(|v| v.to_str().ok())
            .unwrap_or_default()
            .to_owned();
        if kind.starts_with("multipart/form-data") {
            let request = Request::from_parts(parts.clone(), body);
            let mut multipart = Multipart::from_request(request, &())
                .await
                .map_err(|_| Error::Malformed("web.error.body"))?;
            let mut me = Self::default();
            let mut total = 0;
            while let Some(field) =
                multipart.next_field().await.map_err(|_| Error::Malformed("web.error.body"))?
            {
                let name = field.name().unwrap_or_default().to_owned();
                let file = field.file_name().map(str::to_owned);
                let bytes =
                    field.bytes().await.map_err(|_| Error::Malformed("web.error.too_large"))?;
                total += bytes.len();
                if total > MOST_BYTES {
                    return Err(Error::Malformed("web.error.too_large"));
                }
                match file {
                    Some(file) => {
                        me.uploads
                            .insert(name, Upload { name: file, bytes: bytes.to_vec().into() });
                    }
                    None => me
                        .texts
                        .entry(name)
                        .or_default()
                        .push(String::from_utf8_lossy(&bytes).into_owned()),
                }
            }
            return Ok(me);
        }
        if kind.is_empty() || kind.starts_with("application/x-www-form-urlencoded") {
            let bytes = axum::body::to_bytes(body, MOST_BYTES)
                .await
                .map_err(|_| Error::Malformed("web.error.too_large"))?;
            return Ok(Self::of(pairs(&String::from_utf8_lossy(&bytes))));
        }
        Err(Error::Malformed("web.error.body"))
    }
}

/// Reads `a=b&c=d`.
pub(crate) fn pairs(text: &str) -> Vec<(String, String)> {
    text.split('&')
        .filter(|p| !p.is_empty())
        .map(|p| {
            let (name, value) = p.split_once('=').unwrap_or((p, ""));
            (decode(name), decode(value))
        })
        .collect()
}

fn decode(text: &str) -> String {
    let mut out = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(b) = bytes.next() {
        match b {
            b'+' => out.push(b' '),
            b'%' => {
                let mut ahead = bytes.clone();
                let hex = ahead.next().zip(ahead.next()).and_then(|(h, l)| {
                    Some((char::from(h).to_digit(16)? * 16 + char::from(l).to_digit(16)?) as u8)
                });
                match hex {
                    Some(byte) => {
                        out.push(byte);
                        bytes = ahead;
                    }
                    None => out.push(b'%'),
                }
            }
            b => out.push(b),
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// Percent-encodes a text for use inside a query.
pub fn encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for b in text.bytes() {
        if b.is_ascii_alphanumeric() || b"-._~/".contains(&b) {
            out.push(char::from(b));
        } else {
            out.push_str(&format!("%{b:02X}"));
        }
    }
    out
}

impl FromRequestParts<Shell> for Fields {
    type Rejection = PageError;
    async fn from_request_parts(parts: &mut Parts, _: &Shell) -> Result<Self, PageError> {
        Ok(parts.extensions.remove::<Self>().unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn queries_round_trip() {
        let text = "凯旋 & 街道+100%";
        let query = format!("q={}&x=1&x=2", encode(text));
        let fields = Fields::of(pairs(&query));
        assert_eq!(fields.text("q"), text);
        assert_eq!(fields.joined()["x"], "1,2");
        assert_eq!(decode("%zz%4"), "%zz%4");
    }
}
