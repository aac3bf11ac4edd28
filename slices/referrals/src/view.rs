//! What both faces show of a referral: its words only to whoever may read them, the packet as lines, the steps as sentences.
use access::Cx;
use access::care;
use db::{Result, Tx};
use kernel::ReferralId;
use web::Req;

use crate::acts::{self, Stand, link};
use crate::model::{LinkEnd, LookKind, Packet, Referral, State, Step};
use crate::store;

/// A line of a packet or a head: what, and its value.
pub(crate) type Line = (String, String);

/// A step as a sentence.
#[derive(Clone, Debug)]
pub(crate) struct StepView {
    pub(crate) icon: &'static str,
    pub(crate) colour: &'static str,
    pub(crate) what: String,
    pub(crate) who: String,
    pub(crate) when: String,
    pub(crate) words: String,
    pub(crate) detail: String,
}

/// A stage of the line at the head: `done`, `now` or empty.
#[derive(Clone, Debug)]
pub(crate) struct Stage {
    pub(crate) n: usize,
    pub(crate) label: String,
    pub(crate) class: &'static str,
    pub(crate) note: String,
}

/// A link as its maker sees it afterwards.
#[derive(Clone, Debug)]
pub(crate) struct LinkView {
    pub(crate) made: String,
    pub(crate) until: String,
    pub(crate) state: &'static str,
    pub(crate) looks: Vec<(String, String, String)>,
}

/// One referral, as far as the viewer may see it.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub(crate) r: Referral,
    pub(crate) stand: Stand,
    /// How the client is called before a sender; empty for a receiver, who reads the packet.
    pub(crate) label: String,
    pub(crate) from: String,
    pub(crate) worker: String,
    pub(crate) keeper: String,
    /// What is or would be shared; `None` when the viewer may not read it.
    pub(crate) packet: Option<Packet>,
    /// Who consented, for the sender.
    pub(crate) consent_by: String,
    pub(crate) steps: Vec<(Step, String)>,
    pub(crate) links: Vec<(crate::model::Link, Vec<crate::model::Look>)>,
}

/// Loads a referral for the viewer. What is sensitive is noted as looked at, so this belongs into an act; a receiver's first look opens it.
///
/// # Errors
/// [`db::Error::Missing`] for whoever has nothing to do with it.
pub(crate) fn see(tx: &mut Tx<'_>, cx: &Cx, id: &ReferralId) -> Result<Seen> {
    let (mut r, mut stand) = acts::find(tx, cx, id)?;
    // Somebody on both sides answers by button; only a pure receiver's look is the opening.
    if stand.receiver && stand.sender.is_none() && r.state == State::Sent {
        acts::answer::open(tx, cx, id)?;
        (r, stand) = acts::find(tx, cx, id)?;
    }
    let reads = stand.reads(&r);
    let mut steps = Vec::new();
    for step in store::steps(tx, id)? {
        let words = if reads { acts::words(tx, &r, &step)? } else { String::new() };
        steps.push((step, words));
    }
    let packet = match (&r.packet, &stand.sender) {
        _ if !reads => None,
        (Some(_), _) => Some(acts::packet(tx, &r)?),
        (None, Some((client, sight))) if sight.writes => {
            let client = client.clone();
            Some(acts::write::preview(tx, cx, &r, &client)?)
        }
        _ => None,
    };
    if packet.is_some() {
        care::viewed(tx, cx, &r.client, "referral")?;
    }
    let sender = stand.sender.as_ref().is_some_and(|(_, s)| s.file);
    let consent_by = match sender {
        true => tx.open_some(
            r.client.as_str(),
            "referral.consent_by",
            r.id.as_str(),
            r.consent_by.as_ref(),
        )?,
        false => String::new(),
    };
    let mut name = |person: &kernel::PersonId| {
        Ok::<_, db::Error>(registry::people::find(tx, person)?.map_or_else(String::new, |p| p.name))
    };
    let worker = name(&r.worker)?;
    let keeper = r.keeper.as_ref().map(name).transpose()?.unwrap_or_default();
    Ok(Seen {
        label: stand.sender.as_ref().map_or_else(String::new, |(c, s)| s.label(c)),
        from: registry::site::find(tx, &r.site)?.map_or_else(String::new, |s| s.name),
        worker,
        keeper,
        packet,
        consent_by,
        steps,
        links: if stand.sender.is_some() { link::of(tx, &r)? } else { Vec::new() },
        r,
        stand,
    })
}

/// The packet as lines; what was not ticked does not stand in them.
pub(crate) fn lines(req: &Req, p: &Packet) -> Vec<Line> {
    let mut out: Vec<Line> = Vec::new();
    let mut put = |key: &str, value: Option<String>| {
        if let Some(value) = value.filter(|v| !v.is_empty()) {
            out.push((req.t(&format!("referrals.packet.{key}")), value));
        }
    };
    put("name", p.name.clone().or_else(|| Some(req.t("referrals.packet.unnamed"))));
    let sex = p.sex.as_ref().map(|s| req.t(&format!("referrals.sex.{s}")));
    let age = p.age.as_ref().map(|a| req.fill("referrals.age", &[("band", a.clone())]));
    let both: Vec<String> = sex.into_iter().chain(age).collect();
    put("sex_age", Some(both.join(" · ")));
    put("phone", p.phone.clone());
    put("address", p.address.clone());
    put("categories", p.categories.clone());
    put("reason", Some(p.reason.clone()));
    put("summary", p.summary.clone());
    out
}

/// A file that goes along: where, its name, what it is.
#[derive(Clone, Debug)]
pub(crate) struct FileLine {
    pub(crate) href: String,
    pub(crate) name: String,
    pub(crate) about: String,
}

