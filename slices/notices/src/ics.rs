//! A calendar as text (iCalendar, RFC 5545): lines folded at 75 octets, texts escaped, times in Asia/Shanghai.
use kernel::{Day, Instant};

/// Something in a calendar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The same for the same thing each time the calendar is asked.
    pub uid: String,
    pub day: Day,
    /// `09:30`; the whole day when missing.
    pub time: Option<String>,
    pub summary: String,
    pub place: String,
}

/// A planned thing without an end lasts so many minutes.
const MINUTES: i32 = 60;

const HEAD: &str = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//wushe//calendar//ZH\r\nCALSCALE:GREGORIAN\r\nMETHOD:PUBLISH\r\n";
/// Asia/Shanghai has been eight hours ahead all year round since 1992.
const ZONE: &str = "BEGIN:VTIMEZONE\r\nTZID:Asia/Shanghai\r\nBEGIN:STANDARD\r\nDTSTART:19920101T000000\r\nTZOFFSETFROM:+0800\r\nTZOFFSETTO:+0800\r\nTZNAME:CST\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n";

/// The calendar of these entries.
pub fn calendar(name: &str, entries: &[Entry], now: Instant) -> String {
    let mut out = String::from(HEAD);
    line(&mut out, &format!("X-WR-CALNAME:{}", escape(name)));
    line(&mut out, "X-WR-TIMEZONE:Asia/Shanghai");
    line(&mut out, "REFRESH-INTERVAL;VALUE=DURATION:PT1H");
    out.push_str(ZONE);
    let stamp = utc(now);
    for e in entries {
        line(&mut out, "BEGIN:VEVENT");
        line(&mut out, &format!("UID:{}@wushe", e.uid));
        line(&mut out, &format!("DTSTAMP:{stamp}"));
        match e.time.as_deref().and_then(minute) {
            Some(at) => {
                let end = at + MINUTES;
                let (last, end) =
                    if end >= 24 * 60 { (e.day.plus_days(1), end - 24 * 60) } else { (e.day, end) };
                line(&mut out, &format!("DTSTART;TZID=Asia/Shanghai:{}", local(e.day, at)));
                line(&mut out, &format!("DTEND;TZID=Asia/Shanghai:{}", local(last, end)));
            }
            None => {
                line(&mut out, &format!("DTSTART;VALUE=DATE:{}", date(e.day)));
                line(&mut out, &format!("DTEND;VALUE=DATE:{}", date(e.day.plus_days(1))));
                // A deadline takes nobody's time.
                line(&mut out, "TRANSP:TRANSPARENT");
            }
        }
        line(&mut out, &format!("SUMMARY:{}", escape(&e.summary)));
        if !e.place.is_empty() {
            line(&mut out, &format!("LOCATION:{}", escape(&e.place)));
        }
        line(&mut out, "CLASS:PRIVATE");
        line(&mut out, "END:VEVENT");
    }
    out.push_str("END:VCALENDAR\r\n");
    out
}

fn minute(time: &str) -> Option<i32> {
    let (h, m) = time.split_once(':')?;
    let (h, m): (i32, i32) = (h.parse().ok()?, m.get(..2)?.parse().ok()?);
    ((0..24).contains(&h) && (0..60).contains(&m)).then_some(h * 60 + m)
}
fn date(day: Day) -> String {
    day.to_string().replace('-', "")
}
fn local(day: Day, minute: i32) -> String {
    format!("{}T{:02}{:02}00", date(day), minute / 60, minute % 60)
}
/// `20261123T010000Z`
fn utc(now: Instant) -> String {
    now.rfc3339().chars().filter(|c| !"-:".contains(*c)).take(15).chain(['Z']).collect()
}

/// Backslash, semicolon, comma and line breaks mean something else in a text (§3.3.11).
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' | ';' | ',' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

/// One line, folded so that none is longer than 75 octets and no character is cut (§3.1).
fn line(out: &mut String, text: &str) {
    let mut room = 75;
    for c in text.chars() {
        if c.len_utf8() > room {
            out.push_str("\r\n ");
            room = 74;
        }
        room -= c.len_utf8();
        out.push(c);
    }
    out.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(time: Option<&str>, summary: &str) -> Entry {
        Entry {
            uid: "u1".into(),
            day: "2026-11-23".parse().unwrap(),
            time: time.map(Into::into),
            summary: summary.into(),
            place: "站内, 小组室".into(),
        }
    }

    #[test]
    fn times_are_local_and_days_are_whole() {
        let all = [
            entry(Some("09:30"), "入户走访"),
            entry(None, "截止; 甲\n乙"),
            entry(Some("23:30"), "夜"),
        ];
        let text = calendar("五社", &all, Instant(1_795_395_600_000));
        for want in [
            "DTSTAMP:20261123T010000Z",
            "DTSTART;TZID=Asia/Shanghai:20261123T093000",
            "DTEND;TZID=Asia/Shanghai:20261123T103000",
            "DTSTART;VALUE=DATE:20261123",
            "DTEND;VALUE=DATE:20261124",
            "DTEND;TZID=Asia/Shanghai:20261124T003000",
            "SUMMARY:截止\\; 甲\\n乙",
            "LOCATION:站内\\, 小组室",
        ] {
            assert!(text.contains(&format!("{want}\r\n")), "{want}\n{text}");
        }
        assert_eq!(text.matches("BEGIN:VEVENT").count(), 3);
        assert_eq!(minute("24:00"), None);
    }

    #[test]
    fn long_lines_are_folded_between_characters() {
        let long = "走访".repeat(60);
        let text = calendar("五社", &[entry(None, &long)], Instant(0));
        assert!(text.split("\r\n").all(|l| l.len() <= 75), "{text}");
        assert!(text.replace("\r\n ", "").contains(&format!("SUMMARY:{long}\r\n")));
    }
}
