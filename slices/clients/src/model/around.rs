//! Those around a client: relatives as GB/T 4761 names them, supports as an ecomap draws them; and the record of a merge.
use db::{Sealed, record, words};
use kernel::{AccountId, AssignmentId, ClientId, Instant, RecordId};
use registry::people::Sex;
use serde::{Deserialize, Serialize};

words! {
    /// What somebody is to the client (家庭关系, GB/T 4761-2008).
    pub enum Kin {
        Spouse = "spouse",
        FormerSpouse = "former_spouse",
        Partner = "partner",
        Son = "son",
        Daughter = "daughter",
        Grandson = "grandson",
        Granddaughter = "granddaughter",
        Father = "father",
        Mother = "mother",
        Grandfather = "grandfather",
        Grandmother = "grandmother",
        Brother = "brother",
        Sister = "sister",
        Other = "other",
    }
}

impl Kin {
    /// The code of GB/T 4761-2008.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Spouse | Self::FormerSpouse | Self::Partner => "10",
            Self::Son => "20",
            Self::Daughter => "30",
            Self::Grandson => "41",
            Self::Granddaughter => "42",
            Self::Father => "51",
            Self::Mother => "52",
            Self::Grandfather => "61",
            Self::Grandmother => "62",
            Self::Brother => "70",
            Self::Sister => "75",
            Self::Other => "97",
        }
    }
    /// Generations below the client.
    pub const fn generation(self) -> i32 {
        match self {
            Self::Grandfather | Self::Grandmother => -2,
            Self::Father | Self::Mother => -1,
            Self::Son | Self::Daughter => 1,
            Self::Grandson | Self::Granddaughter => 2,
            _ => 0,
        }
    }
    /// The sex the word says.
    pub const fn sex(self) -> Option<Sex> {
        match self {
            Self::Son | Self::Grandson | Self::Father | Self::Grandfather | Self::Brother => {
                Some(Sex::Male)
            }
            Self::Daughter
            | Self::Granddaughter
            | Self::Mother
            | Self::Grandmother
            | Self::Sister => Some(Sex::Female),
            _ => None,
        }
    }
    /// Joined to the client by a line of marriage?
    pub const fn couple(self) -> bool {
        matches!(self, Self::Spouse | Self::FormerSpouse | Self::Partner)
    }
    /// What the client is to them, as far as the word alone tells.
    pub fn reverse(self, of: Option<Sex>) -> Self {
        let pick = |male, female| if of == Some(Sex::Male) { male } else { female };
        match self {
            Self::Son | Self::Daughter => pick(Self::Father, Self::Mother),
            Self::Father | Self::Mother => pick(Self::Son, Self::Daughter),
            Self::Grandson | Self::Granddaughter => pick(Self::Grandfather, Self::Grandmother),
            Self::Grandfather | Self::Grandmother => pick(Self::Grandson, Self::Granddaughter),
            Self::Brother | Self::Sister => pick(Self::Brother, Self::Sister),
            same => same,
        }
    }
}

words! {
    /// How two people stand to one another, as a genogram draws it.
    pub enum Bond {
        Plain = "plain",
        Close = "close",
        Conflict = "conflict",
        CutOff = "cut_off",
    }
}

record! {
    /// A relative: another client, or somebody of a name only.
    pub struct Relation in "relation" {
        id: RecordId,
        client: ClientId,
        other: Option<ClientId>,
        /// The name of whoever is no client: sealed for the client at `relation.name`.
        name: Option<Sealed>,
        kin: Kin,
        sex: Option<Sex>,
        birth_year: Option<i64>,
        dead: bool,
        /// Lives in the same home.
        together: bool,
        bond: Bond,
        /// Sealed for the client at `relation.note`.
        note: Option<Sealed>,
    }
}

words! {
    /// The systems around a household.
    pub enum SupportKind {
        Family = "family",
        Neighbours = "neighbours",
        School = "school",
        Work = "work",
        Medical = "medical",
        SocialSecurity = "social_security",
        Community = "community",
        Organisations = "organisations",
        Volunteers = "volunteers",
        Friends = "friends",
        Other = "other",
    }
}

words! {
    /// How strong a support is.
    pub enum Tie { Strong = "strong", Plain = "plain", Weak = "weak", Strained = "strained" }
}

words! {
    /// Where help flows.
    pub enum Flow { ToClient = "to_client", FromClient = "from_client", Both = "both", Nowhere = "none" }
}

record! {
    /// A support around the client.
    pub struct Support in "support" {
        id: RecordId,
        client: ClientId,
        kind: SupportKind,
        /// Sealed for the client at `support.name`.
        name: Option<Sealed>,
        bond: Tie,
        flow: Flow,
        /// Sealed for the client at `support.note`.
        note: Option<Sealed>,
    }
}

/// What a merge moved from the one file to the other, so that it can be undone.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moved {
    pub assignments: Vec<AssignmentId>,
    pub categories: Vec<RecordId>,
    pub avoidances: Vec<RecordId>,
    /// Relations of others that pointed to the file that went.
    pub pointed: Vec<RecordId>,
    /// Files that had gone into the one that went.
    #[serde(default)]
    pub chained: Vec<ClientId>,
    /// The state of the file that went.
    pub state: String,
    /// Was the file that stays restricted?
    pub restricted: bool,
}

record! {
    /// Two files found to be of one person.
    pub struct MergeRecord in "client_merge" {
        id: RecordId,
        kept: ClientId,
        gone: ClientId,
        /// [`Moved`]
        moved: serde_json::Value,
        at: Instant,
        by_account: AccountId,
        undone_at: Option<Instant>,
        undone_by: Option<AccountId>,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kin_turns_round() {
        assert_eq!(Kin::Son.reverse(Some(Sex::Female)), Kin::Mother);
        assert_eq!(Kin::Grandmother.reverse(Some(Sex::Male)), Kin::Grandson);
        assert_eq!(Kin::Spouse.reverse(None), Kin::Spouse);
        for k in Kin::ALL {
            assert_eq!(k.reverse(Some(Sex::Male)).generation(), -k.generation(), "{k}");
        }
    }
}
