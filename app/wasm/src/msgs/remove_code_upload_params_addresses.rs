//! Fewer addresses that may upload code.

use iz_core::{Chain, Context, Execute, Result, Signer};
use iz_modules::wasm::params;
use iz_proto::cosmwasm::wasm::v1::{
    MsgRemoveCodeUploadParamsAddresses, MsgRemoveCodeUploadParamsAddressesResponse,
};

use crate::{Here, access::require_authority, msgs::change_uploaders, validation};

impl Execute<Here> for MsgRemoveCodeUploadParamsAddresses {
    type Response = MsgRemoveCodeUploadParamsAddressesResponse;

    fn signers(&self) -> Vec<Signer<'_>> {
        vec![Signer::Account(&self.authority)]
    }

    fn validate_basic(&self, chain: &Chain) -> Result<()> {
        validation::address(chain, &self.authority, "authority")?;
        params::validate_addresses(&self.addresses, chain)
    }

    fn execute(&self, context: &mut Context) -> Result<Self::Response> {
        require_authority(context, &self.authority)?;
        change_uploaders(context, |addresses| addresses.retain(|address| !self.addresses.contains(address)))?;
        Ok(MsgRemoveCodeUploadParamsAddressesResponse {})
    }
}
