//! One TOML block into one rule, note, vocabulary or case.
use kernel::{Day, Ratio};

use super::bound;
use super::fault::Faults;
use super::model::*;
use super::node::{Node, Val};
use super::reader::{Reader, args};
use crate::catalogue::{MeasureId, Returns};
use crate::rows::UnitKind;

/// Where a block stands.
#[derive(Clone, Copy)]
pub(crate) struct Place<'a> {
    pub file: &'a str,
    pub clause: usize,
    pub clause_id: &'a str,
}

/// Reads every block of a fenced TOML text into the pack.
pub(crate) fn read(node: &Node, at: Place<'_>, pack: &mut Pack, faults: &mut Faults) {
    for (key, list) in node.entries() {
        let kind = match key.as_str() {
            "require" => Some(RuleKind::Require),
            "target" => Some(RuleKind::Target),
            "duty" => Some(RuleKind::Duty),
            "entitle" => Some(RuleKind::Entitle),
            "prohibit" => Some(RuleKind::Prohibit),
            "permit" => Some(RuleKind::Permit),
            "note" | "define" | "test" => None,
            _ => {
                faults.add(at.file, list.line, key, "unknown_block", &[]);
                continue;
            }
        };
        for item in list.items() {
            let name =
                item.get("id").or_else(|| item.get("name")).and_then(Node::str).unwrap_or(key);
            let r = Reader::new(item, at.file, name.to_owned(), faults);
            match (kind, key.as_str()) {
                (Some(kind), _) => pack.rules.push(rule(r, kind, at)),
                (None, "note") => pack.notes.push(note(r, at)),
                (None, "define") => pack.defines.push(define(r, at)),
                _ => pack.tests.push(Test {
                    name: name.to_owned(),
                    file: at.file.to_owned(),
                    line: item.line,
                    body: item.clone(),
                }),
            }
        }
        if !matches!(list.val, Val::List(_)) {
            faults.add(
                at.file,
                list.line,
                key,
                "type",
                &[("want", "[[block]]"), ("got", list.val.kind())],
            );
        }
    }
}

fn note(mut r: Reader<'_>, at: Place<'_>) -> Note {
    let n = Note {
        id: r.must("id"),
        kind: r.must("kind"),
        clause: at.clause,
        item: r.text("clause").unwrap_or_else(|| at.clause_id.to_owned()),
        on: r.texts("on"),
        quote: r.quote(),
        text: r.both("text").unwrap_or_default(),
        option: r.text("option"),
        default: r.text("default"),
        choices: r.shape("choices").unwrap_or_default(),
        accepted: r.flag("accepted").unwrap_or(false),
        file: at.file.to_owned(),
        line: r.line(),
    };
    const KINDS: [&str; 7] = [
        "ambiguity",
        "conflict",
        "missing-document",
        "untranslated",
        "judgement",
        "context",
        "drafting",
    ];
    if !KINDS.contains(&n.kind.as_str()) {
        r.fault(n.line, "kind", "word", &[("got", &n.kind)]);
    }
    r.close();
    n
}

fn define(mut r: Reader<'_>, at: Place<'_>) -> Define {
    let vocab = r.must("vocab");
    let d = Define {
        id: r.text("id").unwrap_or_else(|| vocab.clone()),
        vocab,
        clause: at.clause,
        item: r.text("clause").unwrap_or_else(|| at.clause_id.to_owned()),
        title: r.both("title").unwrap_or_default(),
        quote: r.quote(),
        values: r.texts("values"),
    };
    r.close();
    d
}

