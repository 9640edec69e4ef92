//! Keys of the store `upgrade`.

/// The plan that waits, if there is one.
pub const PLAN: &[u8] = &[0x00];
/// Upgrades that were done: `0x01 ‖ height ‖ name`.
pub const DONE: u8 = 0x01;
/// Consensus versions of modules: `0x02 ‖ name`.
pub const VERSIONS: u8 = 0x02;
/// How often the chain was upgraded.
pub const PROTOCOL_VERSION: &[u8] = &[0x03];

#[must_use]
pub fn done(name: &str, height: i64) -> Vec<u8> {
    let mut key = vec![DONE];
    key.extend_from_slice(&height.to_be_bytes());
    key.extend_from_slice(name.as_bytes());
    key
}

/// Name and height of a done upgrade's key.
#[must_use]
pub fn parse_done(key: &[u8]) -> Option<(&str, i64)> {
    let (height, name) = key.get(1..)?.split_first_chunk::<8>()?;
    Some((std::str::from_utf8(name).ok()?, i64::from_be_bytes(*height)))
}

#[must_use]
pub fn version(module: &str) -> Vec<u8> {
    [&[VERSIONS], module.as_bytes()].concat()
}

/// The client state that other chains are to use after the upgrade at `height`.
#[must_use]
pub fn upgraded_client(height: i64) -> Vec<u8> {
    format!("upgradedIBCState/{height}/upgradedClient").into_bytes()
}

#[must_use]
pub fn upgraded_consensus_state(height: i64) -> Vec<u8> {
    format!("upgradedIBCState/{height}/upgradedConsState").into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn done_keys_order_by_height_and_give_the_name_back() {
        assert_eq!(done("v2", 258), [&[1, 0, 0, 0, 0, 0, 0, 1, 2][..], b"v2"].concat());
        assert_eq!(parse_done(&done("v2", 258)), Some(("v2", 258)));
        assert_eq!(parse_done(&[1, 2]), None);
        assert_eq!(upgraded_client(7), b"upgradedIBCState/7/upgradedClient");
    }
}
