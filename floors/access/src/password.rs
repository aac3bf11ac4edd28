//! Passwords: Argon2id, and what a good one is.
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use kernel::Refusal;

/// Memory in KiB, passes and lanes: about 0.15 s on a small server; the cap on how many run at once is the caller's.
const MEMORY_KIB: u32 = 64 * 1024;
const PASSES: u32 = 3;

fn argon() -> Argon2<'static> {
    let params = Params::new(MEMORY_KIB, PASSES, 1, None).unwrap_or_default();
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

/// Hashes a password with this salt (16 random bytes or more). Slow by intent: never inside a transaction.
///
/// # Errors
/// What the hasher says, for the log.
pub fn hash(password: &str, salt: &[u8]) -> Result<String, String> {
    argon()
        .hash_password_with_salt(password.as_bytes(), salt)
        .map(|h| h.to_string())
        .map_err(|e| e.to_string())
}

/// Is it the password of this hash? Slow by intent. An empty hash takes as long and answers no.
pub fn matches(password: &str, hash: &str) -> bool {
    match PasswordHash::new(hash) {
        Ok(parsed) => argon().verify_password(password.as_bytes(), &parsed).is_ok(),
        Err(_) => {
            // Somebody tries a login that does not exist: spend the same time, so the clock does not tell.
            let _ = self::hash(password, b"no-such-account!");
            false
        }
    }
}

/// Words everybody tries first here.
const COMMON: &[&str] = &[
    "password",
    "shangcheng",
    "hangzhou",
    "wushe",
    "shegong",
    "12345678",
    "qwerty",
    "88888888",
    "66666666",
];

/// Is it good enough to be chosen? At least 12 characters, at most 128, not the login, not one of the words everybody tries, not one character over and over.
///
/// # Errors
/// The refusal to show at the field `password`.
pub fn check(password: &str, login: &str) -> Result<(), Refusal> {
    let length = password.chars().count();
    if length < 12 {
        return Err(Refusal::at("password", "access.password_short").with("n", 12));
    }
    if length > 128 {
        return Err(Refusal::at("password", "access.password_long").with("n", 128));
    }
    let lower = password.to_lowercase();
    let distinct = lower.chars().collect::<std::collections::BTreeSet<_>>().len();
    let common = COMMON.iter().any(|w| lower.replace(w, "").chars().count() < 6);
    if distinct < 5 || common || (!login.is_empty() && lower.contains(&login.to_lowercase())) {
        return Err(Refusal::at("password", "access.password_weak"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_knows_its_password() {
        let h = hash("云汀-小河-早餐-42", b"0123456789abcdef").unwrap();
        assert!(h.starts_with("$argon2id$v=19$m=65536,t=3,p=1$"));
        assert!(
            matches("云汀-小河-早餐-42", &h)
                && !matches("云汀-小河-早餐-43", &h)
                && !matches("x", "")
        );
    }

    #[test]
    fn weak_ones_are_refused() {
        for bad in [
            "short",
            "aaaaaaaaaaaaaa",
            "password1234",
            "wushe12345678",
            "linshu-linshu",
            "shangcheng2022",
        ] {
            assert!(check(bad, "linshu").is_err(), "{bad}");
        }
        assert!(check("river-lantern-ninety", "linshu").is_ok());
        assert!(check("早上先去看望三位老人家吧", "linshu").is_ok());
    }
}
