//! Genogram and ecomap as shapes with places: pure geometry, drawn by the templates as SVG.
use registry::people::Sex;

use crate::model::{Bond, Flow, Kin, Tie};

/// Half the side of a square, and the radius of a circle.
const R: i32 = 22;
const STEP: i32 = 112;
const ROW: i32 = 124;

/// Somebody to be drawn.
#[derive(Clone, Debug)]
pub struct Person {
    /// `None`: the client.
    pub kin: Option<Kin>,
    pub label: String,
    pub word: String,
    pub sex: Option<Sex>,
    pub dead: bool,
    pub together: bool,
    pub bond: Bond,
    pub href: String,
}

/// A symbol: square for a man, circle for a woman, triangle for unknown, crossed for the dead, framed twice for the client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Symbol {
    pub x: i32,
    pub y: i32,
    /// `male`, `female`, `unknown`
    pub shape: &'static str,
    pub own: bool,
    pub dead: bool,
    pub together: bool,
    pub label: String,
    pub word: String,
    pub href: String,
}

/// A line, by its css class.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    pub class: &'static str,
    /// Points as SVG writes them.
    pub points: String,
}

/// A drawing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Drawing {
    pub width: i32,
    pub height: i32,
    pub symbols: Vec<Symbol>,
    pub lines: Vec<Line>,
}

fn line(class: &'static str, points: &[(i32, i32)]) -> Line {
    let all: Vec<String> = points.iter().map(|(x, y)| format!("{x},{y}")).collect();
    Line { class, points: all.join(" ") }
}

/// A zigzag between two places.
fn zigzag(class: &'static str, (x1, y1): (i32, i32), (x2, y2): (i32, i32)) -> Line {
    let (dx, dy) = (x2 - x1, y2 - y1);
    let len = f64::from(dx * dx + dy * dy).sqrt().max(1.0);
    let n = ((len / 9.0) as i32).max(2);
    let (ox, oy) = (f64::from(-dy) / len * 5.0, f64::from(dx) / len * 5.0);
    let points: Vec<(i32, i32)> = (0..=n)
        .map(|i| {
            let side = match i {
                0 => 0.0,
                i if i == n => 0.0,
                i if i % 2 == 0 => 1.0,
                _ => -1.0,
            };
            let at = f64::from(i) / f64::from(n);
            let x = f64::from(x1) + f64::from(dx) * at + ox * side;
            let y = f64::from(y1) + f64::from(dy) * at + oy * side;
            (x.round() as i32, y.round() as i32)
        })
        .collect();
    line(class, &points)
}

