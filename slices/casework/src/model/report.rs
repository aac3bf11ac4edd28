//! The duty to report harm to a minor (未成年人保护法 §11; the system of nine bodies of May 2020). Nobody's approval stands before it.
use db::{Sealed, record, words};
use kernel::{AccountId, CaseId, ClientId, Instant, RecordId, SiteId};

words! {
    /// The nine situations.
    pub enum Situation {
        /// 隐私部位异常损伤
        InjuryPrivate = "injury_private",
        /// 不满十四周岁女性疑遭性侵、怀孕、流产
        Under14 = "under14_sexual",
        /// 十四周岁以上女性疑因性侵怀孕、流产
        Over14 = "over14_sexual",
        /// 多处损伤、严重营养不良、意识不清，疑遭暴力
        Violence = "violence",
        /// 自杀、自残、工伤、中毒、殴打等致伤残或死亡
        SuicideInjury = "suicide_injury",
        /// 被遗弃或长期无人照料
        Abandoned = "abandoned",
        /// 来源不明、失踪、被拐卖或收买
        Trafficked = "trafficked",
        /// 被组织乞讨
        Begging = "begging",
        /// 其他严重侵害或面临危险
        Other = "other",
    }
}

record! {
    /// A report. Sealed for the client when one is named, else for the report; the reporter always for the report.
    pub struct HarmReport in "harm_report" {
        id: RecordId,
        year: i64,
        serial: i64,
        client: Option<ClientId>,
        case_file: Option<CaseId>,
        site: Option<SiteId>,
        path: String,
        situation: Option<Situation>,
        minor: Option<Sealed>,
        facts: Option<Sealed>,
        place: Option<Sealed>,
        steps: Option<Sealed>,
        found_at: Instant,
        /// When it was reported here.
        at: Instant,
        /// When the police were told.
        police_at: Option<Instant>,
        police: Option<String>,
        police_receipt: Option<String>,
        police_officer: Option<Sealed>,
        /// Who reported: for the reporter and the district's handler alone.
        reporter: Sealed,
        /// By which the reporter finds their own.
        reporter_index: String,
        closed_at: Option<Instant>,
        closed_by: Option<AccountId>,
        outcome: Option<Sealed>,
    }
}

impl HarmReport {
    /// The receipt number: 强报 2026-007.
    pub fn number(&self) -> String {
        format!("{}-{:03}", self.year, self.serial)
    }
    /// For whom the narrative is sealed.
    pub fn owner(&self) -> &str {
        self.client.as_ref().map_or(self.id.as_str(), ClientId::as_str)
    }
    /// Minutes from finding to telling the police, or until now while nobody has told them.
    pub fn minutes(&self, now: Instant) -> i64 {
        (self.police_at.unwrap_or(now).0 - self.found_at.0).max(0) / 60_000
    }
    /// How far it has climbed.
    pub fn rung(&self, now: Instant) -> Rung {
        Rung::of(self.at, now)
    }
    /// Does it still ask for something?
    pub const fn waits(&self) -> bool {
        self.police_at.is_none()
    }
}

words! {
    /// Who has to see to it that the police were told: the supervisor and head at once, the street after two hours, the district after a day.
    pub enum Rung { Station = "station", Street = "street", District = "district" }
}

impl Rung {
    /// From the first to the last, with the hours after which each is told.
    pub const CLIMB: [(Self, i64); 3] =
        [(Self::Station, 0), (Self::Street, 2), (Self::District, 24)];

    /// What a step onto this rung is called where it is noted as told.
    pub const fn step(self) -> &'static str {
        match self {
            Self::Station => "harm_report.station",
            Self::Street => "harm_report.street",
            Self::District => "harm_report.district",
        }
    }
    /// Locale key of what its people are told.
    pub const fn notice(self) -> &'static str {
        match self {
            Self::Station => "casework.notice.report",
            Self::Street => "casework.notice.report_street",
            Self::District => "casework.notice.report_district",
        }
    }
    /// The rung above.
    pub const fn above(self) -> Option<Self> {
        match self {
            Self::Station => Some(Self::Street),
            Self::Street => Some(Self::District),
            Self::District => None,
        }
    }
}

const HOUR: i64 = 3_600_000;

impl Rung {
    /// The rung at an instant.
    pub const fn of(since: Instant, now: Instant) -> Self {
        let waited = now.0 - since.0;
        if waited >= 24 * HOUR {
            Self::District
        } else if waited >= 2 * HOUR {
            Self::Street
        } else {
            Self::Station
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ladder() {
        let since = Instant(0);
        let at = |minutes: i64| Rung::of(since, Instant(minutes * 60_000));
        assert_eq!(
            [at(0), at(119), at(120), at(1439), at(1440)],
            [Rung::Station, Rung::Station, Rung::Street, Rung::Street, Rung::District]
        );
    }
}
