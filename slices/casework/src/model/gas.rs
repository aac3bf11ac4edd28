//! Goal attainment scaling (Kiresuk & Sherman): −2 … +2 per goal, 0 as expected; the T-score is 50 when everything is as expected.
const RHO: f64 = 0.3;

/// The T-score of goals as (weight, level), rounded to hundredths; `None` without a goal or with weights of nothing.
pub fn t_score(goals: &[(i64, i64)]) -> Option<f64> {
    let exact = |n: i64| f64::from(i32::try_from(n).unwrap_or(0));
    let sum = |f: fn(f64, f64) -> f64| -> f64 {
        goals.iter().map(|(w, x)| f(exact(*w), exact(*x))).sum()
    };
    let (wx, w2, w) = (sum(|w, x| w * x), sum(|w, _| w * w), sum(|w, _| w));
    let under = (1.0 - RHO) * w2 + RHO * w * w;
    (under > 0.0).then(|| ((50.0 + 10.0 * wx / under.sqrt()) * 100.0).round() / 100.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reference_scores() {
        assert_eq!(t_score(&[(1, 0), (1, 0), (1, 0)]), Some(50.0));
        assert_eq!(t_score(&[(1, 1), (1, 1), (1, 1)]), Some(63.69));
        assert_eq!(t_score(&[(2, 1), (1, -1)]), Some(54.02));
        assert_eq!(t_score(&[]), None);
    }

    proptest::proptest! {
        #[test]
        fn better_levels_never_lower_the_score(goals in proptest::collection::vec((1_i64..5, -2_i64..2), 1..8), which in 0_usize..8) {
            let before = t_score(&goals).unwrap();
            let mut better = goals.clone();
            let at = which % better.len();
            better[at].1 += 1;
            assert!(t_score(&better).unwrap() >= before);
        }
    }
}
