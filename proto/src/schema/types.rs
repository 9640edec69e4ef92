//! Messages, fields and enums as the codecs see them.

/// A message's place in the schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct MessageId(pub(super) u32);

/// An enum's place in the schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EnumId(pub(super) u32);

/// Messages that JSON writes in a way of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WellKnown {
    Any,
    Duration,
    Timestamp,
}

/// A message.
#[derive(Debug)]
pub struct Message {
    /// The full name: `cosmos.bank.v1beta1.MsgSend`.
    pub name: String,
    /// What Go calls the type, for error texts: `types.MsgSend`.
    pub go_type: String,
    /// In the order of declaration.
    pub fields: Vec<Field>,
    pub oneofs: Vec<Oneof>,
    pub well_known: Option<WellKnown>,
    /// Go writes this message with encoding/json instead of jsonpb where it is the value of a field.
    pub go_json: bool,
    pub amino: AminoMessage,
    /// The fields whose addresses must sign (`cosmos.msg.v1.signer`).
    pub signers: Vec<String>,
    /// What Go writes for the zero value: fields that are not nullable are there even when nothing was set.
    pub zero: Vec<u8>,
    /// Field numbers and indices into `fields`, by number.
    pub(super) by_number: Vec<(u32, u16)>,
    /// Names and lowerCamelCase names and indices into `fields`, sorted.
    pub(super) by_name: Vec<(String, u16)>,
}

/// A group of fields of which at most one is set.
#[derive(Debug)]
pub struct Oneof {
    pub name: String,
    /// The name in CamelCase, as amino JSON has it.
    pub amino_name: String,
}

/// A field.
#[derive(Debug)]
pub struct Field {
    pub number: u32,
    pub name: String,
    /// `"name":`, ready to be written.
    pub json_key: String,
    pub kind: Kind,
    pub repeated: bool,
    pub packed: bool,
    /// The index of its oneof.
    pub oneof: Option<u16>,
    /// Whether the type in Go is a pointer, so that absence is told from emptiness.
    pub nullable: bool,
    /// How bytes and strings are understood.
    pub cast: CastBytes,
    /// A string that is kept unread, whatever bytes it is made of.
    pub free_text: bool,
    /// The interface that the type in an `Any` must implement.
    pub accepts: Option<String>,
    /// A `Timestamp` that is a `time.Time` in Go: absent means year 1.
    pub std_time: bool,
    /// The JSON key that encoding/json uses, and whether it omits the zero value.
    pub go_key: String,
    pub go_omit_empty: bool,
    pub amino: AminoField,
}

/// What a field holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Double,
    Float,
    Int32,
    Int64,
    Uint32,
    Uint64,
    Sint32,
    Sint64,
    Fixed32,
    Fixed64,
    Sfixed32,
    Sfixed64,
    Bool,
    String,
    Bytes,
    Enum(EnumId),
    Message(MessageId),
    /// A map; JSON does not know it, no message on a route has one.
    Map(MessageId),
}

/// What Go makes of a string or of bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CastBytes {
    None,
    /// `math.Int`: decimal digits.
    Int,
    /// `math.LegacyDec`: digits of the value times 10^18.
    Dec,
    /// `HexBytes`: upper-case hexadecimal in JSON.
    Hex,
    /// JSON that is written as it is.
    Json,
}

/// Options of amino JSON on a message.
#[derive(Debug, Default)]
pub struct AminoMessage {
    pub name: Option<String>,
    pub encoding: Option<String>,
    /// Indices of the fields in the order of their names.
    pub order: Vec<u16>,
}

/// Options of amino JSON on a field.
#[derive(Debug, Default)]
pub struct AminoField {
    pub name: Option<String>,
    pub encoding: Option<String>,
    pub dont_omit_empty: bool,
    pub oneof_name: Option<String>,
    /// `cosmos_proto.scalar` is `cosmos.Int`.
    pub int: bool,
    /// `cosmos_proto.scalar` is `cosmos.Dec` and the type in Go is `LegacyDec`.
    pub dec: bool,
    /// Go shows the message as `{}`, whatever it holds.
    pub placeholder: bool,
}

/// An enum.
#[derive(Debug)]
pub struct EnumSchema {
    pub name: String,
    /// What Go calls the type, for error texts: `v1.ProposalStatus`.
    pub go_type: String,
    /// Numbers and names; the first name of a number is its name.
    pub values: Vec<(i32, String)>,
    /// Go writes the short names of `cosmwasm.wasm.v1.AccessType`, and anything unknown as "Unspecified".
    pub access_type: bool,
}

impl EnumSchema {
    /// The name of a number.
    pub fn name_of(&self, number: i32) -> Option<&str> {
        self.values.iter().find(|(known, _)| *known == number).map(|(_, name)| name.as_str())
    }

    /// The number of a name.
    pub fn number_of(&self, name: &str) -> Option<i32> {
        self.values.iter().find(|(_, known)| known == name).map(|(number, _)| *number)
    }
}

impl Message {
    /// The field with this number, and its index.
    pub fn by_number(&self, number: u32) -> Option<(usize, &Field)> {
        // Nearly always fields are numbered 1, 2, 3 in the order of their declaration.
        let guess = number.wrapping_sub(1) as usize;
        if let Some(field) = self.fields.get(guess).filter(|field| field.number == number) {
            return Some((guess, field));
        }
        let found = self.by_number.binary_search_by_key(&number, |(number, _)| *number).ok()?;
        let index = usize::from(self.by_number.get(found)?.1);
        self.fields.get(index).map(|field| (index, field))
    }

    /// The field with this name, as declared or in lowerCamelCase, and its index.
    pub fn by_name(&self, name: &str) -> Option<(usize, &Field)> {
        let found = self.by_name.binary_search_by(|(known, _)| known.as_str().cmp(name)).ok()?;
        let index = usize::from(self.by_name.get(found)?.1);
        self.fields.get(index).map(|field| (index, field))
    }

    /// Indices of the fields in the order of their numbers, the order in which Go writes them.
    pub fn in_number_order(&self) -> impl Iterator<Item = (usize, &Field)> {
        self.by_number.iter().filter_map(|(_, index)| {
            self.fields.get(usize::from(*index)).map(|field| (usize::from(*index), field))
        })
    }
}
