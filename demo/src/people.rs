//! The fictional people who sign in. All share one password, printed when the demonstration starts.
use access::acts::{NewAccount, NewGrant};
use access::{Cx, Role};
use db::{Result, Tx};

use crate::day;

/// The password of every demonstration account.
pub const PASSWORD: &str = "yunting-demo-2026";

const EVERYBODY: [(&str, &str, Role); 10] = [
    ("shen", "沈若川", Role::DistrictOfficer),
    ("lin", "林舒", Role::StationHead),
    ("xu", "许望舒", Role::DeputyHead),
    ("kong", "孔一诺", Role::StudioWorker),
    ("cheng", "程牧", Role::Supervisor),
    ("yan", "阎思明", Role::Auditor),
    ("fan", "范海涛", Role::Worker),
    ("su", "苏清和", Role::SchoolWorker),
    ("admin", "系统管理员", Role::SystemAdmin),
    ("safety", "安全管理员", Role::SecurityAdmin),
];

/// Whom the sign-in page introduces: login, role, name.
pub fn introduced() -> Vec<(String, &'static str, String)> {
    EVERYBODY
        .iter()
        .map(|(login, name, role)| ((*login).to_owned(), role.as_str(), (*name).to_owned()))
        .collect()
}

/// Opens the accounts that the demonstration introduces.
///
/// # Errors
/// The engine's fault, or a refusal that shows that demo and acts disagree.
pub fn accounts(tx: &mut Tx<'_>, cx: &Cx, people: &[(String, String)]) -> Result<()> {
    let hash = access::password::hash(PASSWORD, b"demonstration-16").map_err(db::Error::Broken)?;
    let district = registry::region::root(tx)?.ok_or(db::Error::Missing)?;
    let streets = registry::region::children(tx, &district.id)?;
    let street = streets.get(1).ok_or(db::Error::Missing)?.clone();
    let community =
        registry::region::children(tx, &street.id)?.into_iter().next().ok_or(db::Error::Missing)?;
    for (login, name, role) in EVERYBODY {
        let region = match role {
            Role::StationHead
            | Role::DeputyHead
            | Role::Supervisor
            | Role::Worker
            | Role::SchoolWorker => &street.id,
            Role::StudioWorker => &community.id,
            _ => &district.id,
        };
        let person = people
            .iter()
            .find(|(n, _)| n == name)
            .map(|(_, id)| kernel::PersonId::from(id.as_str()));
        let new = NewAccount {
            login: login.into(),
            name: name.into(),
            person,
            hash: hash.clone(),
            must_change: false,
        };
        let account = access::acts::open_account(tx, cx, new)?;
        let new = NewGrant {
            account: account.id,
            role,
            region: region.clone(),
            site: None,
            since: day("2022-01-01"),
            until: None,
        };
        let account = new.account.clone();
        access::acts::grant(tx, cx, new)?;
        // One person with two hats: a station's worker who also minds a studio.
        if login == "fan" {
            let region = community.id.clone();
            let new = NewGrant {
                account,
                role: Role::StudioWorker,
                region,
                site: None,
                since: day("2023-01-01"),
                until: None,
            };
            access::acts::grant(tx, cx, new)?;
        }
    }
    Ok(())
}
