//! What the stories share: drafts, bodies, and what stands in the tables.
#![allow(
    clippy::allow_attributes,
    clippy::unwrap_used,
    missing_docs,
    reason = "a test may stop at the first surprise"
)]
use std::sync::OnceLock;

use kernel::{ClientId, OrgId, ReferralId};
use referrals::acts::write::{self, Consent, Draft, To};
use referrals::model::{Basis, ConsentForm, Referral, ServiceField, Share, State, Urgency};
use registry::org::{Org, OrgKind};
use story::{House, day};

pub(crate) fn draft(to: To) -> Draft {
    Draft {
        to,
        to_contact: "老年科".into(),
        field: ServiceField::Elder,
        urgency: Urgency::Soon,
        reason: "需要助餐".into(),
        summary: "独居，腿脚不便".into(),
        categories: String::new(),
        shares: vec![Share::Name, Share::SexAge, Share::Summary],
        consent: Consent::default(),
        origin: String::new(),
        attachments: Vec::new(),
    }
}

pub(crate) fn consented(draft: Draft) -> Draft {
    let consent = Consent {
        basis: Some(Basis::Own),
        by: "本人".into(),
        on: Some(day("2026-11-20")),
        form: Some(ConsentForm::Written),
        clause: String::new(),
    };
    Draft { consent, ..draft }
}

pub(crate) fn sent(h: &House, client: &ClientId, to: To) -> ReferralId {
    let (client, new) = (client.clone(), consented(draft(to)));
    let r = h.act("worker", move |tx, cx| {
        let r = write::draft(tx, cx, &client, &new)?;
        write::send(tx, cx, &r.id, 15)
    });
    r.unwrap().id
}

pub(crate) fn org(h: &House, name: &'static str) -> OrgId {
    h.write(move |tx, cx| {
        let id: OrgId = cx.id();
        registry::org::insert(
            tx,
            &Org {
                id: id.clone(),
                kind: OrgKind::Partner,
                name: name.into(),
                uscc: None,
                region: "r990002".into(),
                since: day("2020-01-01"),
                until: None,
            },
        )?;
        Ok(id)
    })
}

pub(crate) fn reaches(h: &House, login: &'static str, id: &ReferralId) -> db::Result<()> {
    let id = id.clone();
    h.act(login, move |tx, cx| referrals::acts::find(tx, cx, &id).map(drop))
}

pub(crate) fn state_of(h: &House, id: &ReferralId) -> State {
    let key = db::Value::Text(id.0.clone());
    h.read(move |tx| tx.find::<Referral>(&key)).unwrap().state
}

/// The states reached, first first, without the draft's own record.
pub(crate) fn steps_of(h: &House, id: &ReferralId) -> Vec<State> {
    let id = id.clone();
    h.read(move |tx| {
        let rows: Vec<db::Row> = tx.all(
            "SELECT state FROM referral_step WHERE referral = $1 AND state <> 'draft' ORDER BY at, id",
            db::args![id],
        )?;
        rows.iter().map(|r| r.get("state")).collect()
    })
}

/// One house for the random walks, with its cast and a client.
pub(crate) fn shared() -> &'static House {
    static HOUSE: OnceLock<House> = OnceLock::new();
    HOUSE.get_or_init(story::house)
}
pub(crate) fn scene(h: &'static House) -> (ClientId, To) {
    static SCENE: OnceLock<(ClientId, To)> = OnceLock::new();
    SCENE
        .get_or_init(|| {
            let (_, there) = h.cast();
            (h.client("周桂英", "1948-03-05", "worker"), To::Site(there.into()))
        })
        .clone()
}
