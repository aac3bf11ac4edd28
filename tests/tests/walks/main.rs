//! The walks: what each person of the demonstration district does on a working day, in a real browser.
mod contract;
mod people;
mod whole;

/// Runs a walk of this name in the shared district and fails with everything it found.
fn walks(name: &str, asked: &str) -> String {
    match walks::browser::walk(name, asked) {
        Ok(said) => said,
        Err(found) => panic!("{found}"),
    }
}
