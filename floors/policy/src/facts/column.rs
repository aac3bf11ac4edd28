//! One table, column by column. Columns a table has no use for stay empty.
use crate::rows::Table;

/// Never reported.
pub(crate) const NEVER: i32 = i32::MIN;

/// Bits of a row's flags.
pub(crate) mod flag {
    /// A post or supervisor is full-time.
    pub(crate) const FULLTIME: u8 = 1;
    /// A volunteer or intern.
    pub(crate) const VOLUNTEER: u8 = 2;
    /// Street administrative business.
    pub(crate) const ADMIN: u8 = 4;
    /// A supervisor who is a social worker.
    pub(crate) const SOCIAL_WORKER: u8 = 8;
    /// Money planned, not spent.
    pub(crate) const PLAN: u8 = 16;
    /// Of a unit: a village committee's community.
    pub(crate) const VILLAGE: u8 = 1;
    /// Of a unit: a project bought with public money.
    pub(crate) const PURCHASED: u8 = 2;
    /// Of a unit: a project of professional social work.
    pub(crate) const PROFESSIONAL: u8 = 4;
}

/// One row, before it is laid into columns.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Cells {
    pub from: i32,
    pub to: i32,
    pub kind: u16,
    pub sub: u16,
    pub aux: u16,
    pub who: u32,
    pub n: i64,
    pub flags: u8,
    pub rec: u32,
    pub label: u32,
}

/// A table's columns. Rows of one owner stand side by side.
#[derive(Clone, Debug, Default)]
pub(crate) struct Column {
    has: u8,
    start: Vec<u32>,
    len: Vec<u32>,
    reported: Vec<i32>,
    reported_all: Option<i32>,
    from: Vec<i32>,
    to: Vec<i32>,
    kind: Vec<u16>,
    sub: Vec<u16>,
    aux: Vec<u16>,
    who: Vec<u32>,
    n: Vec<i64>,
    flags: Vec<u8>,
    rec: Vec<u32>,
    label: Vec<u32>,
    /// Posts only: the next post of the same person, and the unit the post stands in.
    pub(crate) next: Vec<u32>,
    pub(crate) unit: Vec<u32>,
    dead: usize,
}

pub(super) static EMPTY: Column = Column {
    has: 0,
    start: Vec::new(),
    len: Vec::new(),
    reported: Vec::new(),
    reported_all: None,
    from: Vec::new(),
    to: Vec::new(),
    kind: Vec::new(),
    sub: Vec::new(),
    aux: Vec::new(),
    who: Vec::new(),
    n: Vec::new(),
    flags: Vec::new(),
    rec: Vec::new(),
    label: Vec::new(),
    next: Vec::new(),
    unit: Vec::new(),
    dead: 0,
};

const SUB: u8 = 1;
const AUX: u8 = 2;
const WHO: u8 = 4;
const NUM: u8 = 8;
const FLAGS: u8 = 16;
const LABEL: u8 = 32;
const POST: u8 = 64;

const fn shape(t: Table) -> u8 {
    match t {
        Table::Posts => SUB | AUX | WHO | FLAGS | POST,
        Table::Units
        | Table::Rooms
        | Table::Facilities
        | Table::Brands
        | Table::Partnerships
        | Table::Publicity => LABEL,
        Table::Contests | Table::FeatureCases => LABEL,
        Table::Documents => SUB | LABEL,
        Table::Lists | Table::Attendances | Table::Payments => NUM,
        Table::Projects => SUB | WHO | NUM | LABEL,
        Table::ProjectPartners => LABEL,
        Table::ProjectStaff => WHO | FLAGS,
        Table::Expenditures => NUM | FLAGS,
        Table::Services | Table::Worklogs => FLAGS | LABEL,
        Table::Supervisors | Table::Teams => SUB | AUX | WHO | FLAGS,
        Table::SupervisionLinks => WHO,
        Table::Agreements => NUM,
        Table::Assessments | Table::Appraisals => SUB | NUM | WHO,
        Table::Trainings => SUB | AUX | NUM | LABEL,
        Table::Budgets | Table::Funds => NUM,
        Table::Honours => SUB,
        Table::SchoolServices => WHO | NUM,
        _ => 0,
    }
}