fn rule(mut r: Reader<'_>, kind: RuleKind, at: Place<'_>) -> Rule {
    let line = r.line();
    let id = r.must("id");
    let mut on = Vec::new();
    for key in ["applies", "level"] {
        let at = r.line();
        for k in r.texts(key) {
            match UnitKind::by_name(&k) {
                Some(k) => on.push(k),
                None => r.fault(at, key, "unknown_unit", &[("got", &k)]),
            }
        }
    }
    let who = who(&mut r);
    on.extend(who.as_ref().map(|w| w.kind));
    let when = when(&mut r);
    let mut call = call(&mut r, "measure", "args");
    let mut bound = Bound::None;
    if kind == RuleKind::Duty {
        (call, bound) = done_by(&mut r);
    } else if kind != RuleKind::Target
        && let Some(c) = &call
    {
        bound = bound::of(&mut r, c.measure.entry().returns);
    }
    let quote = r.quote();
    let points = points(&mut r, call.as_ref());
    let amount = bound::dated(&mut r, "amount", Returns::Money);
    let grade =
        r.take("grants").and_then(|g| g.get("grade")).and_then(Node::str).map(str::to_owned);
    if let Some(check) = r.take("check") {
        let mut inner = Reader::new(check, r.file, format!("{}.check", r.name), r.faults);
        let name = inner.must("measure");
        inner.take("equals");
        inner.take("tolerance");
        call = measure(&mut inner, &name).map(|measure| Call { measure, args: Args::new() });
        inner.close();
    }
    let title = r.both("title").unwrap_or_default();
    if title.zh.is_empty() && kind != RuleKind::Permit && kind != RuleKind::Entitle {
        r.fault(line, "title", "absent", &[]);
    }
    let empty = match r.text("empty").as_deref() {
        Some("unknown") => Empty::Unknown,
        Some("pass") => Empty::Pass,
        _ => Empty::NotApplicable,
    };
    // Read for the reader's sake; the engine counts functions, not rooms, and a year is the only recurrence there is.
    r.flag("share_ok");
    if let Some(every) = r.text("every")
        && every != "year"
    {
        r.fault(line, "every", "word", &[("got", &every)]);
    }
    r.text("payable");
    let out = Rule {
        clause: at.clause,
        item: r.text("clause").unwrap_or_else(|| at.clause_id.to_owned()),
        file: at.file.to_owned(),
        line,
        on,
        who,
        when,
        title,
        quote,
        bound,
        empty,
        modality: r.word("modality", Modality::Must),
        severity: r.word("severity", Severity::Minor),
        evidence: r.shape("evidence"),
        remedy: r.both("remedy"),
        judgement: r.flag("judgement").unwrap_or(false),
        points,
        linear: r.text("between").is_some_and(|b| b == "linear"),
        due: due(&mut r),
        remind: r.ints("remind"),
        owner: r.text("owner"),
        creates: r.shape("creates"),
        amount,
        grade,
        from: r.day("from"),
        to: r.day("to"),
        bound_note: r.text("bound_note"),
        basis: r.text("basis"),
        kind,
        id,
        call,
    };
    r.close();
    out
}

fn measure(r: &mut Reader<'_>, name: &str) -> Option<MeasureId> {
    let found = MeasureId::by_name(name);
    if found.is_none() && !name.is_empty() {
        r.fault(r.line(), "measure", "unknown_measure", &[("got", name)]);
    }
    found
}

fn call(r: &mut Reader<'_>, key: &'static str, args_key: &'static str) -> Option<Call> {
    let node_line = r.line();
    let args_node = r.take(args_key);
    let name = r.text(key)?;
    let Some(measure) = MeasureId::by_name(&name) else {
        r.fault(node_line, key, "unknown_measure", &[("got", &name)]);
        return None;
    };
    let args = args_node.map(args).unwrap_or_default();
    check_args(r, measure, &args, args_node.map_or(node_line, |n| n.line));
    Some(Call { measure, args })
}

fn check_args(r: &mut Reader<'_>, measure: MeasureId, args: &Args, line: usize) {
    let entry = measure.entry();
    for (name, value) in args {
        if !entry.args.contains(&name.as_str()) {
            r.fault(
                line,
                &format!("args.{name}"),
                "unknown_arg",
                &[("measure", entry.name), ("arg", name)],
            );
        }
        if measure == MeasureId::Ratio && (name == "of" || name == "to") {
            for inner in value.texts() {
                if MeasureId::by_name(inner).is_none() {
                    r.fault(line, &format!("args.{name}"), "unknown_measure", &[("got", inner)]);
                }
            }
        }
    }
    if measure == MeasureId::Ratio && (args.get("of").is_none() || args.get("to").is_none()) {
        r.fault(line, "args", "ratio_of_to", &[]);
    }
}

