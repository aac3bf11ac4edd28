//! A consultation (咨询; DOMAIN §4.2): by which way, about what, what was answered, which policy guide was cited.
use db::{Sealed, record, words};
use kernel::{
    ClientId, ConsultationId, Day, Instant, PersonId, Refusal, Refusals, RegionId, SiteId,
};
use serde::{Deserialize, Serialize};

words! {
    /// How somebody asked.
    pub enum Channel {
        /// 来访
        WalkIn = "walk_in",
        /// 电话
        Phone = "phone",
        /// 线上
        Online = "online",
    }
}

words! {
    /// What it was about.
    pub enum Field {
        Relief = "relief",
        Elder = "elder",
        Child = "child",
        Disability = "disability",
        Work = "work",
        Law = "law",
        Mind = "mind",
        Neighbour = "neighbour",
        Other = "other",
    }
}

record! {
    /// A consultation. Question, answer and follow-up are sealed, at `consultation.COLUMN`, for the client or (nameless) for itself.
    pub struct Consultation in "consultation" {
        id: ConsultationId,
        client: Option<ClientId>,
        site: SiteId,
        region: RegionId,
        path: String,
        /// Who answered.
        person: PersonId,
        channel: Channel,
        field: Field,
        day: Day,
        minutes: i64,
        question: Sealed,
        answer: Option<Sealed>,
        /// The policy guide cited: its title, number or address.
        guide: Option<String>,
        resolved: bool,
        follow_on: Option<Day>,
        followed_on: Option<Day>,
        follow_up: Option<Sealed>,
        by_account: String,
        at: Instant,
    }
}

impl Consultation {
    /// For whom it is sealed.
    pub fn owner(&self) -> &str {
        self.client.as_ref().map_or(self.id.as_str(), |c| c.as_str())
    }
}

/// What somebody fills in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Asked {
    /// Id of the client; empty for somebody who gives no name.
    pub client: String,
    /// `walk_in`, `phone`, `online`.
    pub channel: String,
    /// `relief`, `elder`, `child`, `disability`, `work`, `law`, `mind`, `neighbour`, `other`.
    pub field: String,
    /// Today when empty.
    pub day: String,
    /// 15 when empty.
    pub minutes: String,
    pub question: String,
    pub answer: String,
    pub guide: String,
    pub resolved: bool,
    /// The day by which somebody calls back; must be given when it is not resolved.
    pub follow_on: String,
}

/// Read and in order.
#[derive(Clone, Debug)]
pub struct NewConsultation {
    pub channel: Channel,
    pub field: Field,
    pub day: Day,
    pub minutes: i64,
    pub follow_on: Option<Day>,
}

impl Asked {
    /// Reads it.
    ///
    /// # Errors
    /// Refusals at the fields.
    pub fn check(&self, today: Day) -> Result<NewConsultation, Refusals> {
        let mut no = Refusals::none();
        let channel = Channel::parse(&self.channel);
        let field = Field::parse(&self.field);
        no.require(channel.is_some(), "channel", "register.not_a_choice");
        no.require(field.is_some(), "field", "register.not_a_choice");
        let day = if self.day.is_empty() { Some(today) } else { self.day.parse().ok() };
        no.require(day.is_some(), "day", "register.not_a_day");
        no.require(day.is_none_or(|d| d <= today), "day", "visits.future");
        let minutes = if self.minutes.is_empty() { Ok(15) } else { self.minutes.parse::<i64>() };
        no.require(
            minutes.as_ref().is_ok_and(|m| (1..=480).contains(m)),
            "minutes",
            "visits.minutes_wrong",
        );
        no.require(!self.question.trim().is_empty(), "question", "register.missing");
        for (name, text, most) in [
            ("question", &self.question, 2000),
            ("answer", &self.answer, 4000),
            ("guide", &self.guide, 300),
        ] {
            if text.chars().count() > most {
                no.push(Refusal::at(name, "register.too_long").with("n", most));
            }
        }
        let follow_on: Option<Day> = self.follow_on.parse().ok();
        no.require(
            self.follow_on.is_empty() || follow_on.is_some(),
            "follow_on",
            "register.not_a_day",
        );
        no.require(
            self.resolved || follow_on.is_some(),
            "follow_on",
            "consultations.follow_missing",
        );
        no.require(
            follow_on.is_none_or(|f| day.is_none_or(|d| f > d)),
            "follow_on",
            "visits.next_too_early",
        );
        no.done()?;
        match (channel, field, day, minutes) {
            (Some(channel), Some(field), Some(day), Ok(minutes)) => {
                Ok(NewConsultation { channel, field, day, minutes, follow_on })
            }
            _ => Err(Refusal::new("web.error.refused").into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_resolved_is_followed_up() {
        let today: Day = "2026-11-23".parse().unwrap();
        let asked = Asked {
            channel: "phone".into(),
            field: "relief".into(),
            question: "低保怎么申请".into(),
            ..Asked::default()
        };
        let no = asked.check(today).unwrap_err();
        assert_eq!(no.0[0].key, "consultations.follow_missing");
        assert!(Asked { resolved: true, ..asked.clone() }.check(today).is_ok());
        assert!(Asked { follow_on: "2026-11-30".into(), ..asked.clone() }.check(today).is_ok());
        assert!(Asked { follow_on: "2026-11-20".into(), ..asked }.check(today).is_err());
    }
}
