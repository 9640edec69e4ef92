use prost::Message as _;

use super::*;
use crate::cosmos::bank::v1beta1::MsgSend;
use crate::cosmos::base::v1beta1::Coin;

fn send() -> MsgSend {
    MsgSend {
        from_address: "a<b".into(),
        to_address: String::new(),
        amount: vec![Coin { denom: "stake".into(), amount: "12".into() }],
    }
}

#[test]
fn messages_go_there_and_back() {
    let text = to_string(&send()).unwrap();
    assert_eq!(
        text,
        r#"{"from_address":"a\u003cb","to_address":"","amount":[{"denom":"stake","amount":"12"}]}"#
    );
    assert_eq!(from_str::<MsgSend>(&text).unwrap(), send());
}

#[test]
fn both_names_of_a_field_are_taken() {
    assert_eq!(from_str::<MsgSend>(r#"{"fromAddress":"x"}"#).unwrap().from_address, "x");
}

#[test]
fn unknown_fields_are_refused_with_the_text_of_go() {
    let error = from_str::<MsgSend>(r#"{"zz":1,"aa":2}"#).unwrap_err();
    assert_eq!(error.0, r#"unknown field "aa" in types.MsgSend"#);
}

#[test]
fn any_holds_registered_types_only() {
    let text = r#"{"messages":[{"@type":"/cosmos.bank.v1beta1.MsgSend","from_address":"x","to_address":"","amount":[]}],"memo":"","timeout_height":"0","unordered":false,"timeout_timestamp":null,"extension_options":[],"non_critical_extension_options":[]}"#;
    let bytes = decode("cosmos.tx.v1beta1.TxBody", text).unwrap();
    assert_eq!(encode("cosmos.tx.v1beta1.TxBody", &bytes).unwrap(), text);
    let bad = r#"{"messages":[{"@type":"/cosmos.bank.v1beta1.Params"}]}"#;
    assert_eq!(
        decode("cosmos.tx.v1beta1.TxBody", bad).unwrap_err().0,
        "unable to resolve type URL /cosmos.bank.v1beta1.Params"
    );
}

#[test]
fn fields_that_are_values_in_go_are_always_written() {
    let bytes = decode("cosmos.base.v1beta1.Coin", "{}").unwrap();
    assert_eq!(Coin::decode(bytes.as_slice()).unwrap(), Coin { denom: String::new(), amount: "0".into() });
    assert_eq!(encode("cosmos.base.v1beta1.Coin", b"").unwrap(), r#"{"denom":"","amount":"0"}"#);
    let slashing = encode("cosmos.slashing.v1beta1.ValidatorSigningInfo", b"").unwrap();
    assert!(slashing.contains(r#""jailed_until":"0001-01-01T00:00:00Z""#), "{slashing}");
}

#[test]
fn redelegations_are_written_by_encoding_json() {
    use crate::cosmos::staking::v1beta1::*;
    let response = QueryRedelegationsResponse {
        redelegation_responses: vec![RedelegationResponse {
            redelegation: Some(Redelegation {
                delegator_address: "d".into(),
                validator_src_address: "s".into(),
                validator_dst_address: "t".into(),
                entries: vec![],
            }),
            entries: vec![RedelegationEntryResponse {
                redelegation_entry: Some(RedelegationEntry {
                    creation_height: 12,
                    completion_time: Some(crate::Timestamp { seconds: 0, nanos: 500_000_000 }),
                    initial_balance: "7".into(),
                    shares_dst: "7000000000000000000".into(),
                    unbonding_id: 3,
                    unbonding_on_hold_ref_count: 0,
                }),
                balance: "7".into(),
            }],
        }],
        pagination: None,
    };
    assert_eq!(
        to_string(&response).unwrap(),
        concat!(
            r#"{"redelegation_responses":[{"redelegation":{"delegator_address":"d","validator_src_address":"s","#,
            r#""validator_dst_address":"t","entries":null},"entries":[{"redelegation_entry":{"creation_height":12,"#,
            r#""completion_time":"1970-01-01T00:00:00.5Z","initial_balance":"7","shares_dst":"7.000000000000000000","#,
            r#""unbonding_id":3},"balance":"7"}]}],"pagination":null}"#
        )
    );
}

#[test]
fn bad_values_get_the_errors_of_go() {
    for (name, text, error) in [
        (
            "cosmos.bank.v1beta1.MsgSend",
            r#"{"from_address":1}"#,
            "json: cannot unmarshal number into Go value of type string",
        ),
        (
            "cosmos.base.v1beta1.Coin",
            r#"{"amount":"x"}"#,
            r#"math/big: cannot unmarshal "x" into a *big.Int"#,
        ),
        ("cosmos.mint.v1beta1.Params", r#"{"inflation_max":""}"#, "decimal string cannot be empty"),
        (
            "cosmos.mint.v1beta1.Params",
            r#"{"blocks_per_year":"-1"}"#,
            "json: cannot unmarshal number -1 into Go value of type uint64",
        ),
        (
            "cosmos.gov.v1.Params",
            r#"{"max_deposit_period":"x"}"#,
            r#"bad Duration: time: invalid duration "x""#,
        ),
        (
            "cosmos.bank.v1beta1.MsgSend",
            "[]",
            "json: cannot unmarshal array into Go value of type map[string]json.RawMessage",
        ),
    ] {
        assert_eq!(decode(name, text).unwrap_err().0, error, "{text}");
    }
}

#[test]
fn bodies_of_requests_may_hold_more() {
    let bytes =
        decode_lenient("cosmos.bank.v1beta1.MsgSend", r#"{"nope":1,"from_address":"x"} rest"#).unwrap();
    assert_eq!(MsgSend::decode(bytes.as_slice()).unwrap().from_address, "x");
    assert!(decode("cosmos.bank.v1beta1.MsgSend", r#"{"from_address":"x"} rest"#).is_err());
}
