//! Step 10: the memo's length.

use iz_core::{Context, Result, errors::sdk};
use iz_modules::auth::keeper;

use super::Ante;

pub(super) fn run(ante: &Ante<'_>, context: &mut Context) -> Result<()> {
    let length = ante.tx.body.memo.len();
    if length == 0 {
        return Ok(());
    }
    let most = keeper::params(context)?.max_memo_characters;
    if length as u64 > most {
        let why = format!("maximum number of characters is {most} but received {length} characters");
        return Err(sdk::MEMO_TOO_LARGE.wrap(why));
    }
    Ok(())
}
