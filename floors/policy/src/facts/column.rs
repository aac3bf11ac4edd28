//! One table, column by column. Columns a table has no use for stay empty.
use crate::rows::Table;

/// So many rows left behind are worth a look round.
const MUCH_WASTE: usize = 4096;

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
    /// Of a post, set here: its holder has another post on record, perhaps elsewhere.
    pub(crate) const ANOTHER: u8 = 32;
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

/// What nearly every question reads of a row, side by side in one place of memory.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Core {
    pub from: i32,
    pub to: i32,
    pub kind: u16,
    pub flags: u8,
}
impl Core {
    /// Does the row hold on this day?
    #[inline]
    pub(crate) const fn live(&self, day: i32) -> bool {
        self.from <= day && day < self.to
    }
}

/// Where an owner's rows stand, and through which day the table was reported for it.
#[derive(Clone, Copy, Debug)]
struct Place {
    start: u32,
    len: u32,
    reported: i32,
}
const NOWHERE: Place = Place { start: 0, len: 0, reported: NEVER };

/// A column as long as its last filled place; what is beyond it is empty.
#[derive(Clone, Debug, Default)]
struct Thin<T>(Vec<T>);
impl<T: Copy + Default + PartialEq> Thin<T> {
    #[inline]
    fn get(&self, i: u32) -> T {
        self.0.get(i as usize).copied().unwrap_or_default()
    }
    fn set(&mut self, i: usize, value: T) {
        if value != T::default() {
            if self.0.len() < i {
                self.0.resize(i, T::default());
            }
            self.0.push(value);
        }
    }
}

/// A table's columns. Rows of one owner stand side by side; a column nobody filled takes no room.
#[derive(Clone, Debug, Default)]
pub(crate) struct Column {
    places: Vec<Place>,
    reported_all: Option<i32>,
    core: Vec<Core>,
    sub: Thin<u16>,
    aux: Thin<u16>,
    who: Thin<u32>,
    n: Thin<i64>,
    rec: Thin<u32>,
    label: Thin<u32>,
    /// Posts only: the next post of the same person, and the unit the post stands in.
    pub(crate) next: Vec<u32>,
    pub(crate) unit: Vec<u32>,
    posts: bool,
    /// Every flag any row ever had.
    flags: u8,
    dead: usize,
}

pub(super) static EMPTY: Column = Column {
    places: Vec::new(),
    reported_all: None,
    core: Vec::new(),
    sub: Thin(Vec::new()),
    aux: Thin(Vec::new()),
    who: Thin(Vec::new()),
    n: Thin(Vec::new()),
    rec: Thin(Vec::new()),
    label: Thin(Vec::new()),
    next: Vec::new(),
    unit: Vec::new(),
    posts: false,
    flags: 0,
    dead: 0,
};

macro_rules! thin {
    ($($name:ident: $ty:ty;)+) => {$(
        #[inline]
        pub(crate) fn $name(&self, i: u32) -> $ty { self.$name.get(i) }
    )+};
}