/// The genogram of a client: generations from above, the client in the middle of their own.
pub fn genogram(client: Person, others: &[Person]) -> Drawing {
    let of = |generation: i32| {
        others.iter().filter(move |p| p.kin.is_some_and(|k| k.generation() == generation))
    };
    let couples = |p: &&Person| p.kin.is_some_and(Kin::couple);
    let loose = |p: &&Person| p.kin == Some(Kin::Other);
    let siblings: Vec<&Person> = of(0).filter(|p| !couples(p) && !loose(p)).collect();
    let partners: Vec<&Person> = of(0).filter(couples).collect();
    let strangers: Vec<&Person> = of(0).filter(loose).collect();
    let mut own_row: Vec<&Person> = siblings;
    let me = own_row.len();
    own_row.push(&client);
    own_row.extend(&partners);
    own_row.extend(&strangers);
    let rows: Vec<(i32, Vec<&Person>)> = [
        (-2, of(-2).collect()),
        (-1, of(-1).collect()),
        (0, own_row),
        (1, of(1).collect()),
        (2, of(2).collect()),
    ]
    .into_iter()
    .filter(|(g, row): &(i32, Vec<&Person>)| *g == 0 || !row.is_empty())
    .collect();
    let widest = rows.iter().map(|(_, r)| r.len()).max().unwrap_or(1);
    let width = (i32::try_from(widest).unwrap_or(1) * STEP).max(360);
    let mut out = Drawing {
        width,
        height: i32::try_from(rows.len()).unwrap_or(1) * ROW + 8,
        ..Drawing::default()
    };
    let mut mine = (0, 0);
    let mut places: Vec<(i32, Vec<(i32, i32)>)> = Vec::new();
    for (n, (generation, row)) in rows.iter().enumerate() {
        let y = i32::try_from(n).unwrap_or(0) * ROW + R + 14;
        let count = i32::try_from(row.len()).unwrap_or(1);
        let first = width / 2 - (count - 1) * STEP / 2;
        let mut at = Vec::new();
        for (i, p) in row.iter().enumerate() {
            let x = first + i32::try_from(i).unwrap_or(0) * STEP;
            at.push((x, y));
            let own = p.kin.is_none();
            if own {
                mine = (x, y);
            }
            out.symbols.push(Symbol {
                x,
                y,
                shape: match p.sex {
                    Some(Sex::Male) => "male",
                    Some(Sex::Female) => "female",
                    None => "unknown",
                },
                own,
                dead: p.dead,
                together: p.together,
                label: p.label.clone(),
                word: p.word.clone(),
                href: p.href.clone(),
            });
        }
        places.push((*generation, at));
    }
    let row = |g: i32| {
        places.iter().find(|(n, _)| *n == g).map(|(_, at)| at.as_slice()).unwrap_or_default()
    };
    // The couple's line, and what kind of couple it is.
    for (i, p) in partners.iter().enumerate() {
        let Some((x, y)) = row(0).get(me + 1 + i).copied() else { continue };
        let below = R + 10 + i32::try_from(i).unwrap_or(0) * 8;
        let class = match p.kin {
            Some(Kin::Partner) => "geno-partner",
            _ => "geno-line",
        };
        out.lines.push(line(
            class,
            &[(mine.0, mine.1 + R), (mine.0, mine.1 + below), (x, y + below), (x, y + R)],
        ));
        if p.kin == Some(Kin::FormerSpouse) {
            let m = i32::midpoint(mine.0, x);
            for shift in [-4, 4] {
                out.lines.push(line(
                    "geno-line",
                    &[(m + shift - 4, y + below + 7), (m + shift + 4, y + below - 7)],
                ));
            }
        }
    }
    // Parents, joined, down to the client and the siblings.
    descend(&mut out, row(-1), row(0).get(..=me).unwrap_or_default());
    descend(&mut out, row(-2), row(-1));
    let couple: Vec<(i32, i32)> =
        row(0).get(me..me + 1 + partners.len().min(1)).unwrap_or_default().to_vec();
    descend_from(&mut out, &couple, row(1), partners.is_empty());
    descend(&mut out, row(1), row(2));
    bonds(&mut out, &rows, &places, mine);
    out
}

fn bonds(
    out: &mut Drawing,
    rows: &[(i32, Vec<&Person>)],
    places: &[(i32, Vec<(i32, i32)>)],
    mine: (i32, i32),
) {
    for ((_, row), (_, at)) in rows.iter().zip(places) {
        for (p, (x, y)) in row.iter().zip(at) {
            if p.kin.is_none() {
                continue;
            }
            match p.bond {
                Bond::Plain => {}
                Bond::Close => {
                    out.lines.push(line("geno-close", &[mine, (*x, *y)]));
                    out.lines
                        .push(line("geno-close", &[(mine.0 + 4, mine.1 + 4), (*x + 4, *y + 4)]));
                }
                Bond::Conflict => out.lines.push(zigzag("geno-conflict", mine, (*x, *y))),
                Bond::CutOff => {
                    let (mx, my) = (i32::midpoint(mine.0, *x), i32::midpoint(mine.1, *y));
                    out.lines.push(line("geno-cut", &[mine, (*x, *y)]));
                    out.lines.push(line("geno-cut", &[(mx - 8, my - 8), (mx + 8, my + 8)]));
                }
            }
        }
    }
}

/// From people of one generation, joined below, to those of the next.
fn descend(out: &mut Drawing, above: &[(i32, i32)], below: &[(i32, i32)]) {
    descend_from(out, above, below, false);
}
fn descend_from(out: &mut Drawing, above: &[(i32, i32)], below: &[(i32, i32)], alone: bool) {
    let (Some(first), Some(last)) = (above.first(), above.last()) else { return };
    let (Some(left), Some(right)) = (below.first(), below.last()) else { return };
    let foot = first.1 + R + if alone || above.len() == 1 { 0 } else { 10 };
    if above.len() > 1 {
        out.lines.push(line(
            "geno-line",
            &[(first.0, first.1 + R), (first.0, foot), (last.0, foot), (last.0, last.1 + R)],
        ));
    }
    let middle = i32::midpoint(first.0, last.0);
    let bus = left.1 - R - 14;
    out.lines.push(line("geno-line", &[(middle, foot), (middle, bus)]));
    out.lines.push(line("geno-line", &[(left.0.min(middle), bus), (right.0.max(middle), bus)]));
    for (x, y) in below {
        out.lines.push(line("geno-line", &[(*x, bus), (*x, y - R)]));
    }
}

