//! What a module offers: messages, queries, genesis, block hooks and what it adds to snapshots, and the router through which all of them are found.

use std::{
    any::Any as StdAny,
    collections::{BTreeMap, BTreeSet},
    marker::PhantomData,
};

use iz_proto::foreign_text;
use prost::Name;
use tendermint_proto::{google::protobuf::Any, v0_38::abci::ValidatorUpdate};

use crate::{Address, Chain, Context, Error, Result, Services, errors::sdk};

/// Who must sign a message, as its field names them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signer<'a> {
    Account(&'a str),
    /// A validator's operator address; the account behind the same bytes signs.
    Validator(&'a str),
}

/// A message that a module handles: one implementation a file, under `msgs/`.
///
/// Messages are types of another crate, and so is this trait: `Here` is a marker type of the crate that handles them, without which Rust
/// would not let it implement the trait.
pub trait Execute<Here>: prost::Message + Name + Default + Send + Sync + 'static {
    type Response: prost::Message + Name;

    /// In the order of the fields that name them.
    fn signers(&self) -> Vec<Signer<'_>>;

    /// Checks that need no state; most messages check in `execute`, as the SDK does since 0.50.
    fn validate_basic(&self, _chain: &Chain) -> Result<()> {
        Ok(())
    }

    fn execute(&self, context: &mut Context) -> Result<Self::Response>;
}

/// A decoded message of a kind that has a handler.
pub trait Message: Send + Sync {
    fn type_url(&self) -> String;
    fn signers(&self, chain: &Chain) -> Result<Vec<Address>>;
    fn validate_basic(&self, chain: &Chain) -> Result<()>;
    /// Runs the handler; the answer is packed for the transaction's `msg_responses`.
    fn execute(&self, context: &mut Context) -> Result<Any>;
    /// For code that wants to look at one kind of message.
    fn as_any(&self) -> &dyn StdAny;
}

/// A message together with the crate that handles it.
struct Handled<M, Here> {
    message: M,
    here: PhantomData<fn() -> Here>,
}

impl<M: Execute<Here>, Here: 'static> Message for Handled<M, Here> {
    fn type_url(&self) -> String {
        M::type_url()
    }

    fn signers(&self, chain: &Chain) -> Result<Vec<Address>> {
        let parse = |signer: &Signer<'_>| match signer {
            Signer::Account(text) => chain.addresses.parse_account(text),
            Signer::Validator(text) => chain.addresses.parse_validator(text),
        };
        self.message.signers().iter().map(parse).collect()
    }

    fn validate_basic(&self, chain: &Chain) -> Result<()> {
        self.message.validate_basic(chain)
    }

    fn execute(&self, context: &mut Context) -> Result<Any> {
        let response = self.message.execute(context)?;
        Ok(Any { type_url: M::Response::type_url(), value: prost::Message::encode_to_vec(&response) })
    }

    fn as_any(&self) -> &dyn StdAny {
        &self.message
    }
}

type DecodeMessage = fn(&[u8]) -> Result<Box<dyn Message>, prost::DecodeError>;

/// How bytes of one kind become a message.
#[derive(Clone)]
pub struct MessageRoute {
    type_url: String,
    decode: DecodeMessage,
}

impl MessageRoute {
    #[must_use]
    pub fn of<M: Execute<Here>, Here: 'static>() -> Self {
        Self {
            type_url: M::type_url(),
            decode: |bytes| {
                Ok(Box::new(Handled {
                    message: foreign_text::decode::<M>(bytes)?,
                    here: PhantomData::<fn() -> Here>,
                }))
            },
        }
    }
}

type QueryHandler = Box<dyn Fn(&mut Context, &[u8]) -> Result<Vec<u8>> + Send + Sync>;

/// One query: its full method name and its handler.
pub struct QueryRoute {
    path: &'static str,
    run: QueryHandler,
}

impl QueryRoute {
    /// `path` is the gRPC method with a leading slash: `/cosmos.bank.v1beta1.Query/Balance`.
    pub fn new<Q, A>(path: &'static str, handler: fn(&mut Context, Q) -> Result<A>) -> Self
    where
        Q: prost::Message + Default + 'static,
        A: prost::Message + 'static,
    {
        let run = move |context: &mut Context, request: &[u8]| {
            let request = Q::decode(request).map_err(|error| Error::plain(error.to_string()))?;
            Ok(handler(context, request)?.encode_to_vec())
        };
        Self { path, run: Box::new(run) }
    }
}

/// Genesis of a module: its state in and out.
pub trait Genesis {
    type State: prost::Message + Name + Default;

    /// The state of a fresh chain.
    fn default_state(chain: &Chain) -> Self::State;

    /// `ValidateGenesis`: checks without a store.
    fn validate(state: &Self::State, chain: &Chain) -> Result<()>;

    /// Writes the state; staking returns the first validators.
    fn init(context: &mut Context, state: Self::State) -> Result<Vec<ValidatorUpdate>>;

