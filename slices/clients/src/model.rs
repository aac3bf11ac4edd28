//! Nouns and what they refuse. Pure.
mod around;
mod risk;

pub use around::{Bond, Flow, Kin, MergeRecord, Moved, Relation, Support, SupportKind, Tie};

pub use registry::consent::{Consent, ConsentForm, Giver, Scope};
pub use risk::{Factor, Risk, gravity, visit_days};

use db::{Sealed, record, words};
use kernel::{
    AccountId, ClientId, Day, HouseholdId, Instant, PersonId, RecordId, Refusal, RegionId,
};
use registry::client::{AssignmentKind, RiskGrade};
use registry::people::Sex;

words! {
    /// 服务对象类别 (DOMAIN §8). Elders, the aged and minors are not kept: they follow from the day of birth.
    pub enum Category {
        /// 最低生活保障对象
        MinimumAllowance = "dibao",
        /// 低保边缘家庭
        LowIncome = "dibian",
        /// 特困人员
        ExtremeHardship = "tekun",
        /// 支出型困难家庭
        ExpenditureHardship = "zhichu",
        /// 临时救助对象
        TemporaryAid = "linshi",
        /// 孤儿
        Orphan = "guer",
        /// 事实无人抚养儿童
        Unattended = "shishi_wuren",
        /// 困境儿童
        ChildInDifficulty = "kunjing",
        /// 留守儿童
        LeftBehindChild = "liushou",
        /// 流动儿童/流动人口
        Migrant = "liudong",
        /// 重点未成年人
        MinorAtRisk = "yiban_ertong",
        /// 残疾人
        Disability = "canji",
        /// 独居老人
        LivingAlone = "duju",
        /// 空巢老人
        EmptyNest = "kongchao",
        /// 留守老人
        LeftBehindElder = "liushou_lao",
        /// 失能老人
        FunctionalLoss = "shineng",
        /// 失智老人
        Dementia = "shizhi",
        /// 计划生育特殊家庭
        LostChild = "jisheng_teshu",
        /// 严重精神障碍患者
        SevereMental = "zhongjing",
        /// 社区矫正对象
        Corrections = "shequ_jiaozheng",
        /// 安置帮教对象
        Resettlement = "anzhi",
        /// 戒毒康复人员
        Rehabilitation = "jiedu",
        /// 家暴受害人
        Violence = "jiabao",
        /// 优抚对象/退役军人
        Veteran = "youfu",
        /// 失业/就业困难人员
        Unemployed = "shiye",
        /// 单亲/重组家庭
        SingleParent = "dandan",
        /// 困境妇女
        WomanInDifficulty = "funv",
        /// 新就业群体
        NewEmployment = "xinjiuye",
        /// 一般居民
        General = "yiban",
    }
}

impl Category {
    /// Is whoever belongs here absent from search and lists but for those assigned (DOMAIN §8, `R`)?
    pub const fn is_restricted(self) -> bool {
        matches!(
            self,
            Self::MinorAtRisk
                | Self::Dementia
                | Self::LostChild
                | Self::SevereMental
                | Self::Corrections
                | Self::Resettlement
                | Self::Rehabilitation
                | Self::Violence
        )
    }
    /// 民政兜底对象.
    pub const fn is_safety_net(self) -> bool {
        matches!(
            self,
            Self::MinimumAllowance
                | Self::LowIncome
                | Self::ExtremeHardship
                | Self::ExpenditureHardship
                | Self::Orphan
                | Self::Unattended
                | Self::ChildInDifficulty
        )
    }
    /// The day from which somebody born then is too old for it; `None`: no such day.
    pub fn ends_at_age(self) -> Option<i16> {
        match self {
            Self::Orphan | Self::Unattended | Self::ChildInDifficulty | Self::MinorAtRisk => {
                Some(18)
            }
            Self::LeftBehindChild => Some(16),
            _ => None,
        }
    }
}

