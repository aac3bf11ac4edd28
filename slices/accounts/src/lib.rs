//! To come.
use web::Slice;

/// What this slice contributes.
pub fn slice() -> Slice {
    Slice::named("accounts", locale::texts!())
}
