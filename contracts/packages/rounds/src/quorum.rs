//! More than two thirds, and nothing less: 3v > 2n, without the division whose rounding turned two thirds of four into a half
//! elsewhere.

/// Whether `votes` of `members` are strictly more than two thirds.
pub fn reached(votes: u32, members: u8) -> bool {
    3 * u64::from(votes) > 2 * u64::from(members)
}

/// The smallest number of votes that is a quorum.
pub fn needed(members: u8) -> u8 {
    (2 * u16::from(members) / 3 + 1) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quorum_is_strictly_more_than_two_thirds() {
        for members in 1..=u8::MAX {
            let needed = needed(members);
            assert!(reached(needed.into(), members));
            assert!(!reached(u32::from(needed) - 1, members));
            assert!(needed <= members);
            // two quorums share more than a third of the members
            assert!(3 * (2 * u32::from(needed) - u32::from(members)) > u32::from(members));
        }
        assert!(!reached(2, 4));
        assert!(!reached(2, 3));
        assert!(reached(3, 3));
    }
}
