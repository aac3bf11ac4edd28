//! Text input to record and back, by the kinds of the fields: the one reading that page, API and import share.
use access::Cx;
use db::{Result, Tx};
use kernel::{Day, Refusal, Refusals, numbers};
use serde_json::{Value as Json, json};

use super::{Field, Input, Kind, Object, Register};

/// How a register's references are looked up: a person by roster key or ID number, a site by code or name. The shell knows who can.
pub type Resolve = fn(&mut Tx<'_>, &Cx, Kind, &str) -> Result<Option<String>>;

/// Reads input into the columns of a record. Fields that the input does not name keep what `base` has.
///
/// # Errors
/// The engine's fault; refusals at fields are the inner `Err`.
pub fn read(
    tx: &mut Tx<'_>,
    cx: &Cx,
    register: &Register,
    input: &Input,
    base: Option<&Object>,
    resolve: Resolve,
) -> Result<std::result::Result<Object, Refusals>> {
    let mut out = base.cloned().unwrap_or_default();
    let mut no = Refusals::none();
    for field in register.fields {
        let typed = match input.get(field.name) {
            Some(t) => t.trim(),
            // A box that is not ticked is not sent by a form; a field that an API or sheet leaves out stays as it was.
            None if base.is_some() => continue,
            None => "",
        };
        if typed.is_empty() {
            if field.required && field.kind != Kind::Flag {
                no.push(Refusal::at(field.name, "register.missing"));
            }
            out.insert(
                field.name.into(),
                if field.kind == Kind::Flag { json!(false) } else { Json::Null },
            );
            continue;
        }
        match value(tx, cx, field, typed, resolve)? {
            Ok(v) => {
                out.insert(field.name.into(), v);
            }
            Err(r) => no.push(Refusal { field: Some(field.name.into()), ..r }),
        }
    }
    if let (Some(since), Some(until)) = (super::day(&out, "since"), super::day(&out, "until"))
        && until <= since
    {
        no.push(Refusal::at("until", "register.dates_order"));
    }
    Ok(no.done().map(|()| out))
}

fn value(
    tx: &mut Tx<'_>,
    cx: &Cx,
    field: &Field,
    typed: &str,
    resolve: Resolve,
) -> Result<std::result::Result<Json, Refusal>> {
    let length = typed.chars().count();
    Ok(match field.kind {
        Kind::Text(most) | Kind::Long(most) if length > most => {
            Err(Refusal::new("register.too_long").with("n", most))
        }
        Kind::Text(_) => Ok(json!(typed.split_whitespace().collect::<Vec<_>>().join(" "))),
        Kind::Long(_) => Ok(json!(typed)),
        Kind::Day => {
            typed.parse::<Day>().map(|d| json!(d)).map_err(|_| Refusal::new("register.not_a_day"))
        }
        Kind::Whole(least, most) => match typed.parse::<i64>() {
            Ok(n) if (least..=most).contains(&n) => Ok(json!(n)),
            _ => Err(Refusal::new("register.not_a_number").with("least", least).with("most", most)),
        },
        Kind::Flag => Ok(json!(!matches!(typed, "0" | "false" | "否" | "no"))),
        Kind::Choice(words) if words.contains(&typed) => Ok(json!(typed)),
        Kind::Choice(_) => Err(Refusal::new("register.not_a_choice")),
        Kind::Many(words) => {
            let chosen: Vec<&str> = typed
                .split([',', '，', '、', ';', '；'])
                .map(str::trim)
                .filter(|t| !t.is_empty())
                .collect();
            if chosen.iter().all(|c| words.contains(c)) {
                // Kept in the declared order, so that equal sets are equal texts.
                let kept: Vec<&str> =
                    words.iter().copied().filter(|w| chosen.contains(w)).collect();
                Ok(json!(kept.join(",")))
            } else {
                Err(Refusal::new("register.not_a_choice"))
            }
        }
        Kind::IdNumber => match numbers::id_card(typed, cx.today()) {
            Ok(card) => Ok(json!(card.number)),
            Err(numbers::Fault::Rounded) => Err(Refusal::new("register.id_rounded")),
            Err(numbers::Fault::Birth) => Err(Refusal::new("register.id_birth")),
            Err(_) => Err(Refusal::new("register.id_wrong")),
        },
        Kind::Phone => numbers::mobile(typed)
            .map(|p| json!(p))
            .ok_or_else(|| Refusal::new("register.not_a_phone")),
        Kind::Uscc => {
            numbers::uscc(typed).map(|c| json!(c)).map_err(|_| Refusal::new("register.uscc_wrong"))
        }
        Kind::Person | Kind::Org | Kind::Site | Kind::Region => {
            let missing = match field.kind {
                Kind::Person => "register.person_unknown",
                Kind::Org => "register.org_unknown",
                Kind::Site => "register.site_unknown",
                _ => "register.region_unknown",
            };
            resolve(tx, cx, field.kind, typed)?
                .map(|id| json!(id))
                .ok_or_else(|| Refusal::new(missing))
        }
    })
}

/// A record as the text a form shows or a sheet holds.
pub fn write(register: &Register, o: &Object) -> Input {
    register
        .fields
        .iter()
        .map(|f| {
            let text = match o.get(f.name) {
                None | Some(Json::Null) => String::new(),
                Some(Json::Bool(b)) => if *b { "1" } else { "" }.to_owned(),
                Some(Json::String(s)) => s.clone(),
                Some(other) => other.to_string(),
            };
            (f.name.to_owned(), text)
        })
        .collect()
}
