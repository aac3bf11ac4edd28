//! Numbers as packs and officials write them: `3`, `"75%"`, `"1:1"`, 十, 140万, 三年.
use kernel::Ratio;

/// Reads a pack's number: digits, a percentage or `a:b`.
pub(crate) fn ratio(text: &str) -> Option<Ratio> {
    let text = text.trim();
    if let Some(p) = text.strip_suffix('%') {
        return p.trim().parse().ok().map(|n| Ratio::new(n, 100));
    }
    if let Some((a, b)) = text.split_once([':', '：']) {
        let (a, b): (i64, i64) = (a.trim().parse().ok()?, b.trim().parse().ok()?);
        return (b > 0).then(|| Ratio::new(a, b));
    }
    text.parse().ok().map(|n| Ratio::new(n, 1))
}

/// Every number that stands in the words, as exact fractions. 全覆盖 stands for 100 %, 各1个 for 1, and a set's words for themselves.
pub(crate) fn in_words(words: &str) -> Vec<Ratio> {
    let chars: Vec<char> = words.chars().collect();
    let mut out = Vec::new();
    let mut i = 0;
    while let Some(c) = chars.get(i).copied() {
        let arabic = digit(c).is_some();
        if !arabic && numeral(c).is_none() {
            i += 1;
            continue;
        }
        let run: String = chars
            .iter()
            .skip(i)
            .take_while(|c| {
                if arabic { digit(**c).is_some() || **c == '.' } else { numeral(**c).is_some() }
            })
            .collect();
        i += run.chars().count();
        let value = if arabic { decimal(&run) } else { chinese(&run).map(|n| Ratio::new(n, 1)) };
        let Some(mut value) = value else { continue };
        match chars.get(i) {
            Some('万') => value.of *= 10_000,
            Some('%' | '％') => value.to *= 100,
            Some(':' | '：') => {
                let rest: String =
                    chars.iter().skip(i + 1).take_while(|c| c.is_ascii_digit()).collect();
                if let Ok(below) = rest.parse::<i64>()
                    && below > 0
                {
                    out.push(Ratio::new(value.of, value.to * below));
                }
            }
            _ => {}
        }
        out.push(value);
    }
    if words.contains('全') || words.contains("一校一社工") {
        out.push(Ratio::new(1, 1));
    }
    if words.contains("不得") {
        out.push(Ratio::new(0, 1));
    }
    out
}

fn digit(c: char) -> Option<u32> {
    match c {
        '0'..='9' => Some(c as u32 - '0' as u32),
        '０'..='９' => Some(c as u32 - '０' as u32),
        _ => None,
    }
}

fn decimal(run: &str) -> Option<Ratio> {
    let plain: String =
        run.chars().map(|c| digit(c).and_then(|d| char::from_digit(d, 10)).unwrap_or(c)).collect();
    let (whole, frac) = plain.split_once('.').unwrap_or((&plain, ""));
    let below = 10_i64.checked_pow(u32::try_from(frac.len()).ok()?)?;
    format!("{whole}{frac}").parse().ok().map(|n| Ratio::new(n, below))
}

const fn numeral(c: char) -> Option<i64> {
    Some(match c {
        '〇' | '零' => 0,
        '一' => 1,
        '二' | '两' => 2,
        '三' => 3,
        '四' => 4,
        '五' => 5,
        '六' => 6,
        '七' => 7,
        '八' => 8,
        '九' => 9,
        '十' => 10,
        '百' => 100,
        '千' => 1000,
        _ => return None,
    })
}

/// Chinese numerals below ten thousand: 十二, 三百零五.
fn chinese(run: &str) -> Option<i64> {
    let (mut total, mut digit) = (0, None);
    for c in run.chars() {
        let n = numeral(c)?;
        if n >= 10 {
            total += digit.take().unwrap_or(1) * n;
        } else {
            digit = Some(n);
        }
    }
    Some(total + digit.unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn has(words: &str, of: i64, to: i64) -> bool {
        in_words(words)
            .iter()
            .any(|r| i128::from(r.of) * i128::from(to) == i128::from(of) * i128::from(r.to))
    }

    #[test]
    fn numbers_stand_in_words() {
        assert!(has("配备工作人员3至5人", 3, 1) && has("配备工作人员3至5人", 5, 1));
        assert!(
            has("每年预算不少于140万", 1_400_000, 1) && !has("每年预算不少于140万", 140_000, 1)
        );
        assert!(has("按照1:1比例匹配", 1, 1) && has("不低于75%", 3, 4) && has("３人", 3, 1));
        assert!(has("有三年以上", 3, 1) && has("十二个月", 12, 1) && has("三百零五", 305, 1));
        assert!(has("不得兼任其他", 0, 1) && !has("兼任其他", 0, 1));
        assert!(has("6.5天", 13, 2) && !has("不少于2个", 3, 1));
        assert_eq!(
            (ratio("75%"), ratio("1:1"), ratio("x")),
            (Some(Ratio::new(75, 100)), Some(Ratio::new(1, 1)), None)
        );
    }
}
