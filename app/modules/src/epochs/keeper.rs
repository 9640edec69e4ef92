//! Reading and writing epochs.

use iz_core::{Context, Error, Result, stores};
use iz_proto::cosmos::epochs::v1beta1::EpochInfo;
use iz_store::KeyRange;
use prost::Message as _;

use super::{keys, types};
use crate::collections;

/// `EpochInfo.Get`.
pub fn get(context: &mut Context, identifier: &str) -> Result<EpochInfo> {
    collections::entry(context, stores::EPOCHS, &keys::epoch(identifier), identifier)
}

pub fn set(context: &mut Context, epoch: EpochInfo) -> Result<()> {
    let key = keys::epoch(&epoch.identifier);
    context.set_message(stores::EPOCHS, key, &types::complete(epoch))
}

/// `AllEpochInfos`, by identifier.
pub fn all(context: &mut Context) -> Result<Vec<EpochInfo>> {
    let entries = context.collect(stores::EPOCHS, range())?;
    entries.iter().map(|(_, value)| decode(value)).collect()
}

pub fn range() -> KeyRange {
    KeyRange::prefix(vec![keys::EPOCHS])
}

pub fn decode(value: &[u8]) -> Result<EpochInfo> {
    EpochInfo::decode(value)
        .map_err(|error| Error::plain(format!("collections: encoding error: value decode: {error}")))
}

/// `AddEpochInfo`: a new epoch, which starts now unless it says when.
pub fn add(context: &mut Context, mut epoch: EpochInfo) -> Result<()> {
    types::validate(&epoch)?;
    if context.has(stores::EPOCHS, &keys::epoch(&epoch.identifier))? {
        return Err(Error::plain(format!("epoch with identifier {} already exists", epoch.identifier)));
    }
    let now = context.time();
    if types::start_time(&epoch).is_zero() {
        epoch.start_time = Some(now.into());
    }
    if epoch.current_epoch_start_height == 0 && types::start_time(&epoch) <= now {
        epoch.current_epoch_start_height = context.height();
    }
    set(context, epoch)
}