fn done_by(r: &mut Reader<'_>) -> (Option<Call>, Bound) {
    let Some(node) = r.take("done_by") else {
        r.fault(r.line(), "done_by", "absent", &[]);
        return (None, Bound::None);
    };
    let mut inner = Reader::new(node, r.file, format!("{}.done_by", r.name), r.faults);
    let mut c = call(&mut inner, "measure", "args");
    if let Some(w) = inner.text("window")
        && let Some(c) = &mut c
        && c.measure.entry().args.contains(&"window")
    {
        c.args.insert("window".to_owned(), Arg::Texts(vec![w]));
    }
    if let Some(c) = &mut c
        && c.measure.entry().args.contains(&"period")
    {
        // A yearly duty counts its own year.
        c.args.entry("period".to_owned()).or_insert_with(|| Arg::Texts(vec!["year".to_owned()]));
    }
    let bound =
        c.as_ref().map_or(Bound::None, |c| bound::of(&mut inner, c.measure.entry().returns));
    inner.close();
    (c, bound)
}

fn points(r: &mut Reader<'_>, call: Option<&Call>) -> Vec<Point> {
    let Some(node) = r.take("points") else { return Vec::new() };
    let mut out: Vec<Point> = Vec::new();
    for item in node.items() {
        let mut p = Reader::new(item, r.file, format!("{}.points", r.name), r.faults);
        let by = p.day("by");
        if by.is_none() {
            p.fault(item.line, "by", "date", &[]);
        }
        let returns = call.map_or(Returns::Count, |c| c.measure.entry().returns);
        let min = p.take("min").and_then(|n| bound::number(&mut p, "min", n, returns));
        let quote = p.quote();
        let own = p.take("args");
        if let (Some(by), Some(min), Some(call)) = (by, min, call) {
            let mut call = call.clone();
            if let Some(own) = own {
                let own = args(own);
                check_args(&mut p, call.measure, &own, item.line);
                call.args.extend(own);
            }
            if out.last().is_some_and(|last| last.by >= by) {
                p.fault(item.line, "by", "order", &[]);
            }
            out.push(Point { by, min, call, quote });
        }
        p.close();
    }
    out
}

fn due(r: &mut Reader<'_>) -> Option<Due> {
    let line = r.line();
    let text = r.text("due")?;
    let parsed = text
        .split_once('-')
        .and_then(|(m, d)| Some(Due { month: m.parse().ok()?, day: d.parse().ok()? }));
    match parsed {
        Some(d) if Day::of(2023, d.month, d.day).is_some() => Some(d),
        _ => {
            r.fault(line, "due", "date", &[]);
            None
        }
    }
}

fn who(r: &mut Reader<'_>) -> Option<Who> {
    let node = r.take("who")?;
    let mut w = Reader::new(node, r.file, format!("{}.who", r.name), r.faults);
    let name = w.must("kind");
    let kind = UnitKind::by_name(&name);
    if kind.is_none() {
        w.fault(node.line, "kind", "unknown_unit", &[("got", &name)]);
    }
    let out = Who {
        kind: kind?,
        role: w.text("role"),
        unit: w.text("unit").and_then(|u| UnitKind::by_name(&u)),
        operator: w.text("operator"),
        fulltime: w.flag("fulltime"),
        social_worker: w.flag("social_worker"),
    };
    w.close();
    Some(out)
}

fn when(r: &mut Reader<'_>) -> Vec<When> {
    let Some(node) = r.take("when") else { return Vec::new() };
    let mut w = Reader::new(node, r.file, format!("{}.when", r.name), r.faults);
    let mut out = Vec::new();
    let operators = w.texts("operator");
    if !operators.is_empty() {
        out.push(When::Operator(operators));
    }
    out.extend(w.flag("purchased_by_government").map(When::PurchasedByGovernment));
    out.extend(w.flag("professional").map(When::Professional));
    let kinds = w.texts("kind");
    if !kinds.is_empty() {
        out.push(When::Kind(kinds));
    }
    if let Some(level) = w.text("project_level") {
        out.push(When::ProjectLevel(bound::levels(&level)));
    }
    if let Some(a) = w.take("assessment") {
        let mut inner = Reader::new(a, w.file, format!("{}.assessment", w.name), w.faults);
        let result = inner.texts("result");
        let latest = inner.text("of").is_some_and(|o| o == "latest");
        inner.close();
        out.push(When::Assessment { result, latest });
    }
    w.close();
    out
}

/// One as an exact fraction, for bounds that ask for a thing done at all.
pub(crate) const ONE: Ratio = Ratio::new(1, 1);
