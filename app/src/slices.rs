//! Every slice, once. A new slice is one line here.
use web::Slice;

/// All slices, in the order of the side bar.
pub fn all() -> Vec<Slice> {
    vec![
        today::slice(),
        notices::slice(),
        clients::slice(),
        casework::slice(),
        groups::slice(),
        outreach::slice(),
        deliberation::slice(),
        referrals::slice(),
        schools::slice(),
        worklog::slice(),
        formbook::slice(),
        glass::slice(),
        sites::slice(),
        standards::slice(),
        exchange::slice(),
        accounts::slice(),
    ]
}

/// Every migration of the house: floors first, then slices.
pub fn migrations() -> Vec<db::Migration> {
    let floors = [registry::MIGRATIONS, access::MIGRATIONS, forms::MIGRATIONS, ledger::MIGRATIONS];
    floors
        .into_iter()
        .flatten()
        .copied()
        .chain(all().iter().flat_map(|s| s.migrations).copied())
        .collect()
}

/// Every sentence of the house.
///
/// # Errors
/// A locale file that cannot be read, or a key said twice.
pub fn catalogue() -> Result<locale::Catalogue, locale::Fault> {
    let floors = [
        policy::LOCALES,
        papers::LOCALES,
        access::LOCALES,
        forms::LOCALES,
        ledger::LOCALES,
        web::LOCALES,
    ];
    let texts: Vec<_> = floors.into_iter().chain(all().iter().map(|s| s.locales)).collect();
    locale::Catalogue::load(&texts)
}
