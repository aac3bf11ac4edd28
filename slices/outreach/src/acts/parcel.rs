//! What lies sealed on a phone whose account is gone: whoever signs in there next hands it over unread, and it waits for the head.
use access::Cx;
use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, Key, Nonce};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use db::{Result, Tx};
use hmac::{Hmac, Mac};
use kernel::RecordId;
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use zeroize::Zeroizing;

use super::offline::take;
use crate::model::offline::{Ack, MOST_OPS, Sent};
use crate::store::offline as store;

/// An operation as it lies on a device: AES-256-GCM, base64.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Parcel {
    pub seq: i64,
    pub iv: String,
    pub data: String,
}

/// Takes parcels of a device whose account may not act any more. Parcels of a live account stay where they are, for its owner.
///
/// # Errors
/// Missing for an unknown device; a refusal at `parcels`.
pub fn hand_over(tx: &mut Tx<'_>, cx: &Cx, device: &str, parcels: &[Parcel]) -> Result<Vec<Ack>> {
    let mut device = store::device(tx, &RecordId::from(device))?.ok_or(db::Error::Missing)?;
    if parcels.len() > MOST_OPS {
        return Err(kernel::Refusal::at("parcels", "offline.too_many").with("n", MOST_OPS).into());
    }
    if store::account_lives(tx, &device.account, cx.today())? {
        return Ok(Vec::new());
    }
    let secret = tx.open("offline", "offline_device.secret", device.id.as_str(), &device.secret)?;
    let key = key(&secret, device.id.as_str());
    let mut acks = Vec::new();
    for p in parcels {
        let Some(sent) = key.as_ref().and_then(|k| unpack(k, p)) else { continue };
        acks.push(take(tx, cx, &mut device, &sent, Some("offline.handed_over"))?);
    }
    Ok(acks)
}

/// HKDF-SHA256 (RFC 5869) of one block, as the device derives its key.
fn key(secret: &str, device: &str) -> Option<Zeroizing<[u8; 32]>> {
    let secret = Zeroizing::new(STANDARD.decode(secret).ok()?);
    let mut extract = <Hmac<Sha256> as KeyInit>::new_from_slice(device.as_bytes()).ok()?;
    extract.update(&secret);
    let pseudo = Zeroizing::new(<[u8; 32]>::from(extract.finalize().into_bytes()));
    let mut expand = <Hmac<Sha256> as KeyInit>::new_from_slice(&*pseudo).ok()?;
    expand.update(b"wushe offline 1");
    expand.update(&[1]);
    Some(Zeroizing::new(expand.finalize().into_bytes().into()))
}

fn unpack(key: &[u8; 32], p: &Parcel) -> Option<Sent> {
    let iv: [u8; 12] = STANDARD.decode(&p.iv).ok()?.try_into().ok()?;
    let data = STANDARD.decode(&p.data).ok()?;
    let aad = format!("op {}", p.seq);
    let cipher = Aes256Gcm::new(&Key::<Aes256Gcm>::from(*key));
    let plain =
        cipher.decrypt(&Nonce::from(iv), Payload { msg: &data, aad: aad.as_bytes() }).ok()?;
    serde_json::from_slice(&plain).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_device_seals_is_opened_and_nothing_else() {
        let secret = STANDARD.encode([7; 32]);
        let k = key(&secret, "device").unwrap();
        let sent = Sent {
            seq: 3,
            id: "i".into(),
            made_at: 1,
            seen: String::new(),
            body: "{}".into(),
            hash: "h".into(),
        };
        let cipher = Aes256Gcm::new(&Key::<Aes256Gcm>::from(*k));
        let text = serde_json::to_vec(&sent).unwrap();
        let data =
            cipher.encrypt(&Nonce::from([1; 12]), Payload { msg: &text, aad: b"op 3" }).unwrap();
        let parcel = Parcel { seq: 3, iv: STANDARD.encode([1; 12]), data: STANDARD.encode(data) };
        assert_eq!(unpack(&k, &parcel), Some(sent));
        assert!(
            unpack(&k, &Parcel { seq: 4, ..parcel.clone() }).is_none(),
            "a parcel is bound to its number"
        );
        assert!(unpack(&key(&secret, "another").unwrap(), &parcel).is_none());
    }
}
