//! Step 15: gas for every signature, by the kind of its key.

use iz_core::{Context, Error, Result, errors::sdk};
use iz_modules::auth::keeper;
use iz_proto::cosmos::auth::v1beta1::Params;

use super::{Ante, account_key, is_simulation, signer_account, signer_at, simulated_key};
use crate::{
    public_key::PublicKey,
    signature::{MultiSignature, SignatureData},
};

pub(super) fn run(ante: &Ante<'_>, context: &mut Context) -> Result<()> {
    let params = keeper::params(context)?;
    let signatures = ante.tx.signatures()?;
    let signers = ante.tx.signers()?;
    for (index, signature) in signatures.iter().enumerate() {
        let account = signer_account(context, signer_at(signers, index)?)?;
        let key = match account_key(&account)? {
            None if is_simulation(context) => Some(simulated_key()),
            key => key,
        };
        let Some(key) = key else {
            return Err(sdk::INVALID_PUB_KEY.wrap("unrecognized public key type: <nil>"));
        };
        charge(context, &key, signature.as_ref(), &params)?;
    }
    Ok(())
}

fn charge(
    context: &mut Context,
    key: &PublicKey,
    signature: Option<&SignatureData>,
    params: &Params,
) -> Result<()> {
    match key {
        PublicKey::Ed25519(_) => context.consume_gas(params.sig_verify_cost_ed25519, "ante verify: ed25519"),
        PublicKey::Secp256k1(_) => {
            context.consume_gas(params.sig_verify_cost_secp256k1, "ante verify: secp256k1")
        }
        // half of secp256k1's, as the SDK has it
        PublicKey::Secp256r1(_) => {
            context.consume_gas(params.sig_verify_cost_secp256k1 / 2, "ante verify: secp256r1")
        }
        PublicKey::Multisig { keys, .. } => match signature {
            Some(SignatureData::Multi(multi)) => charge_members(context, keys, multi, params),
            _ => Err(Error::plain("expected *signing.MultiSignatureData, got, *signing.SingleSignatureData")),
        },
    }
}

fn charge_members(
    context: &mut Context,
    keys: &[PublicKey],
    multi: &MultiSignature,
    params: &Params,
) -> Result<()> {
    for (used, index) in (0..multi.bits.count()).filter(|index| multi.bits.get(*index)).enumerate() {
        let key = keys.get(index).ok_or_else(|| crate::decode::out_of_range(index, keys.len()))?;
        let length = multi.signatures.len();
        let signature =
            multi.signatures.get(used).ok_or_else(|| crate::decode::out_of_range(used, length))?;
        charge(context, key, signature.as_ref(), params)?;
    }
    Ok(())
}
