//! Who may see and do what: accounts, sessions, roles over the region tree, one decision for page, API, export and search.
//!
//! Reading order: [`Actor`] is somebody whose right to act is live at this moment; [`Cx`] is what every act gets of the
//! outside world; [`matrix`] says which role has which capability; [`care`] says who sees which resident; [`account`] and [`session`] are the records
//! behind; [`factor`] is the second factor; [`notice`] tells people what happened.
pub mod account;
pub mod acts;
pub mod care;
pub mod draft;
pub mod factor;
pub mod matrix;
pub mod notice;
pub mod password;
pub mod session;

mod actor;
mod store;

pub use account::{Account, AccountStatus, Grant, Role};
pub use actor::{Actor, Cx, Scope};
pub use session::{AccessToken, Session};
pub use store::{
    account as find_account, account_by_login, accounts, find_grant, grants_of, live_grants,
    sessions_of, tokens_of,
};

use db::Migration;

/// This floor's tables.
pub const MIGRATIONS: &[Migration] = &[
    db::migration!(20, "0020_access"),
    db::migration!(21, "0021_care"),
    db::migration!(22, "0022_drafts"),
    db::migration!(23, "0023_factor"),
    db::migration!(107, "0107_draft_titles"),
    db::migration!(120, "0120_notice_step"),
];
/// This floor's sentences.
pub const LOCALES: [(&str, &str); 2] =
    [("zh-CN", include_str!("../locale/zh-CN.toml")), ("en", include_str!("../locale/en.toml"))];
