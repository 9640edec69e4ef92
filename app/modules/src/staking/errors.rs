//! The errors of x/staking.

use iz_core::Registered;

use super::NAME;

macro_rules! errors {
    ($($name:ident = $code:literal $text:literal;)*) => {
        $(pub static $name: Registered = Registered::new(NAME, $code, $text);)*
    };
}

errors! {
    NO_VALIDATOR_FOUND = 3 "validator does not exist";
    VALIDATOR_OWNER_EXISTS = 4
        "validator already exist for this operator address; must use new validator operator address";
    VALIDATOR_PUB_KEY_EXISTS = 5 "validator already exist for this pubkey; must use new validator pubkey";
    VALIDATOR_PUB_KEY_TYPE_NOT_SUPPORTED = 6 "validator pubkey type is not supported";
    VALIDATOR_JAILED = 7 "validator for this address is currently jailed";
    BAD_REMOVE_VALIDATOR = 8 "failed to remove validator";
    COMMISSION_NEGATIVE = 9 "commission must be positive";
    COMMISSION_HUGE = 10 "commission cannot be more than 100%";
    COMMISSION_GT_MAX_RATE = 11 "commission cannot be more than the max rate";
    COMMISSION_UPDATE_TIME = 12 "commission cannot be changed more than once in 24h";
    COMMISSION_CHANGE_RATE_NEGATIVE = 13 "commission change rate must be positive";
    COMMISSION_CHANGE_RATE_GT_MAX_RATE = 14 "commission change rate cannot be more than the max rate";
    COMMISSION_GT_MAX_CHANGE_RATE = 15 "commission cannot be changed more than max change rate";
    SELF_DELEGATION_BELOW_MINIMUM = 16
        "validator's self delegation must be greater than their minimum self delegation";
    MIN_SELF_DELEGATION_DECREASED = 17 "minimum self delegation cannot be decrease";
    NO_DELEGATION = 19 "no delegation for (address, validator) tuple";
    NO_DELEGATOR_FOR_ADDRESS = 21 "delegator does not contain delegation";
    INSUFFICIENT_SHARES = 22 "insufficient delegation shares";
    NOT_ENOUGH_DELEGATION_SHARES = 24 "not enough delegation shares";
    NO_UNBONDING_DELEGATION = 26 "no unbonding delegation found";
    MAX_UNBONDING_DELEGATION_ENTRIES = 27
        "too many unbonding delegation entries for (delegator, validator) tuple";
    NO_REDELEGATION = 28 "no redelegation found";
    SELF_REDELEGATION = 29 "cannot redelegate to the same validator";
    TINY_REDELEGATION_AMOUNT = 30 "too few tokens to redelegate (truncates to zero tokens)";
    BAD_REDELEGATION_DST = 31 "redelegation destination validator not found";
    TRANSITIVE_REDELEGATION = 32
        "redelegation to this validator already in progress; first redelegation to this validator must complete before next redelegation";
    MAX_REDELEGATION_ENTRIES = 33
        "too many redelegation entries for (delegator, src-validator, dst-validator) tuple";
    DELEGATOR_SHARE_EX_RATE_INVALID = 34 "cannot delegate to validators with invalid (zero) ex-rate";
    NO_HISTORICAL_INFO = 38 "no historical info found";
    EMPTY_VALIDATOR_PUB_KEY = 39 "empty validator public key";
    COMMISSION_LT_MIN_RATE = 40 "commission cannot be less than min rate";
    BAD_REDELEGATION_SRC = 44 "redelegation source validator not found";
}