/// A system around the client.
#[derive(Clone, Debug)]
pub struct System {
    pub word: String,
    pub label: String,
    pub bond: Tie,
    pub flow: Flow,
}

/// A system with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bubble {
    pub x: i32,
    pub y: i32,
    pub word: String,
    pub label: String,
}

/// An ecomap.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ecomap {
    pub bubbles: Vec<Bubble>,
    pub lines: Vec<Line>,
    /// Heads of arrows, as triangles.
    pub arrows: Vec<String>,
}

/// The middle and size of an ecomap.
pub const ECO: (i32, i32) = (320, 230);

/// The ecomap: the household in the middle, the systems around it, the kind of line says how they stand, arrows where help flows.
pub fn ecomap(systems: &[System]) -> Ecomap {
    let (cx, cy) = ECO;
    let n = systems.len().max(1) as f64;
    let mut out = Ecomap::default();
    for (i, s) in systems.iter().enumerate() {
        let angle = std::f64::consts::TAU * i as f64 / n - std::f64::consts::FRAC_PI_2;
        let (cos, sin) = (angle.cos(), angle.sin());
        let at = |rx: f64, ry: f64| {
            ((f64::from(cx) + cos * rx).round() as i32, (f64::from(cy) + sin * ry).round() as i32)
        };
        let (x, y) = at(250.0, 178.0);
        let (from, to) = (at(56.0, 56.0), at(196.0, 130.0));
        match s.bond {
            Tie::Strained => out.lines.push(zigzag("eco-strained", from, to)),
            Tie::Strong => out.lines.push(line("eco-strong", &[from, to])),
            Tie::Weak => out.lines.push(line("eco-weak", &[from, to])),
            Tie::Plain => out.lines.push(line("eco-plain", &[from, to])),
        }
        if matches!(s.flow, Flow::ToClient | Flow::Both) {
            out.arrows.push(arrow(from, (-cos, -sin)));
        }
        if matches!(s.flow, Flow::FromClient | Flow::Both) {
            out.arrows.push(arrow(to, (cos, sin)));
        }
        out.bubbles.push(Bubble { x, y, word: s.word.clone(), label: s.label.clone() });
    }
    out
}

/// A triangle whose point lies a little beyond a place, looking along a direction.
fn arrow((x, y): (i32, i32), (dx, dy): (f64, f64)) -> String {
    let p = |along: f64, aside: f64| {
        let px = f64::from(x) + dx * along - dy * aside;
        let py = f64::from(y) + dy * along + dx * aside;
        format!("{px:.0},{py:.0}")
    };
    format!("{} {} {}", p(9.0, 0.0), p(-4.0, 6.0), p(-4.0, -6.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(kin: Option<Kin>, sex: Option<Sex>) -> Person {
        Person {
            kin,
            label: "某".into(),
            word: String::new(),
            sex,
            dead: false,
            together: false,
            bond: Bond::Plain,
            href: String::new(),
        }
    }

    #[test]
    fn generations_stand_under_one_another() {
        let others = [
            person(Some(Kin::Mother), Some(Sex::Female)),
            person(Some(Kin::Father), Some(Sex::Male)),
            person(Some(Kin::Spouse), None),
            person(Some(Kin::Son), Some(Sex::Male)),
            person(Some(Kin::Brother), Some(Sex::Male)),
        ];
        let d = genogram(person(None, Some(Sex::Female)), &others);
        let at = |n: usize| &d.symbols[n];
        assert_eq!(d.symbols.len(), 6);
        assert!(at(0).y < at(2).y && at(2).y < at(5).y, "parents, own, children");
        assert_eq!((at(2).shape, at(3).shape, at(4).shape), ("male", "female", "unknown"));
        assert!(at(3).own && at(2).x < at(3).x && at(3).x < at(4).x, "brother, client, spouse");
        assert!(d.symbols.iter().all(|s| s.x > 0 && s.x < d.width && s.y < d.height));
        assert!(!d.lines.is_empty());
    }

    #[test]
    fn alone_is_a_drawing_too() {
        let d = genogram(person(None, None), &[]);
        assert_eq!((d.symbols.len(), d.lines.len()), (1, 0));
        assert!(ecomap(&[]).bubbles.is_empty());
    }

    #[test]
    fn help_flows_where_it_is_said_to() {
        let system =
            |flow| System {
                word: "邻里".into(), label: String::new(), bond: Tie::Strained, flow
            };
        let e = ecomap(&[system(Flow::Both), system(Flow::Nowhere), system(Flow::ToClient)]);
        assert_eq!((e.bubbles.len(), e.lines.len(), e.arrows.len()), (3, 3, 3));
    }
}
