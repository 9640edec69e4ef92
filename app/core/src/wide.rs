//! The integers under [`crate::Int`] and [`crate::Dec`]: 320 bits hold every value that is allowed, 704 bits every intermediate one.

use bnum::BInt;

/// Holds any `Int` (256 bits) and any `Dec` (256 bits times 10^18), with a sign.
pub type Wide = BInt<5>;
/// Holds the product of two `Wide`, and a `Wide` times 10^36.
pub type Wider = BInt<11>;

/// Widens for a multiplication or division.
pub fn widen(value: Wide) -> Wider {
    value.as_()
}

/// Back to 320 bits, unless the value does not fit.
pub fn narrow(value: Wider) -> Option<Wide> {
    let narrowed: Wide = value.as_();
    (widen(narrowed) == value).then_some(narrowed)
}

trait As<T> {
    fn as_(self) -> T;
}

impl As<Wider> for Wide {
    fn as_(self) -> Wider {
        bnum::cast::As::as_::<Wider>(self)
    }
}

impl As<Wide> for Wider {
    fn as_(self) -> Wide {
        bnum::cast::As::as_::<Wide>(self)
    }
}
