//! At the beginning of a block: epochs that are due turn over.

use iz_core::{Context, Event, Result, stores};
use iz_proto::cosmos::epochs::v1beta1::{EpochInfo, EventEpochEnd, EventEpochStart};
use prost::Name;

use super::{keeper, types};

/// Each epoch turns over at most once a block, however late it is. Nothing on this chain listens to epochs, so there are no hooks to run.
pub fn begin(context: &mut Context) -> Result<()> {
    let mut cursor = context.iterate(stores::EPOCHS, keeper::range())?;
    while let Some((_, value)) = cursor.entry() {
        let epoch = keeper::decode(value)?;
        turn_over(context, epoch)?;
        cursor.advance(context)?;
    }
    Ok(())
}

fn turn_over(context: &mut Context, mut epoch: EpochInfo) -> Result<()> {
    let now = context.time();
    let start = types::start_time(&epoch);
    if now < start {
        return Ok(());
    }
    let first = !epoch.epoch_counting_started;
    let end = types::current_start_time(&epoch).plus(epoch.duration.as_ref());
    if !first && now <= end {
        return Ok(());
    }
    epoch.current_epoch_start_height = context.height();
    if first {
        epoch.epoch_counting_started = true;
        epoch.current_epoch = 1;
        epoch.current_epoch_start_time = Some(start.into());
    } else {
        let ended = Event::new(EventEpochEnd::full_name()).with("epoch_number", quoted(epoch.current_epoch));
        context.emit(ended);
        epoch.current_epoch = epoch.current_epoch.wrapping_add(1);
        epoch.current_epoch_start_time = Some(end.into());
    }
    let started = Event::new(EventEpochStart::full_name())
        .with("epoch_number", quoted(epoch.current_epoch))
        .with("epoch_start_time", quoted(types::current_start_time(&epoch).seconds));
    context.emit(started);
    keeper::set(context, epoch)
}

/// A 64-bit number in the JSON of protobuf, which is what typed events carry.
fn quoted(number: i64) -> String {
    format!("\"{number}\"")
}

#[cfg(test)]
mod tests {
    use iz_core::{Genesis as _, Timestamp};

    use super::*;
    use crate::{epochs::genesis::Epochs, testing};

    fn at(seconds: i64) -> (Context, Timestamp) {
        let time = Timestamp { seconds, nanos: 0 };
        (testing::context_at(1, time), time)
    }

    #[test]
    fn the_first_block_starts_every_epoch_and_a_minute_later_one_turns_over() {
        let (mut context, genesis_time) = at(1_700_000_000);
        let state = Epochs::default_state(&context.chain.clone());
        Epochs::init(&mut context, state).unwrap();
        begin(&mut context).unwrap();
        assert_eq!(context.events().len(), 4);
        assert_eq!(context.take_events()[0].attribute("epoch_start_time"), Some("\"1700000000\""));

        let mut block = (*context.block).clone();
        block.height = 2;
        block.time = genesis_time.plus_nanos(60_000_000_000);
        context.block = block.clone().into();
        begin(&mut context).unwrap();
        assert!(context.events().is_empty(), "a whole minute is not yet over");

        block.time = block.time.plus_nanos(1);
        context.block = block.into();
        begin(&mut context).unwrap();
        let events = context.take_events();
        let kinds: Vec<_> = events.iter().map(|event| &*event.kind).collect();
        assert_eq!(kinds, ["cosmos.epochs.v1beta1.EventEpochEnd", "cosmos.epochs.v1beta1.EventEpochStart"]);
        let minute = keeper::get(&mut context, "minute").unwrap();
        assert_eq!((minute.current_epoch, minute.current_epoch_start_height), (2, 2));
        assert_eq!(types::current_start_time(&minute).seconds, 1_700_000_060);
    }
}
