//! Packets and channels on a chain that has no channels: what users and contracts ask for is refused, and each part of the way there counts.

use serde_json::{Value, json};

use crate::corpus::plan::{Kind, Plan};
use crate::corpus::world::{World, coin};
use crate::dice::Dice;
use crate::genesis::{OTHERS, STAKE};
use crate::transaction::base64_of;

pub const KINDS: &[Kind] = &[
    Kind { module: "ibc", name: "ibc/transfer", weight: 3, make: transfer },
    Kind { module: "ibc", name: "ibc/send packet", weight: 1, make: send_packet },
    Kind { module: "ibc", name: "ibc/close channel", weight: 1, make: close_channel },
];

/// One of these messages, in somebody's name.
pub fn any(dice: &mut Dice, world: &World, sender: &str) -> Value {
    match dice.below(4) {
        0 => packet_of(dice, world, sender),
        1 => closing_of(dice, sender),
        _ => transfer_of(dice, world, sender),
    }
}

pub fn channel(dice: &mut Dice) -> &'static str {
    let known = ["channel-0", "channel-1", "channel-007", "07-tendermint-0", "08-wasm-1"];
    let wrong = ["", "c", "channel", "channel-x", "chan/nel-0", "channel-18446744073709551616"];
    if dice.one_in(8) {
        dice.pick(&wrong).copied().unwrap_or_default()
    } else {
        dice.pick(&known).copied().unwrap_or_default()
    }
}

/// What is to be sent: mostly something that can be.
pub fn token(dice: &mut Dice) -> Value {
    let unknown = format!("ibc/{}", "0".repeat(64));
    match dice.below(14) {
        0 => coin(STAKE, 0),
        1 => coin(OTHERS[1], dice.magnitude(4)),
        2 => coin(&unknown, 1),
        3 => coin("transfer/channel-0/", 1),
        4 => coin("a/channel-0/uatom", 1),
        5 => coin("gamm/pool/1", 1),
        6 => coin("ibc/00", 1),
        7 => {
            let all = "115792089237316195423570985008687907853269984665640564039457584007913129639935";
            json!({ "denom": dice.pick(&[STAKE, OTHERS[1], "nothing"]), "amount": all })
        }
        _ => coin(STAKE, dice.magnitude(5)),
    }
}

fn transfer_of(dice: &mut Dice, world: &World, sender: &str) -> Value {
    let seconds = (world.seconds + 600) * i64::from(!dice.one_in(6));
    let encodings =
        ["", "", "", "application/json", "application/x-protobuf", "application/x-solidity-abi", "text"];
    json!({
        "@type": "/ibc.applications.transfer.v1.MsgTransfer",
        "source_port": if dice.one_in(10) { "other" } else { "transfer" }, "source_channel": channel(dice), "token": token(dice),
        "sender": sender, "receiver": match dice.below(12) { 0 => " ".into(), 1 => "r".repeat(2049), _ => world.recipient(dice) },
        "timeout_height": { "revision_number": "0", "revision_height": dice.below(3).to_string() }, "timeout_timestamp": seconds.to_string(),
        "memo": match dice.below(16) { 0 => "m".repeat(32_769), 1 => "<memo>".into(), _ => String::new() },
        "encoding": dice.pick(&encodings),
    })
}

fn packet_of(dice: &mut Dice, world: &World, sender: &str) -> Value {
    let payload = json!({
        "source_port": if dice.one_in(8) { "p" } else { "transfer" }, "destination_port": "transfer",
        "version": if dice.one_in(8) { " " } else { "ics20-1" }, "encoding": if dice.one_in(8) { "" } else { "application/json" },
        "value": if dice.one_in(8) { String::new() } else { base64_of(b"{}") },
    });
    let payloads = vec![payload; if dice.one_in(8) { dice.below(3) } else { 1 } as usize];
    let seconds = (world.seconds + 600) * i64::from(!dice.one_in(8));
    json!({
        "@type": "/ibc.core.channel.v2.MsgSendPacket", "source_client": channel(dice), "timeout_timestamp": seconds.to_string(),
        "payloads": payloads, "signer": sender,
    })
}

fn closing_of(dice: &mut Dice, sender: &str) -> Value {
    let ports = ["transfer", "icahost", "icacontroller-1", "wasm", "wasm.nobody", "nothing", "p"];
    let port = match dice.pick(&ports) {
        Some(port) if dice.one_in(2) => (*port).to_owned(),
        _ => format!("wasm.{sender}"),
    };
    json!({ "@type": "/ibc.core.channel.v1.MsgChannelCloseInit", "port_id": port, "channel_id": channel(dice), "signer": sender })
}

fn transfer(dice: &mut Dice, world: &World) -> Option<Plan> {
    let sender = world.somebody(dice);
    let message = transfer_of(dice, world, world.address(sender));
    Some(Plan::new(sender, message))
}

fn send_packet(dice: &mut Dice, world: &World) -> Option<Plan> {
    let sender = world.somebody(dice);
    let message = packet_of(dice, world, world.address(sender));
    Some(Plan::new(sender, message))
}

fn close_channel(dice: &mut Dice, world: &World) -> Option<Plan> {
    let sender = world.somebody(dice);
    let message = closing_of(dice, world.address(sender));
    Some(Plan::new(sender, message))
}