/// What the day of birth says by itself: `minor`, `elder` (60), `aged` (80).
pub fn derived(birth: Option<Day>, today: Day) -> Option<&'static str> {
    match birth.map(|b| b.years_until(today))? {
        n if n < 18 => Some("minor"),
        n if n >= 80 => Some("aged"),
        n if n >= 60 => Some("elder"),
        _ => None,
    }
}

words! {
    /// Where it is known from.
    pub enum Source {
        /// 导入
        Imported = "imported",
        /// 核实
        Verified = "verified",
        /// 自报
        SelfReported = "self_reported",
    }
}

record! {
    /// A category a client belongs to for a time.
    pub struct Belonging in "client_category" {
        id: RecordId,
        client: ClientId,
        category: Category,
        /// Kind and grade of a disability, number of an allowance: sealed for the client at `client_category.detail`.
        detail: Option<Sealed>,
        source: Source,
        verified_by: Option<PersonId>,
        since: Day,
        until: Option<Day>,
    }
}

impl Belonging {
    /// Does it hold on a day?
    pub fn holds_on(&self, day: Day) -> bool {
        kernel::Period { from: self.since, to: self.until }.holds_on(day)
    }
}

words! {
    /// What is asked of the head.
    pub enum RequestKind {
        /// An assignment.
        Assignment = "assignment",
        /// A lower risk grade.
        Lowering = "lowering",
    }
}

record! {
    /// What awaits the word of whoever may give it, and the word.
    pub struct Request in "client_request" {
        id: RecordId,
        client: ClientId,
        kind: RequestKind,
        /// Whom to assign.
        person: Option<PersonId>,
        role: Option<AssignmentKind>,
        /// The grade to go down to.
        grade: Option<RiskGrade>,
        /// Sealed for the client at `client_request.reason`.
        reason: Option<Sealed>,
        asked_by: AccountId,
        asked_at: Instant,
        decided_by: Option<AccountId>,
        decided_at: Option<Instant>,
        granted: Option<bool>,
    }
}

record! {
    /// Where a household lives, as a blind index.
    pub struct HouseholdPlace in "household_place" {
        household: HouseholdId,
        place: String,
    }
}

words! {
    /// Why a file was ended.
    pub enum EndReason {
        /// 迁出
        Moved = "moved",
        /// 去世
        Died = "died",
        /// 不再需要服务
        NoNeed = "no_need",
        /// 本人要求
        Wish = "wish",
        /// 失联
        Lost = "lost",
        /// 登记有误
        Mistake = "mistake",
    }
}

/// A resident as taken in.
#[derive(Clone, Debug)]
pub struct NewClient {
    pub name: String,
    pub sex: Option<Sex>,
    pub birth: Option<Day>,
    /// Citizen ID number; empty when not known.
    pub id_number: String,
    /// Mobile or landline; empty when there is none.
    pub phone: String,
    /// Id or code of the community.
    pub region: RegionId,
    /// Estate, building, entrance.
    pub building: String,
    /// The door's number.
    pub door: String,
    /// The key in the roster it came from.
    pub external_id: String,
    pub categories: Vec<Category>,
    /// Since when they hold; since the file is, when it is not said.
    pub categories_since: Option<Day>,
    pub source: Source,
    /// Whom to assign; only whoever may assign chooses, a worker takes the client on.
    pub worker: Option<PersonId>,
    pub since: Day,
    /// Taken in although others look alike.
    pub anyway: bool,
}

impl NewClient {
    /// Somebody of a name at a community since a day, everything else left open.
    pub fn called(name: &str, region: RegionId, since: Day) -> Self {
        Self {
            name: name.to_owned(),
            sex: None,
            birth: None,
            id_number: String::new(),
            phone: String::new(),
            region,
            building: String::new(),
            door: String::new(),
            external_id: String::new(),
            categories: Vec::new(),
            categories_since: None,
            source: Source::SelfReported,
            worker: None,
            since,
            anyway: false,
        }
    }
}