macro_rules! column {
    ($($(#[$doc:meta])* $name:ident: $ty:ty;)+) => {$(
        $(#[$doc])*
        #[inline]
        pub(crate) fn $name(&self, i: u32) -> $ty { self.$name.get(i as usize).copied().unwrap_or_default() }
    )+};
}

impl Column {
    pub(super) fn new(t: Table) -> Self {
        Self { has: shape(t), ..Self::default() }
    }
    column! {
        from: i32;
        to: i32;
        kind: u16;
        sub: u16;
        aux: u16;
        who: u32;
        n: i64;
        flags: u8;
        rec: u32;
        label: u32;
    }
    /// The rows of an owner, as `[from, to)` row numbers.
    #[inline]
    pub(crate) fn span(&self, owner: u32) -> (u32, u32) {
        match (self.start.get(owner as usize), self.len.get(owner as usize)) {
            (Some(s), Some(l)) => (*s, *s + *l),
            _ => (0, 0),
        }
    }
    /// Does the row hold on this day?
    #[inline]
    pub(crate) fn live(&self, i: u32, day: i32) -> bool {
        self.from(i) <= day && day < self.to(i)
    }
    /// Through which day the table was reported for this owner; [`NEVER`] when never. An owner with rows was reported.
    #[inline]
    pub(crate) fn reported(&self, owner: u32) -> i32 {
        if let Some(all) = self.reported_all {
            return all;
        }
        match self.reported.get(owner as usize) {
            Some(r) if *r != NEVER => *r,
            _ => {
                let (from, to) = self.span(owner);
                if from < to { self.from(to - 1) } else { NEVER }
            }
        }
    }
    #[inline]
    pub(crate) fn known(&self, owner: u32) -> bool {
        self.reported_all.is_some() || self.reported(owner) != NEVER
    }
    pub(crate) fn rows(&self) -> usize {
        self.from.len() - self.dead
    }
    /// A digest of an owner's rows, to tell whether a change changed them.
    pub(crate) fn digest(&self, owner: u32) -> u64 {
        let (from, to) = self.span(owner);
        let mut h = u64::from(self.known(owner));
        for i in from..to {
            let c = self.row(i);
            let days = (u64::from(c.from.cast_unsigned()) << 32) | u64::from(c.to.cast_unsigned());
            let kinds = (u64::from(c.kind) << 40)
                | (u64::from(c.sub) << 24)
                | (u64::from(c.aux) << 8)
                | u64::from(c.flags);
            for part in [days, kinds, u64::from(c.who), c.n.cast_unsigned()] {
                h = (h.rotate_left(5) ^ part).wrapping_mul(0x9E37_79B9_7F4A_7C15);
            }
        }
        h
    }
    pub(super) fn report(&mut self, owner: Option<u32>, through: i32) {
        let Some(owner) = owner else {
            self.reported_all = Some(through);
            return;
        };
        let at = owner as usize;
        if self.reported.len() <= at {
            self.reported.resize(at + 1, NEVER);
        }
        if let Some(r) = self.reported.get_mut(at) {
            *r = through;
        }
    }
    fn push(&mut self, c: Cells, owner: u32) {
        self.from.push(c.from);
        self.to.push(c.to);
        self.kind.push(c.kind);
        self.rec.push(c.rec);
        let has = self.has;
        if has & SUB != 0 {
            self.sub.push(c.sub);
        }
        if has & AUX != 0 {
            self.aux.push(c.aux);
        }
        if has & WHO != 0 {
            self.who.push(c.who);
        }
        if has & NUM != 0 {
            self.n.push(c.n);
        }
        if has & FLAGS != 0 {
            self.flags.push(c.flags);
        }
        if has & LABEL != 0 {
            self.label.push(c.label);
        }
        if has & POST != 0 {
            self.next.push(super::NONE);
            self.unit.push(owner);
        }
    }
    fn row(&self, i: u32) -> Cells {
        Cells {
            from: self.from(i),
            to: self.to(i),
            kind: self.kind(i),
            sub: self.sub(i),
            aux: self.aux(i),
            who: self.who(i),
            n: self.n(i),
            flags: self.flags(i),
            rec: self.rec(i),
            label: self.label(i),
        }
    }
    /// Adds rows to an owner; rows it had move to the end so that they stand side by side.
    pub(super) fn put(&mut self, owner: u32, cells: impl Iterator<Item = Cells>) {
        let at = owner as usize;
        if self.start.len() <= at {
            self.start.resize(at + 1, 0);
            self.len.resize(at + 1, 0);
        }
        let (from, to) = self.span(owner);
        let end = u32::try_from(self.from.len()).unwrap_or(u32::MAX);
        let start = if from < to && to == end { from } else { end };
        if start == end {
            for i in from..to {
                let c = self.row(i);
                self.push(c, owner);
            }
            self.bury(from, to);
        }
        for c in cells {
            self.push(c, owner);
        }
        let len = u32::try_from(self.from.len()).unwrap_or(u32::MAX) - start;
        if let (Some(s), Some(l)) = (self.start.get_mut(at), self.len.get_mut(at)) {
            (*s, *l) = (start, len);
        }
    }
    /// Takes an owner's rows and its report away.
    pub(super) fn clear(&mut self, owner: u32) {
        let (from, to) = self.span(owner);
        self.bury(from, to);
        if let Some(l) = self.len.get_mut(owner as usize) {
            *l = 0;
        }
        if let Some(r) = self.reported.get_mut(owner as usize) {
            *r = NEVER;
        }
    }
    /// Rows nobody owns any more never hold on any day.
    fn bury(&mut self, from: u32, to: u32) {
        for i in from as usize..to as usize {
            if let Some(t) = self.to.get_mut(i) {
                *t = NEVER;
            }
        }
        self.dead += (to - from) as usize;
    }
    /// The next day after `day` on which a row of this owner begins or ends to hold.
    pub(crate) fn turns_after(&self, owner: u32, day: i32) -> Option<i32> {
        let (from, to) = self.span(owner);
        (from..to)
            .flat_map(|i| [self.from(i), self.to(i)])
            .filter(|d| *d > day && *d < kernel::Day::MAX.0)
            .min()
    }
    /// Hands back memory that growing left over.
    pub(super) fn shrink(&mut self) {
        self.from.shrink_to_fit();
        self.to.shrink_to_fit();
        self.kind.shrink_to_fit();
        self.sub.shrink_to_fit();
        self.aux.shrink_to_fit();
        self.who.shrink_to_fit();
        self.n.shrink_to_fit();
        self.flags.shrink_to_fit();
        self.rec.shrink_to_fit();
        self.label.shrink_to_fit();
    }
}
