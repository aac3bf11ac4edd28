//! Numbers the state gives: citizen ID (GB 11643-1999), unified social credit code (GB 32100-2015), phone.
use crate::day::Day;

/// Why a number is not one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Not 18 of the allowed characters.
    Shape,
    /// The birth date in it is no day, or lies after the day asked.
    Birth,
    /// The last character does not follow from the others.
    CheckDigit,
    /// A spreadsheet rounded it: Excel keeps 15 digits, so the tail reads 000.
    Rounded,
}

/// What a citizen ID number says of its holder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdCard {
    /// The number, upper-case X.
    pub number: String,
    pub birth: Day,
    /// The 17th digit is odd.
    pub male: bool,
}

impl IdCard {
    /// Does its region part exist nowhere (99xxxx)? Such numbers belong to the demonstration and to nobody else.
    pub fn unassignable(&self) -> bool {
        self.number.starts_with("99")
    }
}

const ID_WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const ID_CHECKS: [char; 11] = ['1', '0', 'X', '9', '8', '7', '6', '5', '4', '3', '2'];

/// Reads a citizen ID number. Full-width digits and a small or full-width x are put right.
///
/// # Errors
/// The first [`Fault`] found.
pub fn id_card(text: &str, today: Day) -> Result<IdCard, Fault> {
    let number: String = text
        .chars()
        .filter(|c| !c.is_whitespace())
        .map(|c| match c {
            '０'..='９' => char::from_u32(c as u32 - '０' as u32 + '0' as u32).unwrap_or(c),
            'x' | 'ｘ' | 'Ｘ' => 'X',
            c => c,
        })
        .collect();
    let (Some(body), Some(check)) = (number.get(..17), number.get(17..)) else {
        return Err(Fault::Shape);
    };
    if check.chars().count() != 1 || !body.bytes().all(|b| b.is_ascii_digit()) {
        return Err(Fault::Shape);
    }
    let sum: u32 =
        body.chars().zip(ID_WEIGHTS).filter_map(|(c, w)| c.to_digit(10).map(|d| d * w)).sum();
    let due = ID_CHECKS.get((sum % 11) as usize).copied().unwrap_or('?');
    if !check.starts_with(due) {
        return Err(if number.ends_with("000") { Fault::Rounded } else { Fault::CheckDigit });
    }
    let part = |a, b| body.get(a..b).and_then(|t| t.parse::<i16>().ok());
    let birth = match (part(6, 10), part(10, 12), part(12, 14)) {
        (Some(y), Some(m), Some(d)) => {
            Day::of(y, i8::try_from(m).unwrap_or(0), i8::try_from(d).unwrap_or(0))
        }
        _ => None,
    };
    let birth = birth.filter(|b| *b <= today && b.year() >= 1850).ok_or(Fault::Birth)?;
    let male = body.get(16..17).and_then(|t| t.parse::<u8>().ok()).is_some_and(|n| n % 2 == 1);
    Ok(IdCard { number, birth, male })
}

const USCC: &str = "0123456789ABCDEFGHJKLMNPQRTUWXY";
const USCC_WEIGHTS: [usize; 17] = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];

/// Reads a unified social credit code, in upper case.
///
/// # Errors
/// [`Fault::Shape`] or [`Fault::CheckDigit`].
pub fn uscc(text: &str) -> Result<String, Fault> {
    let code = text.trim().to_uppercase();
    let values: Option<Vec<usize>> = code.chars().map(|c| USCC.find(c)).collect();
    let Some(values) = values.filter(|v| v.len() == 18) else { return Err(Fault::Shape) };
    let sum: usize = values.iter().zip(USCC_WEIGHTS).map(|(v, w)| v * w).sum();
    if values.last() == Some(&((31 - sum % 31) % 31)) { Ok(code) } else { Err(Fault::CheckDigit) }
}

/// Reads a mainland mobile number: 11 digits beginning with 1. Spaces, dashes and +86 are dropped.
pub fn mobile(text: &str) -> Option<String> {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let digits = digits.strip_prefix("86").filter(|d| d.len() == 11).unwrap_or(&digits).to_owned();
    (digits.len() == 11 && digits.starts_with('1')).then_some(digits)
}

/// `330102********1234`: what most people may see of an ID number.
pub fn mask_id(number: &str) -> String {
    match (number.get(..6), number.len().checked_sub(4).and_then(|n| number.get(n..))) {
        (Some(head), Some(tail)) if number.len() > 10 => {
            format!("{head}{}{tail}", "*".repeat(number.len() - 10))
        }
        _ => "*".repeat(number.chars().count()),
    }
}

/// `138****5678`: what most people may see of a phone number.
pub fn mask_phone(number: &str) -> String {
    match (number.get(..3), number.len().checked_sub(4).and_then(|n| number.get(n..))) {
        (Some(head), Some(tail)) if number.len() > 7 => format!("{head}****{tail}"),
        _ => "*".repeat(number.chars().count()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn today() -> Day {
        "2026-11-23".parse().unwrap()
    }

    #[test]
    fn citizen_ids() {
        // The standard's own sample numbers.
        let card = id_card("11010519491231002x", today()).unwrap();
        assert_eq!((card.number.as_str(), card.male), ("11010519491231002X", false));
        assert_eq!(card.birth.to_string(), "1949-12-31");
        assert!(id_card("４４０５２４188001010014", today()).is_ok());
        assert_eq!(id_card("110105194912310021", today()), Err(Fault::CheckDigit));
        assert_eq!(id_card("110105194912310", today()), Err(Fault::Shape));
        assert_eq!(id_card("330102199001011000", today()), Err(Fault::Rounded));
        assert_eq!(id_card("身份证号身份证号身份证号身份证号身份", today()), Err(Fault::Shape));
    }

    #[test]
    fn credit_codes() {
        assert_eq!(uscc("91350100m000100y43").as_deref(), Ok("91350100M000100Y43"));
        assert_eq!(uscc("52330102MJ90000140").as_deref(), Ok("52330102MJ90000140"));
        assert_eq!(uscc("52330102MJ90000141"), Err(Fault::CheckDigit));
        assert_eq!(uscc("5233"), Err(Fault::Shape));
    }

    #[test]
    fn masks_keep_the_ends_only() {
        assert_eq!(mask_id("330102199001011234"), "330102********1234");
        assert_eq!(mask_phone("16400001234"), "164****1234");
        assert_eq!(mask_id("短"), "*");
        assert_eq!(mobile("+86 164-0000-1234").as_deref(), Some("16400001234"));
        assert_eq!(mobile("0571-8888"), None);
    }
}