    fn export(context: &mut Context) -> Result<Self::State>;
}

/// [`Genesis`] with the state as protobuf bytes; JSON is made and read by the caller from `state_name`.
#[derive(Clone)]
pub struct GenesisRoute {
    /// Full name of the state's message.
    pub state_name: String,
    pub default_state: fn(&Chain) -> Vec<u8>,
    pub validate: fn(&[u8], &Chain) -> Result<()>,
    pub init: fn(&mut Context, &[u8]) -> Result<Vec<ValidatorUpdate>>,
    pub export: fn(&mut Context) -> Result<Vec<u8>>,
}

impl GenesisRoute {
    #[must_use]
    pub fn of<G: Genesis>() -> Self {
        fn decode<S: prost::Message + Default>(bytes: &[u8]) -> Result<S> {
            S::decode(bytes).map_err(|error| Error::plain(error.to_string()))
        }
        use prost::Message as _;
        Self {
            state_name: G::State::full_name(),
            default_state: |chain| G::default_state(chain).encode_to_vec(),
            validate: |bytes, chain| G::validate(&decode(bytes)?, chain),
            init: |context, bytes| G::init(context, decode(bytes)?),
            export: |context| Ok(G::export(context)?.encode_to_vec()),
        }
    }
}

/// What a module keeps beside the state and a snapshot of the state has to carry: the code of contracts. The SDK's `ExtensionSnapshotter`.
pub trait Extension {
    const NAME: &'static str;
    /// The format of its payloads.
    const FORMAT: u32;

    /// Hands over everything that the state of the context names, a payload each.
    fn save(context: &mut Context, put: &mut dyn FnMut(Vec<u8>) -> Result<()>) -> Result<()>;

    /// The checksum of what an entry of a state that is being restored asks for.
    fn asked_for(store: &str, key: &[u8], value: &[u8]) -> Option<Vec<u8>>;

    /// Keeps a payload if it is one that was asked for; its checksum.
    fn keep(services: &Services, asked_for: &BTreeSet<Vec<u8>>, payload: &[u8]) -> Result<Vec<u8>>;

    /// Does what a start does, once the restored state is the newest.
    fn resume(context: &mut Context) -> Result<()>;
}

type AskedFor = fn(&str, &[u8], &[u8]) -> Option<Vec<u8>>;
type Keep = fn(&Services, &BTreeSet<Vec<u8>>, &[u8]) -> Result<Vec<u8>>;
type Save = fn(&mut Context, &mut dyn FnMut(Vec<u8>) -> Result<()>) -> Result<()>;

/// An [`Extension`] of some module.
#[derive(Clone, Copy)]
pub struct ExtensionRoute {
    pub name: &'static str,
    pub format: u32,
    pub save: Save,
    pub asked_for: AskedFor,
    pub keep: Keep,
    pub resume: fn(&mut Context) -> Result<()>,
}

impl ExtensionRoute {
    #[must_use]
    pub fn of<E: Extension>() -> Self {
        Self {
            name: E::NAME,
            format: E::FORMAT,
            save: E::save,
            asked_for: E::asked_for,
            keep: E::keep,
            resume: E::resume,
        }
    }
}

pub type BlockHook = fn(&mut Context) -> Result<()>;
/// The end of a block may change the validator set.
pub type EndBlockHook = fn(&mut Context) -> Result<Vec<ValidatorUpdate>>;

/// Everything a module brings.
#[derive(Default)]
pub struct Module {
    pub name: &'static str,
    /// Consensus version, as the upgrade module records it.
    pub version: u64,
    pub messages: Vec<MessageRoute>,
    pub queries: Vec<QueryRoute>,
    pub genesis: Option<GenesisRoute>,
    pub pre_block: Option<BlockHook>,
    pub begin_block: Option<BlockHook>,
    pub end_block: Option<EndBlockHook>,
    pub extension: Option<ExtensionRoute>,
}

/// Finds handlers of messages and queries.
#[derive(Default)]
pub struct Router {
    messages: BTreeMap<String, MessageRoute>,
    queries: BTreeMap<&'static str, QueryHandler>,
}

impl Router {
    /// Takes the routes out of the modules.
    #[must_use]
    pub fn new<'m>(modules: impl IntoIterator<Item = &'m mut Module>) -> Self {
        let mut router = Self::default();
        for module in modules {
            for route in module.messages.drain(..) {
                router.messages.insert(route.type_url.clone(), route);
            }
            for route in module.queries.drain(..) {
                router.queries.insert(route.path, route.run);
            }
        }
        router
    }

    #[must_use]
    pub fn has_handler(&self, type_url: &str) -> bool {
        self.messages.contains_key(type_url)
    }

    /// The message inside `any`, if its kind has a handler.
    pub fn decode(&self, any: &Any) -> Result<Option<Box<dyn Message>>> {
        let Some(route) = self.messages.get(&any.type_url) else { return Ok(None) };
        (route.decode)(&any.value).map(Some).map_err(|error| sdk::TX_DECODE.wrap(error))
    }

    /// Runs a query; `None` if there is no such method.
    pub fn query(&self, context: &mut Context, path: &str, request: &[u8]) -> Option<Result<Vec<u8>>> {
        self.queries.get(path).map(|run| run(context, request))
    }

    #[must_use]
    pub fn has_query(&self, path: &str) -> bool {
        self.queries.contains_key(path)
    }

    /// Every routed message's type URL, in order.
    pub fn message_kinds(&self) -> impl Iterator<Item = &str> {
        self.messages.keys().map(String::as_str)
    }

    /// Every routed query's path, in order.
    pub fn query_paths(&self) -> impl Iterator<Item = &str> {
        self.queries.keys().copied()
    }
}
