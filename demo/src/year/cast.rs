//! The people of a street whom the sign-in page does not introduce: one of each kind whom the chapters know by a login, with a post and an account.
use access::Role;
use access::acts::{NewAccount, NewGrant};
use db::{Result, Tx};
use kernel::PersonId;

use super::Stage;
use crate::people::PASSWORD;
use crate::{day, names};

/// Login, role, place on the station's list; whoever supervises holds no post.
const CAST: [(&str, Role, &str); 6] = [
    ("lin", Role::StationHead, "worker"),
    ("xu", Role::DeputyHead, "worker"),
    ("fan", Role::Worker, "worker"),
    ("su", Role::SchoolWorker, "worker"),
    ("kong", Role::StudioWorker, "worker"),
    ("cheng", Role::Supervisor, ""),
];

pub(super) fn build(tx: &mut Tx<'_>, stage: &mut Stage, n: usize) -> Result<()> {
    stage.cast = format!("-{:02}", n + 1);
    let hash = access::password::hash(PASSWORD, b"demonstration-16").map_err(db::Error::Broken)?;
    let cx = stage.system.clone();
    for (at, (login, role, post)) in CAST.into_iter().enumerate() {
        let name = names::name(6000 + n * CAST.len() + at);
        let keep = |tx: &mut Tx<'_>, register: &str, parent: &str, fields: &[(&str, &str)]| {
            let register = sites::registers::register(register).ok_or(db::Error::Missing)?;
            let input = fields.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
            web::register::acts::add(tx, &cx, register, parent, &input, sites::acts::resolve)
        };
        let home = stage.street.id.as_str();
        let person = keep(tx, "people", "", &[("name", &name), ("home", home)])?.id;
        keep(tx, "qualifications", &person, &[("kind", "sw"), ("since", "2019-06-01")])?;
        if !post.is_empty() {
            let site = if login == "kong" { &stage.studio } else { &stage.station };
            let fields = [
                ("person", person.as_str()),
                ("role", post),
                ("employment", "part_time"),
                ("since", "2025-06-01"),
            ];
            keep(tx, "posts", site.as_str(), &fields)?;
        }
        let account = access::acts::open_account(
            tx,
            &cx,
            NewAccount {
                login: format!("{login}{}", stage.cast),
                name,
                person: Some(PersonId::from(person)),
                hash: hash.clone(),
                must_change: false,
            },
        )?
        .id;
        let region = if login == "kong" { &stage.community.id } else { &stage.street.id };
        let since = day("2022-01-01");
        let grant =
            NewGrant { account, role, region: region.clone(), site: None, since, until: None };
        access::acts::grant(tx, &cx, grant)?;
    }
    Ok(())
}
