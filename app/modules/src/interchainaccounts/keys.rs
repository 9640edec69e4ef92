//! Keys of the two stores of interchain accounts: that of the controller and that of the host have the same ones.

pub const PARAMS: &[u8] = b"params";
/// "port/" | port: ports the module is bound to.
pub const PORTS: &str = "port/";
/// "activeChannel/" | port | "/" | connection: the channel in use.
pub const ACTIVE_CHANNELS: &str = "activeChannel/";
/// "owner/" | port | "/" | connection: the account on the other side.
pub const OWNERS: &str = "owner/";
/// "isMiddlewareEnabled/" | port | "/" | connection: whether the application is called back.
pub const MIDDLEWARE: &str = "isMiddlewareEnabled/";

pub fn port(port: &str) -> Vec<u8> {
    format!("{PORTS}{port}").into_bytes()
}

pub fn active_channel(port: &str, connection: &str) -> Vec<u8> {
    format!("{ACTIVE_CHANNELS}{port}/{connection}").into_bytes()
}

pub fn owner(port: &str, connection: &str) -> Vec<u8> {
    format!("{OWNERS}{port}/{connection}").into_bytes()
}

pub fn middleware(port: &str, connection: &str) -> Vec<u8> {
    format!("{MIDDLEWARE}{port}/{connection}").into_bytes()
}
