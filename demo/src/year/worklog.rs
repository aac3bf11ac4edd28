//! Time beside the services over a year: meetings, paperwork, training, and what the street asked for; what the year's plan lists.
use db::{Result, Tx};
use ledger::OtherKind;
use worklog::acts::{NewTime, log};
use worklog::registers;

use super::Stage;

/// Kind, minutes, what, who asked for it.
type Told = (OtherKind, i64, &'static str, &'static str);

const WEEKS: [Told; 9] = [
    (OtherKind::Meeting, 60, "站务例会", ""),
    (OtherKind::Paperwork, 90, "整理个案与小组档案", ""),
    (OtherKind::Administrative, 120, "协助录入城乡居民医保缴费名单", "公共服务办公室"),
    (OtherKind::Meeting, 45, "社区工作例会", ""),
    (OtherKind::Training, 180, "社会工作继续教育", ""),
    (OtherKind::Administrative, 90, "垃圾分类入户督查", "城市管理办公室"),
    (OtherKind::Travel, 40, "往返驻点社区", ""),
    (OtherKind::Paperwork, 60, "准备评估材料", ""),
    (OtherKind::Administrative, 60, "参加街道迎检", "党政办公室"),
];

/// Two people log a line a week, each a different one.
pub(super) fn build(tx: &mut Tx<'_>, stage: &mut Stage) -> Result<()> {
    for (n, login) in ["fan", "xu"].into_iter().enumerate() {
        for (week, told) in WEEKS.iter().cycle().skip(n * 4).take(48).enumerate() {
            let ago = 2 + i32::try_from(week * 7 + n * 2).unwrap_or_default();
            let (kind, minutes, what, asked_by) = *told;
            let cx = stage.at(tx, login, stage.ago(ago), 17)?;
            let new = NewTime {
                kind: Some(kind),
                day: Some(cx.today()),
                minutes,
                what: what.into(),
                asked_by: asked_by.into(),
                listed: false,
            };
            log(tx, &cx, new)?;
        }
    }
    items(tx, stage)?;
    notices(tx, stage)
}

/// What the station's plan and contract list for this year and the one before.
fn items(tx: &mut Tx<'_>, stage: &Stage) -> Result<()> {
    let today = stage.system.today();
    let head = stage.at(tx, "lin", today, 9)?;
    for year in [today.year() - 1, today.year()] {
        for (source, title) in [
            ("plan", "独居、空巢老人定期走访"),
            ("plan", "困境儿童个案服务"),
            ("plan", "长者认知训练小组"),
            ("contract", "社区协商议事支持"),
            ("assessment", "特色案例与服务品牌"),
        ] {
            let fields =
                [("year", year.to_string()), ("title", title.into()), ("source", source.into())];
            let input = fields.into_iter().map(|(n, v)| (n.to_owned(), v)).collect();
            let register = registers::items()?;
            let site = stage.station.as_str();
            web::register::acts::add(tx, &head, register, site, &input, sites::acts::resolve)?;
        }
    }
    Ok(())
}

/// What the bell shows on the first morning.
fn notices(tx: &mut Tx<'_>, stage: &Stage) -> Result<()> {
    let month: String = stage.ago(30).to_string().chars().take(7).collect();
    let cx = stage.at(tx, "lin", stage.ago(1), 16)?;
    for login in ["fan", "xu"] {
        let person = stage.person(tx, login)?;
        let message = access::notice::Message {
            key: "worklog.notice.sign",
            args: vec![("month", month.clone())],
            href: format!("/ledger/hours/{person}?month={month}"),
            urgent: false,
        };
        access::notice::tell(tx, &cx, &person, &message)?;
    }
    Ok(())
}
