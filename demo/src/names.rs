//! Names, ID numbers and phones that belong to nobody.
const SURNAMES: [&str; 60] = [
    "王", "李", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴", "徐", "孙", "胡", "朱", "高", "林",
    "何", "郭", "马", "罗", "梁", "宋", "郑", "谢", "韩", "唐", "冯", "于", "董", "萧", "程", "曹",
    "袁", "邓", "许", "傅", "沈", "曾", "彭", "吕", "苏", "卢", "蒋", "蔡", "贾", "丁", "魏", "薛",
    "叶", "阎", "欧阳", "单", "仇", "解", "查", "尉迟", "范", "方", "石", "姚",
];
const GIVEN: [&str; 48] = [
    "晓燕", "丽萍", "静", "雯", "海霞", "美君", "慧敏", "红梅", "建国", "志强", "伟明", "海涛",
    "国平", "晓峰", "永良", "梓晴", "语桐", "一诺", "欣妍", "思涵", "若溪", "浩宇", "子墨", "俊熙",
    "一鸣", "奕辰", "泽楷", "素芬", "玉兰", "月琴", "彩娥", "文涛", "学军", "立新", "佳怡", "雨桐",
    "明轩", "书瑶", "嘉禾", "知夏", "望舒", "怀瑾", "景行", "清和", "书言", "南乔", "予安", "若川",
];

/// The n-th name. Steps are coprime with the lists, so names spread before they repeat.
pub(crate) fn name(n: usize) -> String {
    let surname = SURNAMES.get(n * 7 % SURNAMES.len()).copied().unwrap_or("王");
    let given = GIVEN.get(n * 11 % GIVEN.len()).copied().unwrap_or("静");
    format!("{surname}{given}")
}

/// The n-th citizen number: right length, date, sex digit and check digit, in the region 9900xx that no list assigns.
pub(crate) fn id_number(n: usize) -> String {
    let (year, month, day) = (1972 + n % 28, n % 12 + 1, n % 28 + 1);
    let body = format!("99{:04}{year:04}{month:02}{day:02}{:03}", n % 203 + 1, n % 1000);
    checked(&body)
}

/// A citizen number of somebody born on a day, in the region 9901xx that no list assigns; `n` below 9,900 tells people apart.
pub(crate) fn citizen(n: usize, birth: kernel::Day, male: bool) -> String {
    let sequence = n / 99 % 100 * 2 + usize::from(male) + 100;
    let digits: String = birth.to_string().chars().filter(char::is_ascii_digit).collect();
    checked(&format!("9901{:02}{digits}{sequence:03}", n % 99 + 1))
}

fn checked(body: &str) -> String {
    let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let sum: u32 =
        body.chars().zip(weights).filter_map(|(c, w)| c.to_digit(10).map(|d| d * w)).sum();
    let check = "10X98765432".chars().nth((sum % 11) as usize).unwrap_or('1');
    format!("{body}{check}")
}

/// The n-th phone, with a prefix that is assigned to nobody.
pub(crate) fn phone(n: usize) -> String {
    format!("1640000{:04}", n % 10_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_well_formed_and_nobodys() {
        let today = "2026-11-23".parse().unwrap();
        let mut seen = std::collections::BTreeSet::new();
        for n in 0..900 {
            let card = kernel::numbers::id_card(&id_number(n), today).unwrap();
            assert!(card.unassignable());
            assert!(seen.insert(card.number), "{n}");
            assert!(kernel::numbers::mobile(&phone(n)).is_some_and(|p| p.starts_with("164")));
        }
    }
}
