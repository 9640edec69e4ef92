//! Answers: `token` as any cw20 gives them, `money` what stands behind it.

pub mod money;
pub mod token;
