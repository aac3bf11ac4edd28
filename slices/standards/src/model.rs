//! What a bureau decides about its standards: which pack, which interpretation, which exceptions, which official text stands beside it.
use db::record;
use kernel::{Day, Instant, RecordId};

record! {
    /// The pack a district judges by, from the moment it was chosen.
    pub struct PackChoice in "pack_choice" {
        id: RecordId,
        /// The folder's name, such as `shangcheng-2022`.
        pack: String,
        /// The day the instrument takes effect; none while it is a draft and results are advisory (clause 6-1).
        in_force_from: Option<Day>,
        chosen_at: Instant,
    }
}

record! {
    /// An interpretation (口径) the bureau chose in place of the pack's default.
    pub struct OptionChoice in "option_choice" {
        id: RecordId,
        name: String,
        value: String,
        since: Day,
        until: Option<Day>,
    }
}

record! {
    /// An exception: one rule need not be met by one unit for a time.
    pub struct Waiver in "waiver" {
        id: RecordId,
        rule: String,
        unit: String,
        reason: String,
        /// Who approved it, as shown.
        approver: String,
        since: Day,
        until: Day,
    }
}

record! {
    /// An official text bound to a pack, kept by the deployment and shown beside the restatement.
    pub struct BoundText in "bound_text" {
        id: RecordId,
        pack: String,
        text: String,
        at: Instant,
    }
}

record! {
    /// A dossier somebody took: what a later copy can be held against.
    pub struct TakenDossier in "dossier" {
        id: RecordId,
        /// The unit it covers.
        unit: String,
        place: String,
        /// The unit's region path.
        path: String,
        as_of: Day,
        /// SHA-256 of the file handed over, hexadecimal.
        digest: String,
        /// The check code printed on it.
        code: String,
        /// The last entry of the log when it was made.
        head: i64,
        head_hash: String,
        by_account: String,
        by_name: String,
        at: Instant,
    }
}
