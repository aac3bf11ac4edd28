//! How grave a client's situation is (DOMAIN §2.4).
use db::{Sealed, record, words};
use kernel::{AccountId, ClientId, Day, Instant, RecordId};
use registry::client::RiskGrade;

words! {
    /// What speaks for a risk (DOMAIN §2.4).
    pub enum Factor {
        /// 自伤或自杀言行, PHQ-9 item 9 above 0
        Suicide = "suicide",
        /// 暴力或虐待
        Violence = "violence",
        /// 遗弃
        Abandonment = "abandonment",
        /// 严重精神障碍且停药
        OffMedication = "off_medication",
        /// 独居且重病
        IllAlone = "ill_alone",
        /// 无家可归
        Homeless = "homeless",
        /// 债务或受威胁
        Debt = "debt",
        /// 儿童处于危险
        ChildInDanger = "child_in_danger",
        /// 其他
        Other = "other",
    }
}

record! {
    /// A risk grade given on a day, with what spoke for it.
    pub struct Risk in "risk" {
        id: RecordId,
        client: ClientId,
        grade: RiskGrade,
        /// Words of [`Factor`] joined by commas: sealed for the client at `risk.factors`.
        factors: Option<Sealed>,
        /// Sealed for the client at `risk.reason`.
        reason: Option<Sealed>,
        day: Day,
        at: Instant,
        by_account: AccountId,
        /// Who agreed to a lower grade.
        approved_by: Option<AccountId>,
    }
}

/// How grave a grade is: the higher the graver.
pub const fn gravity(g: RiskGrade) -> u8 {
    match g {
        RiskGrade::Critical => 3,
        RiskGrade::High => 2,
        RiskGrade::Medium => 1,
        RiskGrade::Low => 0,
    }
}

/// The days between visits that a grade asks for: every week, month or quarter (DOMAIN §2.4); 红 as 橙 from the first day on.
pub const fn visit_days(g: RiskGrade) -> i32 {
    match g {
        RiskGrade::Critical | RiskGrade::High => 7,
        RiskGrade::Medium => 30,
        RiskGrade::Low => 90,
    }
}
