//! The matrix of roles and capabilities: data, read once; the evaluator has fixed operators.
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use crate::account::Role;

static MATRIX: LazyLock<Result<BTreeMap<String, BTreeSet<String>>, String>> = LazyLock::new(|| {
    let table: BTreeMap<String, Vec<String>> =
        toml::from_str(include_str!("../matrix.toml")).map_err(|e| e.to_string())?;
    for (capability, roles) in &table {
        for role in roles {
            if role != "*" && Role::parse(role).is_none() {
                return Err(format!("matrix.toml: `{capability}` names the unknown role `{role}`"));
            }
        }
    }
    Ok(table.into_iter().map(|(c, roles)| (c, roles.into_iter().collect())).collect())
});

/// Does the role bring the capability? Unknown capabilities are denied.
pub fn allows(role: Role, capability: &str) -> bool {
    MATRIX
        .as_ref()
        .ok()
        .and_then(|m| m.get(capability))
        .is_some_and(|roles| roles.contains("*") || roles.contains(role.as_str()))
}

/// Every capability named in the matrix.
///
/// # Errors
/// What is wrong with the matrix, in words for whoever edits it.
pub fn capabilities() -> Result<Vec<&'static str>, String> {
    MATRIX.as_ref().map(|m| m.keys().map(String::as_str).collect()).map_err(Clone::clone)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn default_is_deny() {
        assert!(capabilities().unwrap().len() > 10);
        assert!(allows(Role::DistrictOfficer, "options.switch"));
        assert!(!allows(Role::StationHead, "options.switch"));
        assert!(!allows(Role::SystemAdmin, "sites.read"), "administrators have no content role");
        assert!(!allows(Role::DistrictOfficer, "no.such.thing"));
        assert!(Role::ALL.iter().all(|r| allows(*r, "home")));
    }
}
