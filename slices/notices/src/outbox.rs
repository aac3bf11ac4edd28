//! The outbox: a notice puts a message for each webhook into it, in its own transaction; the sender delivers, signs, and tries again.
//!
//! Standard Webhooks: `webhook-id`, `webhook-timestamp` and `webhook-signature: v1,BASE64(HMAC-SHA256(secret, id.timestamp.body))`.
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use db::{Event, Result, Stamp, Tx};
use hmac::{Hmac, KeyInit, Mac};
use kernel::{Instant, RecordId};
use locale::Lang;
use serde_json::json;
use sha2::Sha256;
use web::Shell;

use crate::model::{Delivery, check_url, next_try};
use crate::store;

/// What the secret begins with, as Standard Webhooks asks.
pub const SECRET: &str = "whsec_";
/// How many messages one round takes.
const ROUND: i64 = 20;
/// While a message is being sent nobody else takes it, in milliseconds.
const LEASE: i64 = 120_000;
/// How long a receiver may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long the sender rests between rounds.
const REST: Duration = Duration::from_secs(3);

/// A notice was told: every webhook that wants it gets a message into its outbox.
///
/// # Errors
/// The engine's fault.
pub fn enqueue(tx: &mut Tx<'_>, stamp: &Stamp, event: &Event) -> Result<()> {
    if event.subject != "notice" || event.verb != "told" {
        return Ok(());
    }
    let Some(after) = &event.after else { return Ok(()) };
    let text = |name: &str| after.get(name).and_then(serde_json::Value::as_str).unwrap_or_default();
    let urgent = after.get("urgent").and_then(serde_json::Value::as_bool) == Some(true);
    for hook in store::live(tx)? {
        if urgent || !hook.urgent_only {
            tx.insert(&Delivery {
                // One message per notice and webhook: a second one would be the same.
                id: RecordId(format!("{}-{}", event.id, hook.id)),
                webhook: hook.id,
                kind: "notice.told".into(),
                said: text("key").to_owned(),
                href: text("href").to_owned(),
                urgent,
                at: stamp.at,
                tries: 0,
                next_at: Some(stamp.at),
                done_at: None,
                answer: None,
            })?;
        }
    }
    Ok(())
}

/// The signature of a message, as its header says it.
pub fn sign(secret: &str, id: &str, seconds: i64, body: &str) -> Option<String> {
    let key = STANDARD.decode(secret.strip_prefix(SECRET)?).ok()?;
    let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(&key).ok()?;
    mac.update(format!("{id}.{seconds}.{body}").as_bytes());
    Some(format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes())))
}

/// What is sent: what happened and where to look, without anybody's name.
fn body(shell: &Shell, d: &Delivery) -> String {
    let told = if d.said.is_empty() { "webhooks.ping" } else { d.said.as_str() };
    let text = without_places(shell.catalogue.text(Lang::Zh, told));
    json!({
        "type": d.kind,
        "timestamp": d.at.rfc3339(),
        "data": { "id": d.id, "key": d.said, "text": text, "urgent": d.urgent, "href": d.href },
    })
    .to_string()
}

/// A sentence whose `{places}` stay open: they could hold names.
fn without_places(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        out.push('…');
        rest = after.split_once('}').map_or("", |(_, after)| after);
    }
    out.push_str(rest);
    out
}

/// What came of a try.
enum Outcome {
    Taken(u16),
    Refused(u16),
    /// 410: the receiver wants no more.
    Gone,
    Unreached(String),
}

fn send(url: &str, id: &str, seconds: i64, signature: &str, body: &str) -> Outcome {
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .timeout_global(Some(PATIENCE))
        .max_redirects(0)
        .http_status_as_error(false)
        .user_agent("wushe")
        .build()
        .into();
    let sent = agent
        .post(url)
        .header("content-type", "application/json; charset=utf-8")
        .header("webhook-id", id)
        .header("webhook-timestamp", seconds.to_string())
        .header("webhook-signature", signature)
        .send(body);
    match sent.map(|answer| answer.status().as_u16()) {
        Ok(status @ 200..=299) => Outcome::Taken(status),
        Ok(410) => Outcome::Gone,
        Ok(status) => Outcome::Refused(status),
        // The cause is for the administrator's page; it names no more than the address.
        Err(e) => Outcome::Unreached(e.to_string().chars().take(200).collect()),
    }
}

/// Sends what is due now; answers how many messages were tried. Blocks.
///
/// # Errors
/// The engine's fault.
pub fn pump(shell: &Shell) -> Result<usize> {
    let now = shell.now();
    if shell.db.read(move |tx| store::waiting(tx, now))? == 0 {
        return Ok(0);
    }
    let claimed = shell.db.write(move |tx| store::claim(tx, now, now.plus_millis(LEASE), ROUND))?;
    for (delivery, url, secret) in &claimed {
        let body = body(shell, delivery);
        let seconds = shell.now().0.div_euclid(1000);
        let id = delivery.id.as_str();
        // The deployment may have taken a host from its list since the webhook was added.
        let allowed = check_url(url, &shell.settings.webhook_hosts);
        let outcome = match (allowed, sign(secret, id, seconds, &body)) {
            (Ok(()), Some(signature)) => send(url, id, seconds, &signature, &body),
            (Err(no), _) => Outcome::Unreached(no.key.to_string()),
            (Ok(()), None) => Outcome::Unreached("secret".into()),
        };
        let done = settle(delivery, &outcome, shell.now());
        let gone = matches!(outcome, Outcome::Gone);
        shell.db.write(move |tx| {
            tx.update(&done)?;
            if gone { store::pause(tx, &done.webhook, now) } else { Ok(()) }
        })?;
    }
    Ok(claimed.len())
}

fn settle(d: &Delivery, outcome: &Outcome, now: Instant) -> Delivery {
    let tries = d.tries + 1;
    let (answer, done) = match outcome {
        Outcome::Taken(status) => (status.to_string(), true),
        Outcome::Refused(status) => (status.to_string(), false),
        Outcome::Gone => ("410".into(), false),
        Outcome::Unreached(why) => (why.clone(), false),
    };
    let again = !done && !matches!(outcome, Outcome::Gone);
    Delivery {
        tries,
        next_at: if again { next_try(tries, now) } else { None },
        done_at: done.then_some(now),
        answer: Some(answer),
        ..d.clone()
    }
}

/// Sends for as long as the process lives. Started once by whoever serves a district.
pub async fn run(shell: Shell) {
    loop {
        let of = shell.clone();
        match tokio::task::spawn_blocking(move || pump(&of)).await {
            Ok(Ok(_)) => {}
            Ok(Err(e)) => tracing::warn!("webhooks: {e}"),
            Err(e) => tracing::warn!("webhooks: {e}"),
        }
        tokio::time::sleep(REST).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_signature_is_the_standards_own_example() {
        // The test vector of the Standard Webhooks specification.
        let signed = sign(
            "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            1_614_265_330,
            r#"{"test": 2432232314}"#,
        );
        assert_eq!(signed.as_deref(), Some("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="));
        assert_eq!(sign("secret", "a", 1, "b"), None);
    }

    #[test]
    fn places_stay_open() {
        assert_eq!(without_places("{who}转来{what}，请看"), "…转来…，请看");
        assert_eq!(without_places("无"), "无");
    }
}
