//! Nothing is told here yet.
use db::{Result, Tx};

use super::Stage;

pub(super) fn build(_tx: &mut Tx<'_>, _stage: &mut Stage) -> Result<()> {
    Ok(())
}
