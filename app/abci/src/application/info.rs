//! `Info`: where this application stands, so that CometBFT knows which blocks to replay.

use tendermint_proto::v0_38::abci::{RequestInfo, ResponseInfo};

use super::Application;

impl Application {
    #[must_use]
    pub fn info(&self, _request: &RequestInfo) -> ResponseInfo {
        ResponseInfo {
            data: self.settings.name.clone(),
            version: self.settings.version.clone(),
            app_version: 0,
            last_block_height: self.height(),
            last_block_app_hash: self.app_hash().into(),
        }
    }
}
