//! 知情同意 (PIPL §13–§16, §23, §29, §31): the one table that every slice asks whether something may be done with what is known of a client.
use db::{Sealed, record, words};
use kernel::{AccountId, ClientId, Day, RecordId};

pub use crate::store::consent::{holds, live, of_client};

words! {
    /// What is agreed to.
    pub enum Scope {
        /// 接受服务
        Service = "service",
        /// 处理个人信息
        Information = "information",
        /// 处理敏感个人信息 (PIPL §29: a consent of its own)
        Sensitive = "sensitive",
        /// 拍照、录音、录像
        Photos = "photos",
        /// 与其他单位共享 (PIPL §23: a consent of its own)
        Sharing = "sharing",
        /// 案例脱敏后用于宣传
        Publicity = "publicity",
    }
}

words! {
    /// How it was agreed to.
    pub enum ConsentForm {
        /// 书面
        Written = "written",
        /// 口头（已记录）
        Oral = "oral",
        /// 电子
        Electronic = "electronic",
    }
}

words! {
    /// Who agreed.
    pub enum Giver {
        /// 本人
        Oneself = "oneself",
        /// 监护人: always for whoever is under fourteen (PIPL §31)
        Guardian = "guardian",
    }
}

record! {
    /// 知情同意: what was agreed to, with whom, until when, and that it was taken back.
    pub struct Consent in "consent" {
        id: RecordId,
        client: ClientId,
        scope: Scope,
        /// With whom it is shared.
        partner: Option<String>,
        form: ConsentForm,
        given_by: Giver,
        /// The guardian's name: sealed for the client at `consent.guardian`.
        guardian: Option<Sealed>,
        since: Day,
        until: Option<Day>,
        withdrawn_on: Option<Day>,
        /// Why it was taken back: sealed for the client at `consent.why`.
        why: Option<Sealed>,
        taken_by: AccountId,
    }
}

impl Consent {
    /// Does it carry what rests on it on a day?
    pub fn holds_on(&self, day: Day) -> bool {
        self.since <= day
            && self.until.is_none_or(|u| u > day)
            && self.withdrawn_on.is_none_or(|w| w > day)
    }
}
