//! What the bank tells about coins that move.

use iz_core::{
    Event,
    event::{MESSAGE, key},
};

const AMOUNT: &str = key::AMOUNT;

pub fn spent(spender: String, amount: String) -> Event {
    Event::new("coin_spent").with("spender", spender).with(AMOUNT, amount)
}

pub fn received(receiver: String, amount: String) -> Event {
    Event::new("coin_received").with("receiver", receiver).with(AMOUNT, amount)
}

pub fn minted(minter: String, amount: String) -> Event {
    Event::new("coinbase").with("minter", minter).with(AMOUNT, amount)
}

pub fn burned(burner: String, amount: String) -> Event {
    Event::new("burn").with("burner", burner).with(AMOUNT, amount)
}

pub fn transfer(recipient: String, sender: String, amount: String) -> Event {
    Event::new("transfer").with("recipient", recipient).with(key::SENDER, sender).with(AMOUNT, amount)
}

pub fn message(sender: String) -> Event {
    Event::new(MESSAGE).with(key::SENDER, sender)
}
