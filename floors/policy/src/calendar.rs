//! Days into years and back, fast enough to be asked once per row.

/// Year, month and day of a day number (days since 1970-01-01).
#[inline]
pub(crate) const fn civil(day: i32) -> (i32, i32, i32) {
    // Howard Hinnant's algorithm: eras of 400 years, years that begin in March.
    let z = day + 719_468;
    let era = z.div_euclid(146_097);
    let doe = z.rem_euclid(146_097);
    let yoe = (doe - doe / 1460 + doe / 36_524 - doe / 146_096) / 365;
    let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    let mp = (5 * doy + 2) / 153;
    let d = doy - (153 * mp + 2) / 5 + 1;
    let m = if mp < 10 { mp + 3 } else { mp - 9 };
    let y = yoe + era * 400;
    (if m <= 2 { y + 1 } else { y }, m, d)
}

/// Whole years from one day to another; 29 February turns a year on 28 February.
#[inline]
pub(crate) const fn years_between(from: i32, to: i32) -> i64 {
    let ((fy, fm, fd), (ty, tm, td)) = (civil(from), civil(to));
    let fd = if fm == 2 && fd == 29 && !leap(ty) { 28 } else { fd };
    let turned = tm > fm || (tm == fm && td >= fd);
    (ty - fy - if turned { 0 } else { 1 }) as i64
}

const fn leap(y: i32) -> bool {
    (y % 4 == 0 && y % 100 != 0) || y % 400 == 0
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::Day;

    #[test]
    fn agrees_with_the_kernel_on_every_day() {
        for n in (-3000..40_000).step_by(7) {
            let d = Day(n);
            assert_eq!(civil(n), (d.year(), d.month(), d.day_of_month()), "{d}");
            for m in [n + 1, n + 364, n + 365, n + 366, n + 1095, n + 1096, n + 1461] {
                assert_eq!(years_between(n, m), i64::from(d.years_until(Day(m))), "{d} {}", Day(m));
            }
        }
    }
}
