//! Nouns: a webhook, a message on its way to one, a calendar feed; and which addresses may be called.
use db::{Sealed, record};
use kernel::{AccountId, GrantId, Instant, RecordId, Refusal};

record! {
    /// An address of another program that is told of notices.
    pub struct Webhook in "webhook" {
        id: RecordId,
        url: String,
        /// What it is, in the administrator's words.
        note: String,
        /// `whsec_…`, shared with the receiver; sealed under the webhook's own key.
        secret: Sealed,
        urgent_only: bool,
        paused_at: Option<Instant>,
        at: Instant,
    }
}

record! {
    /// A message on its way, or delivered: the outbox and the log of deliveries in one.
    pub struct Delivery in "webhook_delivery" {
        id: RecordId,
        webhook: RecordId,
        /// `notice.told` or `ping`.
        kind: String,
        /// Locale key of what was said; its places stay empty.
        said: String,
        href: String,
        urgent: bool,
        at: Instant,
        tries: i64,
        /// When to try next; missing once it is done or given up.
        next_at: Option<Instant>,
        /// When the receiver took it.
        done_at: Option<Instant>,
        /// What came of the last try: a status, or why none came.
        answer: Option<String>,
    }
}

record! {
    /// A calendar that somebody subscribed to: whoever has its address reads it, so the address is kept as a hash only.
    pub struct CalendarFeed in "calendar_feed" {
        id: RecordId,
        token: String,
        account: AccountId,
        role_grant: GrantId,
        at: Instant,
    }
}

/// Seconds to wait before each further try; after the last the message is given up.
pub const WAITS: [i64; 8] = [5, 60, 300, 1_800, 7_200, 21_600, 43_200, 86_400];

/// When to try again after so many tries; `None` gives up.
pub fn next_try(tries: i64, now: Instant) -> Option<Instant> {
    let at = usize::try_from(tries - 1).unwrap_or_default();
    WAITS.get(at).map(|seconds| now.plus_millis(seconds * 1000))
}

/// Is this an address that may be called? Only hosts that the deployment allows, by https and without a login in it; plain http and
/// an address in numbers only for this very machine, and only where the deployment allows it by name.
///
/// # Errors
/// Refusals at `url`.
pub fn check_url(text: &str, hosts: &[String]) -> Result<(), Refusal> {
    let no = |key: &'static str| Err(Refusal::at("url", key));
    let Ok(url) = url::Url::parse(text) else { return no("webhooks.not_a_url") };
    let Some(host) = url.host_str() else { return no("webhooks.not_a_url") };
    let here = matches!(host, "127.0.0.1" | "[::1]" | "localhost");
    if url.scheme() != "https" && !(here && url.scheme() == "http") {
        return no("webhooks.not_https");
    }
    if !url.username().is_empty() || url.password().is_some() {
        return no("webhooks.login_inside");
    }
    if !here && !matches!(url.host(), Some(url::Host::Domain(_))) {
        return no("webhooks.not_allowed");
    }
    if !hosts.iter().any(|h| h.eq_ignore_ascii_case(host)) {
        return no("webhooks.not_allowed");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_allowed_hosts_by_https() {
        let hosts = ["hook.example.cn".to_owned(), "127.0.0.1".to_owned()];
        let check = |url| check_url(url, &hosts).map_err(|r| r.key);
        assert_eq!(check("https://hook.example.cn/x?y=1"), Ok(()));
        assert_eq!(check("https://HOOK.example.cn:8443/x"), Ok(()));
        assert_eq!(check("http://127.0.0.1:9/x"), Ok(()));
        for (url, key) in [
            ("http://hook.example.cn/x", "webhooks.not_https"),
            ("https://other.example.cn/", "webhooks.not_allowed"),
            ("https://hook.example.cn.evil.cn/", "webhooks.not_allowed"),
            ("https://10.0.0.1/", "webhooks.not_allowed"),
            ("https://localhost/", "webhooks.not_allowed"),
            ("https://a:b@hook.example.cn/", "webhooks.login_inside"),
            ("ftp://127.0.0.1/", "webhooks.not_https"),
            ("hook.example.cn", "webhooks.not_a_url"),
        ] {
            assert_eq!(check(url), Err(key), "{url}");
        }
        assert!(check_url("http://127.0.0.1/", &[]).is_err());
    }

    #[test]
    fn tries_wait_longer_and_longer_and_end() {
        let now = Instant(0);
        let waits: Vec<_> = (1..=9).map(|n| next_try(n, now).map(|i| i.0 / 1000)).collect();
        assert_eq!(waits[..3], [Some(5), Some(60), Some(300)]);
        assert_eq!(waits[7..], [Some(86_400), None]);
        assert!(waits[..8].is_sorted());
    }
}