impl Column {
    pub(super) fn new(t: Table) -> Self {
        Self { posts: t == Table::Posts, ..Self::default() }
    }
    thin! {
        sub: u16;
        aux: u16;
        who: u32;
        n: i64;
        rec: u32;
        label: u32;
    }
    /// A row's core; an empty one beyond the end.
    #[inline]
    pub(crate) fn core(&self, i: u32) -> Core {
        self.core.get(i as usize).copied().unwrap_or_default()
    }
    #[inline]
    pub(crate) fn from(&self, i: u32) -> i32 {
        self.core(i).from
    }
    #[inline]
    pub(crate) fn to(&self, i: u32) -> i32 {
        self.core(i).to
    }
    #[inline]
    pub(crate) fn kind(&self, i: u32) -> u16 {
        self.core(i).kind
    }
    #[inline]
    pub(crate) fn flags(&self, i: u32) -> u8 {
        self.core(i).flags
    }
    #[inline]
    fn place(&self, owner: u32) -> Place {
        self.places.get(owner as usize).copied().unwrap_or(NOWHERE)
    }
    /// The rows of an owner, as `[from, to)` row numbers.
    #[inline]
    pub(crate) fn span(&self, owner: u32) -> (u32, u32) {
        let p = self.place(owner);
        (p.start, p.start + p.len)
    }
    /// The rows of an owner.
    #[inline]
    pub(crate) fn slice(&self, owner: u32) -> &[Core] {
        let p = self.place(owner);
        let rows = self.core.get(p.start as usize..).unwrap_or_default();
        rows.get(..p.len as usize).unwrap_or_default()
    }
    /// The rows of an owner with their numbers.
    #[inline]
    pub(crate) fn rows_of(&self, owner: u32) -> impl Iterator<Item = (u32, Core)> + Clone {
        (self.place(owner).start..).zip(self.slice(owner).iter().copied())
    }
    /// Owners with rows, in the order of their numbers.
    pub(crate) fn owners(&self) -> impl Iterator<Item = u32> {
        (0..).zip(&self.places).filter(|(_, p)| p.len > 0).map(|(owner, _)| owner)
    }
    /// Whom the rows that pass `ok` name, as often as they name them.
    pub(crate) fn whose(&self, ok: impl Fn(&Core) -> bool) -> impl Iterator<Item = u32> {
        let rows = (0..).zip(&self.core).filter(move |(_, row)| row.to != NEVER && ok(row));
        rows.map(|(i, _)| self.who(i))
    }
    /// Does the row hold on this day?
    #[inline]
    pub(crate) fn live(&self, i: u32, day: i32) -> bool {
        self.core(i).live(day)
    }
    /// Through which day the table was reported for this owner; [`NEVER`] when never. An owner with rows was reported.
    #[inline]
    pub(crate) fn reported(&self, owner: u32) -> i32 {
        if let Some(all) = self.reported_all {
            return all;
        }
        match self.place(owner) {
            p if p.reported != NEVER => p.reported,
            p if p.len > 0 => self.from(p.start + p.len - 1),
            _ => NEVER,
        }
    }
    #[inline]
    pub(crate) fn known(&self, owner: u32) -> bool {
        let p = self.place(owner);
        p.len > 0 || p.reported != NEVER || self.reported_all.is_some()
    }
    pub(crate) fn rows(&self) -> usize {
        self.core.len() - self.dead
    }
    /// Are most rows here nobody's any more?
    pub(super) fn wasteful(&self) -> bool {
        self.dead > MUCH_WASTE && self.dead > self.rows()
    }
    /// Did any row ever have one of these flags?
    pub(crate) const fn ever(&self, flags: u8) -> bool {
        self.flags & flags != 0
    }
    /// The same rows side by side in the order of their owners, with their texts moved by `text`. Posts have to be chained again.
    pub(super) fn compacted(&self, mut text: impl FnMut(u32) -> u32) -> Self {
        let mut out = Self {
            posts: self.posts,
            reported_all: self.reported_all,
            places: vec![NOWHERE; self.places.len()],
            ..Self::default()
        };
        for (owner, p) in (0..).zip(&self.places) {
            let cells = (p.start..p.start + p.len).map(|i| {
                let c = self.row(i);
                Cells { rec: text(c.rec), label: text(c.label), ..c }
            });
            if p.len > 0 {
                out.put(owner, cells);
            }
            if let Some(new) = out.places.get_mut(owner as usize) {
                new.reported = p.reported;
            }
        }
        out
    }
    /// A digest of an owner's rows, to tell whether a change changed them; 0 when nothing is known of it.
    pub(crate) fn digest(&self, owner: u32) -> u64 {
        if !self.known(owner) {
            return 0;
        }
        let mut h = 1_u64;
        for (i, c) in self.rows_of(owner) {
            let days = (u64::from(c.from.cast_unsigned()) << 32) | u64::from(c.to.cast_unsigned());
            let kinds = (u64::from(c.kind) << 40)
                | (u64::from(self.sub(i)) << 24)
                | (u64::from(self.aux(i)) << 8)
                | u64::from(c.flags & !flag::ANOTHER);
            for part in [days, kinds, u64::from(self.who(i)), self.n(i).cast_unsigned()] {
                h = (h.rotate_left(5) ^ part).wrapping_mul(0x9E37_79B9_7F4A_7C15);
            }
        }
        h
    }
    fn place_mut(&mut self, owner: u32) -> Option<&mut Place> {
        let at = owner as usize;
        if self.places.len() <= at {
            self.places.resize(at + 1, NOWHERE);
        }
        self.places.get_mut(at)
    }
    pub(super) fn report(&mut self, owner: Option<u32>, through: i32) {
        match owner {
            None => self.reported_all = Some(through),
            Some(owner) => {
                if let Some(p) = self.place_mut(owner) {
                    p.reported = through;
                }
            }
        }
    }
    fn push(&mut self, c: Cells, owner: u32) {
        let i = self.core.len();
        self.flags |= c.flags;
        self.core.push(Core { from: c.from, to: c.to, kind: c.kind, flags: c.flags });
        self.sub.set(i, c.sub);
        self.aux.set(i, c.aux);
        self.who.set(i, c.who);
        self.n.set(i, c.n);
        self.rec.set(i, c.rec);
        self.label.set(i, c.label);
        if self.posts {
            self.next.push(super::NONE);
            self.unit.push(owner);
        }
    }
    fn row(&self, i: u32) -> Cells {
        let Core { from, to, kind, flags } = self.core(i);
        Cells {
            from,
            to,
            kind,
            sub: self.sub(i),
            aux: self.aux(i),
            who: self.who(i),
            n: self.n(i),
            flags,
            rec: self.rec(i),
            label: self.label(i),
        }
    }
    /// Marks a post whose holder has another one.
    pub(super) fn mark_another(&mut self, i: u32) {
        if let Some(c) = self.core.get_mut(i as usize) {
            c.flags |= flag::ANOTHER;
        }
    }
    /// Adds rows to an owner; rows it had move to the end so that they stand side by side.
    pub(super) fn put(&mut self, owner: u32, cells: impl Iterator<Item = Cells>) {
        let (from, to) = self.span(owner);
        let end = u32::try_from(self.core.len()).unwrap_or(u32::MAX);
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
        let len = u32::try_from(self.core.len()).unwrap_or(u32::MAX) - start;
        if let Some(p) = self.place_mut(owner) {
            (p.start, p.len) = (start, len);
        }
    }
    /// Takes an owner's rows and its report away.
    pub(super) fn clear(&mut self, owner: u32) {
        let (from, to) = self.span(owner);
        self.bury(from, to);
        if let Some(p) = self.places.get_mut(owner as usize) {
            *p = NOWHERE;
        }
    }
    /// Rows nobody owns any more never hold on any day.
    fn bury(&mut self, from: u32, to: u32) {
        for i in from as usize..to as usize {
            if let Some(c) = self.core.get_mut(i) {
                c.to = NEVER;
            }
        }
        self.dead += (to - from) as usize;
    }
    /// The next day after `day` on which a row of this owner begins or ends to hold.
    pub(crate) fn turns_after(&self, owner: u32, day: i32) -> Option<i32> {
        self.rows_of(owner)
            .flat_map(|(_, c)| [c.from, c.to])
            .filter(|d| *d > day && *d < kernel::Day::MAX.0)
            .min()
    }
    /// Hands back memory that growing left over.
    pub(super) fn shrink(&mut self) {
        self.places.shrink_to_fit();
        self.core.shrink_to_fit();
        self.sub.0.shrink_to_fit();
        self.aux.0.shrink_to_fit();
        self.who.0.shrink_to_fit();
        self.n.0.shrink_to_fit();
        self.rec.0.shrink_to_fit();
        self.label.0.shrink_to_fit();
        self.next.shrink_to_fit();
        self.unit.shrink_to_fit();
    }
}
