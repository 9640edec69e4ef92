//! Strings that the chain keeps without reading them. Go takes any bytes there and gives them back, so in Rust they are bytes: a
//! `String` would have to refuse what is no UTF-8. Descriptors, and so JSON and reflection, call them strings as ever.

/// Messages of a package, a nested one behind those it lies in, and the fields of each.
type Messages = &'static [(&'static str, &'static [&'static str])];

/// Packages, their messages and the fields of those.
pub const FREE_TEXT: &[(&str, Messages)] = &[
    ("cosmos.tx.v1beta1", &[("TxBody", &["memo"])]),
    // what a grant allows is kept, and written again when some of it is used
    ("cosmos.bank.v1beta1", &[("SendAuthorization", &["allow_list"])]),
    (
        "cosmos.staking.v1beta1",
        &[
            ("Description", &["moniker", "identity", "website", "security_contact", "details"]),
            ("StakeAuthorization.Validators", &["address"]),
        ],
    ),
    (
        "cosmos.gov.v1",
        &[
            ("Proposal", &["metadata", "title", "summary"]),
            ("MsgSubmitProposal", &["metadata", "title", "summary"]),
            ("MsgVote", &["metadata"]),
            ("MsgVoteWeighted", &["metadata"]),
            ("Vote", &["metadata"]),
        ],
    ),
    ("cosmos.gov.v1beta1", &[("TextProposal", &["title", "description"])]),
    ("cosmos.feegrant.v1beta1", &[("AllowedMsgAllowance", &["allowed_messages"])]),
];