/// The files of a packet under an address.
pub(crate) fn files(req: &Req, p: &Packet, base: &str) -> Vec<FileLine> {
    p.enclosed
        .iter()
        .enumerate()
        .map(|(n, e)| {
            let kind = req.t(&format!("attach.kind.{}", e.kind));
            let size = format!("{} KB", (e.bytes + 1023) / 1024);
            let parts = [kind, e.note.clone(), e.day.clone(), size];
            let parts: Vec<String> = parts.into_iter().filter(|t| !t.is_empty()).collect();
            FileLine {
                href: format!("{base}/attachments/{n}"),
                name: e.name.clone(),
                about: parts.join(" · "),
            }
        })
        .collect()
}

/// On which ground the packet is shared, as a sentence.
pub(crate) fn ground(req: &Req, p: &Packet) -> String {
    match (p.basis.as_str(), &p.clause, &p.consent_on) {
        ("", _, _) => req.t("referrals.ground.none"),
        ("statute", Some(clause), _) => {
            req.fill("referrals.ground.statute", &[("clause", clause.clone())])
        }
        (basis, _, on) => req.fill(
            "referrals.ground.consent",
            &[
                ("basis", req.t(&format!("referrals.basis.{basis}"))),
                ("on", on.clone().unwrap_or_default()),
            ],
        ),
    }
}

/// Steps as sentences, first first.
pub(crate) fn steps(req: &Req, all: &[(Step, String)]) -> Vec<StepView> {
    all.iter()
        .map(|(s, words)| StepView {
            icon: icon(s.state),
            colour: s.state.colour(),
            what: req.t(&format!("referrals.state.{}", s.state)),
            who: s.who.clone(),
            when: s.at.local(),
            words: words.clone(),
            detail: match (&s.detail, s.state) {
                (Some(d), State::ReReferred) => {
                    req.fill("referrals.detail.re_referred", &[("to", d.clone())])
                }
                (Some(d), _) => req.fill("referrals.detail.started", &[("on", d.clone())]),
                (None, _) => String::new(),
            },
        })
        .collect()
}

const fn icon(state: State) -> &'static str {
    match state {
        State::Draft => "edit",
        State::Sent => "send",
        State::Received => "eye",
        State::Accepted => "check",
        State::Declined => "x",
        State::Returned => "arrow-left",
        State::ReReferred => "arrow-right",
        State::InService => "heart-handshake",
        State::FedBack => "message-2",
        State::Closed => "circle-check",
        State::Withdrawn => "circle-x",
    }
}

/// The line of stages: what was reached, and what is ahead on the straight road.
pub(crate) fn stages(req: &Req, r: &Referral, steps: &[(Step, String)]) -> Vec<Stage> {
    use State::{Accepted, Closed, Draft, FedBack, InService, Received, Sent};
    let reached = |state: State| steps.iter().find(|(s, _)| s.state == state).map(|(s, _)| s.at);
    let road = [Draft, Sent, Received, Accepted, InService, FedBack, Closed];
    let side = [State::Declined, State::Returned, State::ReReferred, State::Withdrawn]
        .into_iter()
        .find(|s| reached(*s).is_some());
    let mut shown: Vec<State> = match side {
        Some(side) => {
            let mut been: Vec<State> =
                road[..6].iter().copied().filter(|s| reached(*s).is_some()).collect();
            been.push(side);
            been
        }
        None => road[..6].to_vec(),
    };
    if side != Some(State::Withdrawn) {
        shown.push(Closed);
    }
    shown
        .into_iter()
        .enumerate()
        .map(|(n, s)| Stage {
            n: n + 1,
            label: req.t(&format!("referrals.state.{s}")),
            class: match reached(s) {
                _ if s == r.state => "now",
                Some(_) => "done",
                None => "",
            },
            note: reached(s).map_or_else(String::new, |at| at.day().to_string()),
        })
        .collect()
}

/// The clock in words; empty when nothing is waited for.
pub(crate) fn clock(req: &Req, r: &Referral) -> (String, bool) {
    let (Some(by), true) = (r.answer_by, r.state.waits()) else { return (String::new(), false) };
    let left = by.0 - req.now.day().0;
    let key = if left < 0 {
        "referrals.clock.late"
    } else if left == 0 {
        "referrals.clock.today"
    } else {
        "referrals.clock.left"
    };
    let args = [("n", left.abs().to_string()), ("by", by.to_string())];
    (req.fill(key, &args), left < 0)
}

/// Links as their maker sees them.
pub(crate) fn links(req: &Req, seen: &Seen) -> Vec<LinkView> {
    seen.links
        .iter()
        .map(|(link, looks)| LinkView {
            made: link.made_at.local(),
            until: link.until.local(),
            state: match (link.ended(req.now), link.bound.is_some()) {
                (Some(LinkEnd::Expired), _) => "expired",
                (Some(LinkEnd::Revoked), _) => "revoked",
                (Some(LinkEnd::Locked), _) => "locked",
                (None, true) => "bound",
                (None, false) => "live",
            },
            looks: looks
                .iter()
                .map(|l| {
                    let what = req.t(&format!("referrals.look.{}", l.what));
                    (l.at.local(), what, l.agent.clone())
                })
                .collect(),
        })
        .collect()
}

/// Did anybody open it before it was withdrawn? `None` when it was never sent.
pub(crate) fn opened_before(r: &Referral, looks: &[LookKind]) -> Option<bool> {
    r.sent_at?;
    Some(r.opened_at.is_some() || looks.contains(&LookKind::Read))
}
