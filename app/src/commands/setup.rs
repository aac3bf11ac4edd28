//! `wushe init`: an empty production district.
use std::path::Path;

use access::acts::{NewAccount, NewGrant};
use access::{Cx, Role};

use super::Answer;
use crate::boot;

/// Makes an empty district: its policy, its map, its first administrator. Prints the one-time password.
///
/// # Errors
/// A district is there already, the region list has faults, the pack is unknown.
pub fn init(data: &Path, db: Option<String>, pack: &str, regions: &Path, admin: &str) -> Answer {
    std::fs::create_dir_all(data)?;
    let file = data.join("district.db");
    if db.is_none() && file.exists() {
        return Err(format!("there is a district in {} already", data.display()).into());
    }
    let csv =
        std::fs::read_to_string(regions).map_err(|e| format!("{}: {e}", regions.display()))?;
    let shell = boot::shell(boot::Deployment {
        url: db.unwrap_or_else(|| format!("sqlite:{}", file.display())),
        settings: boot::settings(data.to_path_buf(), "五社".into(), false, false),
        clock: boot::machine_clock(),
        seed: boot::machine_seed()?,
    })?;
    let cx = Cx::system(shell.now(), shell.ids.clone());
    let password: String = access::session::token_text(cx.ids.secret()).chars().take(16).collect();
    let hash = access::password::hash(&password, &cx.ids.secret())?;
    let (pack, admin) = (pack.to_owned(), admin.to_owned());
    let made = shell.db.write(move |tx| {
        let loaded = exchange::acts::regions::load(tx, &cx, &csv, cx.today())?.len();
        standards::acts::choose_pack(tx, &cx, &pack, None)?;
        let new =
            NewAccount { login: admin.clone(), name: admin, person: None, hash, must_change: true };
        let account = access::acts::open_account(tx, &cx, new)?;
        let district = registry::region::root(tx)?.ok_or(db::Error::Missing)?;
        let (since, region) = (cx.today(), district.id.clone());
        let new = NewGrant {
            account: account.id,
            role: Role::SystemAdmin,
            region,
            site: None,
            since,
            until: None,
        };
        access::acts::grant(tx, &cx, new)?;
        Ok((account.login, district.name, loaded))
    });
    match made {
        Ok((login, district, regions)) => {
            println!("{district}: {regions} regions");
            println!(
                "{login} / {password}   (one-time password: it must be changed at the first sign-in)"
            );
            Ok(true)
        }
        Err(db::Error::Refused(no)) => {
            let words = shell.catalogue.clone();
            for r in &no.0 {
                eprintln!("{}", words.refusal(locale::Lang::En, r));
            }
            drop(shell);
            // Nothing was written: leave no half district behind.
            let _ = std::fs::remove_file(&file);
            let _ = std::fs::remove_file(crate::keys::path(data));
            Ok(false)
        }
        Err(e) => Err(e.into()),
    }
}