/// The longest name taken: names with 间隔号 are long (GB 18030, DOMAIN §11).
pub const LONGEST_NAME: usize = 50;

/// A name without stray blanks.
///
/// # Errors
/// Refusals at `name`.
pub fn name(typed: &str) -> Result<String, Refusal> {
    let name = typed.split_whitespace().collect::<Vec<_>>().join(" ");
    match name.chars().count() {
        0 => Err(Refusal::at("name", "clients.name_missing")),
        n if n > LONGEST_NAME => Err(Refusal::at("name", "clients.name_long")),
        _ => Ok(name),
    }
}

/// A phone as digits: a mobile number, or a landline of 7 to 12 digits with its area code. `None` when it is neither.
pub fn phone(typed: &str) -> Option<String> {
    let plain = |c: char| c.is_ascii_digit() || "+- ()（）转".contains(c);
    if !typed.chars().all(plain) {
        return None;
    }
    kernel::numbers::mobile(typed).or_else(|| {
        let digits: String = typed.chars().filter(char::is_ascii_digit).collect();
        (7..=12).contains(&digits.len()).then_some(digits)
    })
}

/// The last four signs of a number, for search.
pub fn tail(number: &str) -> String {
    let all: Vec<char> = number.chars().collect();
    all.iter().skip(all.len().saturating_sub(4)).collect()
}

/// Building and door as one key: blanks, 号 室 幢 栋 and full-width digits do not tell homes apart.
pub fn place_key(region: &RegionId, building: &str, door: &str) -> String {
    let plain = |text: &str| -> String {
        text.chars()
            .filter(|c| !c.is_whitespace() && !"-—－号室#".contains(*c))
            .map(|c| match c {
                '０'..='９' => char::from_u32(c as u32 - '０' as u32 + '0' as u32).unwrap_or(c),
                '栋' | '座' => '幢',
                c => c,
            })
            .collect()
    };
    format!("{region}|{}|{}", plain(building), plain(door))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(t: &str) -> Day {
        t.parse().unwrap()
    }

    #[test]
    fn age_says_what_it_says() {
        let today = day("2026-11-23");
        let of = |b: &str| derived(Some(day(b)), today);
        assert_eq!(of("2008-11-24"), Some("minor"));
        assert_eq!(of("2008-11-23"), None);
        assert_eq!(of("1966-11-23"), Some("elder"));
        assert_eq!(of("1946-11-23"), Some("aged"));
        assert_eq!(derived(None, today), None);
    }

    #[test]
    fn homes_are_the_same_however_written() {
        let r = RegionId::from("r1");
        assert_eq!(
            place_key(&r, "桂语苑 3 栋2单元", "４０２室"),
            place_key(&r, "桂语苑3幢2单元", "402")
        );
        assert_ne!(place_key(&r, "桂语苑3幢", "402"), place_key(&r, "桂语苑3幢", "403"));
    }

    #[test]
    fn names_and_phones() {
        assert_eq!(name("  古丽 · 夏提 ").unwrap(), "古丽 · 夏提");
        assert!(name(" ").is_err() && name(&"长".repeat(51)).is_err());
        assert_eq!(phone("164 0000 1234").as_deref(), Some("16400001234"));
        assert_eq!(phone("0571-87654321").as_deref(), Some("057187654321"));
        assert_eq!(phone("找张姐"), None);
        assert_eq!(tail("16400001234"), "1234");
    }

    #[test]
    fn restricted_categories_are_those_of_the_reference() {
        let r: Vec<_> =
            Category::ALL.iter().filter(|c| c.is_restricted()).map(|c| c.as_str()).collect();
        assert_eq!(
            r,
            [
                "yiban_ertong",
                "shizhi",
                "jisheng_teshu",
                "zhongjing",
                "shequ_jiaozheng",
                "anzhi",
                "jiedu",
                "jiabao"
            ]
        );
    }
}
