//! gRPC, gRPC-Web and REST against an application that answers by rule.

#![allow(clippy::unwrap_used)]

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::{HeaderMap, Request, StatusCode};
use hyper_util::rt::TokioIo;
use iz_api::{
    GrpcSettings, Head, NodeSettings, QueryError, QueryReply, QueryService, RestSettings, ServeError,
    Settings, SimulationError,
};
use iz_proto::cosmos::bank::v1beta1::{QueryBalanceRequest, QueryBalanceResponse};
use iz_proto::cosmos::base::abci::v1beta1::{GasInfo, SimulationResponse};
use iz_proto::cosmos::base::node::v1beta1::ConfigResponse;
use iz_proto::cosmos::base::v1beta1::Coin;
use iz_proto::tendermint::abci::{RequestQuery, ResponseQuery};
use prost::Message;
use tokio_stream::StreamExt;
use tonic_reflection::pb::v1::server_reflection_client::ServerReflectionClient;
use tonic_reflection::pb::v1::server_reflection_request::MessageRequest;
use tonic_reflection::pb::v1::server_reflection_response::MessageResponse;
use tonic_reflection::pb::v1::{ServerReflectionRequest, ServerReflectionResponse};

/// Answers balances with the height they are asked at, and knows nothing of `missing`.
struct Rule;

const NEWEST: i64 = 40;

impl QueryService for Rule {
    fn has(&self, path: &str) -> bool {
        path == "/cosmos.bank.v1beta1.Query/Balance"
    }

    fn query(&self, _: &str, data: &[u8], height: i64) -> Result<QueryReply, QueryError> {
        let request = QueryBalanceRequest::decode(data).unwrap();
        if request.address == "missing" {
            return Err(QueryError { code: 5, message: "no such account".to_owned() });
        }
        let balance = Some(Coin { denom: request.denom, amount: height.to_string() });
        Ok(QueryReply { data: QueryBalanceResponse { balance }.encode_to_vec(), height })
    }

    fn head(&self, height: i64) -> Result<Head, QueryError> {
        if height > NEWEST {
            return Err(QueryError { code: 2, message: "in the future".to_owned() });
        }
        Ok(Head { height: if height == 0 { NEWEST } else { height }, ..Head::default() })
    }

    fn abci_query(&self, _: &RequestQuery) -> ResponseQuery {
        ResponseQuery::default()
    }

    fn simulate(&self, transaction: &Bytes) -> Result<SimulationResponse, SimulationError> {
        if transaction.as_ref() == b"bad" {
            return Err(SimulationError { message: "out of gas [here]".to_owned(), gas_used: 9 });
        }
        Ok(SimulationResponse { gas_info: Some(GasInfo { gas_wanted: 1, gas_used: 2 }), result: None })
    }

    fn decode(&self, _: &Bytes) -> Result<(), QueryError> {
        Ok(())
    }
}

fn free_address() -> SocketAddr {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap()
}

/// Starts the servers and gives their addresses.
async fn start() -> (SocketAddr, SocketAddr) {
    let (grpc, rest) = (free_address(), free_address());
    let settings = Settings {
        node: NodeSettings { minimum_gas_prices: "1stake".to_owned(), ..NodeSettings::default() },
        grpc: Some(GrpcSettings::new(grpc)),
        rest: Some(RestSettings { enable_unsafe_cors: true, swagger: true, ..RestSettings::new(rest) }),
    };
    tokio::spawn(iz_api::serve(settings, Arc::new(Rule), std::future::pending()));
    for address in [grpc, rest] {
        while tokio::net::TcpStream::connect(address).await.is_err() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }
    (grpc, rest)
}

async fn http(
    address: SocketAddr,
    verb: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: Vec<u8>,
) -> (StatusCode, HeaderMap, Vec<u8>) {
    let stream = tokio::net::TcpStream::connect(address).await.unwrap();
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.unwrap();
    tokio::spawn(connection);
    let mut request = Request::builder().method(verb).uri(path).header("host", "x");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let response = sender.send_request(request.body(Full::new(Bytes::from(body))).unwrap()).await.unwrap();
    let (parts, body) = response.into_parts();
    (parts.status, parts.headers, body.collect().await.unwrap().to_bytes().to_vec())
}

async fn get(address: SocketAddr, path: &str) -> (StatusCode, HeaderMap, String) {
    let (status, headers, body) = http(address, "GET", path, &[], Vec::new()).await;
    (status, headers, String::from_utf8(body).unwrap())
}

async fn grpc<Q: Message + 'static, A: Message + Default + 'static>(
    address: SocketAddr,
    path: &'static str,
    request: Q,
    height: Option<&str>,
) -> Result<tonic::Response<A>, tonic::Status> {
    let channel =
        tonic::transport::Endpoint::try_from(format!("http://{address}")).unwrap().connect().await.unwrap();
    let mut client = tonic::client::Grpc::new(channel);
    client.ready().await.unwrap();
    let mut request = tonic::Request::new(request);
    if let Some(height) = height {
        request.metadata_mut().insert("x-cosmos-block-height", height.parse().unwrap());
    }
    client.unary(request, path.parse().unwrap(), tonic::codec::ProstCodec::<Q, A>::default()).await
}

const BALANCE: &str = "/cosmos.bank.v1beta1.Query/Balance";

fn balance_of(address: &str) -> QueryBalanceRequest {
    QueryBalanceRequest { address: address.to_owned(), denom: "stake".to_owned() }
}

#[tokio::test(flavor = "multi_thread")]
async fn grpc_answers_at_the_height_that_is_asked_for() {
    let (address, _) = start().await;
    let newest: tonic::Response<QueryBalanceResponse> =
        grpc(address, BALANCE, balance_of("a"), None).await.unwrap();
    assert_eq!(newest.metadata().get("x-cosmos-block-height").unwrap(), "40");
    assert_eq!(newest.into_inner().balance.unwrap().amount, "40");
    let older: tonic::Response<QueryBalanceResponse> =
        grpc(address, BALANCE, balance_of("a"), Some("7")).await.unwrap();
    assert_eq!(older.metadata().get("x-cosmos-block-height").unwrap(), "7");
    assert_eq!(older.into_inner().balance.unwrap().amount, "7");
}

#[tokio::test(flavor = "multi_thread")]
async fn grpc_refuses_with_the_status_of_the_application() {
    let (address, _) = start().await;
    let ask = |path, name: &'static str, height| {
        grpc::<_, QueryBalanceResponse>(address, path, balance_of(name), height)
    };
    let missing = ask(BALANCE, "missing", None).await.unwrap_err();
    assert_eq!((missing.code(), missing.message()), (tonic::Code::NotFound, "no such account"));
    let future = ask(BALANCE, "a", Some("41")).await.unwrap_err();
    assert_eq!((future.code(), future.message()), (tonic::Code::Unknown, "in the future"));
    let nonsense = ask(BALANCE, "a", Some("x")).await.unwrap_err();
    assert!(nonsense.message().starts_with("codespace sdk code 18: invalid request: "), "{nonsense}");
    let method = ask("/cosmos.bank.v1beta1.Query/Nope", "a", None).await.unwrap_err();
    assert_eq!(method.message(), "unknown method Nope for service cosmos.bank.v1beta1.Query");
    assert_eq!(method.code(), tonic::Code::Unimplemented);
    let service = ask("/x.Y/Z", "a", None).await.unwrap_err();
    assert_eq!(service.message(), "unknown service x.Y");
    let config: ConfigResponse =
        grpc(address, "/cosmos.base.node.v1beta1.Service/Config", (), None).await.unwrap().into_inner();
    assert_eq!(config.minimum_gas_price, "1stake");
}

async fn reflect(address: SocketAddr, request: MessageRequest) -> MessageResponse {
    let channel =
        tonic::transport::Endpoint::try_from(format!("http://{address}")).unwrap().connect().await.unwrap();
    let mut client = ServerReflectionClient::new(channel);
    let request = ServerReflectionRequest { host: String::new(), message_request: Some(request) };
    let mut answers = client.server_reflection_info(tokio_stream::once(request)).await.unwrap().into_inner();
    let answer: ServerReflectionResponse = answers.next().await.unwrap().unwrap();
    answer.message_response.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn reflection_gives_services_and_files_with_their_options() {
    let (address, _) = start().await;
    let MessageResponse::ListServicesResponse(list) =
        reflect(address, MessageRequest::ListServices(String::new())).await
    else {
        panic!("no list");
    };
    assert!(list.service.iter().any(|service| service.name == "cosmos.bank.v1beta1.Query"));
    let symbol = "cosmos.bank.v1beta1.Query".to_owned();
    let MessageResponse::FileDescriptorResponse(files) =
        reflect(address, MessageRequest::FileContainingSymbol(symbol)).await
    else {
        panic!("no files");
    };
    assert!(files.file_descriptor_proto.len() > 5);
    let first = &files.file_descriptor_proto[0];
    assert!(first.windows(19).any(|window| window == b"cosmos/bank/v1beta1"));
    assert!(first.windows(6).any(|window| window == b"supply"), "HTTP rules are in the options");
    let unknown = reflect(address, MessageRequest::FileByFilename("nope.proto".to_owned())).await;
    assert!(matches!(unknown, MessageResponse::ErrorResponse(error) if error.error_code == 5));
}

#[tokio::test(flavor = "multi_thread")]
async fn rest_answers_with_json_and_both_height_headers() {
    let (_, address) = start().await;
    let (status, headers, body) =
        get(address, "/cosmos/bank/v1beta1/balances/a/by_denom?denom=ibc%2FX").await;
    assert_eq!((status, body.as_str()), (StatusCode::OK, r#"{"balance":{"denom":"ibc/X","amount":"40"}}"#));
    assert_eq!(headers["x-cosmos-block-height"], "40");
    assert_eq!(headers["grpc-metadata-x-cosmos-block-height"], "40");
    let (status, headers, body) = get(address, "/cosmos/bank/v1beta1/balances/missing/by_denom").await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    assert_eq!(body, r#"{"code":5,"message":"no such account","details":[]}"#);
    assert!(!headers.contains_key("x-cosmos-block-height"));
    let (status, _, body) = get(address, "/nope").await;
    assert_eq!(
        (status, body.as_str()),
        (StatusCode::NOT_IMPLEMENTED, r#"{"code":12,"message":"Not Implemented","details":[]}"#)
    );
    let (status, _, page) = get(address, "/swagger/").await;
    assert!(status == StatusCode::OK && page.contains("cosmos.bank.v1beta1.Query/Balance"));
    let (_, _, description) = get(address, "/swagger/openapi.json").await;
    assert!(serde_json::from_str::<serde_json::Value>(&description).unwrap()["paths"].is_object());
}

#[tokio::test(flavor = "multi_thread")]
async fn simulation_tells_the_gas_even_when_it_fails() {
    let (_, address) = start().await;
    let simulate =
        |body: &'static str| http(address, "POST", "/cosmos/tx/v1beta1/simulate", &[], body.into());
    let (status, _, body) = simulate(r#"{"tx_bytes":"AAEC"}"#).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(body, br#"{"gas_info":{"gas_wanted":"1","gas_used":"2"},"result":null}"#);
    let (status, _, body) = simulate(r#"{"tx_bytes":"YmFk"}"#).await;
    assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(body, br#"{"code":2,"message":"out of gas [here] with gas used: '9'","details":[]}"#);
}

#[tokio::test(flavor = "multi_thread")]
async fn grpc_web_is_answered_on_the_rest_port() {
    let (_, address) = start().await;
    let message = balance_of("a").encode_to_vec();
    let mut frame = vec![0, 0, 0, 0, message.len() as u8];
    frame.extend_from_slice(&message);
    let headers = [("content-type", "application/grpc-web+proto"), ("origin", "https://wallet.example")];
    let (status, headers, body) = http(address, "POST", BALANCE, &headers, frame).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(headers["access-control-allow-origin"], "*");
    let length = body[4] as usize;
    let answer = QueryBalanceResponse::decode(&body[5..5 + length]).unwrap();
    assert_eq!(answer.balance.unwrap().amount, "40");
    assert!(body.ends_with(b"grpc-status: 0\r\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn preflights_are_answered() {
    let (_, address) = start().await;
    let ask = |method: &'static str| async move {
        let headers = [
            ("origin", "https://wallet.example"),
            ("access-control-request-method", method),
            ("access-control-request-headers", "content-type"),
        ];
        http(address, "OPTIONS", "/cosmos/tx/v1beta1/txs", &headers, Vec::new()).await
    };
    let (status, headers, _) = ask("POST").await;
    assert_eq!(
        (status, &headers["access-control-allow-headers"]),
        (StatusCode::OK, &"content-type".parse().unwrap())
    );
    assert_eq!(ask("DELETE").await.0, StatusCode::METHOD_NOT_ALLOWED);
}

#[tokio::test]
async fn an_address_in_use_ends_the_servers() {
    let taken = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let settings =
        Settings { rest: Some(RestSettings::new(taken.local_addr().unwrap())), ..Settings::default() };
    let error = iz_api::serve(settings, Arc::new(Rule), std::future::pending()).await.unwrap_err();
    assert!(matches!(error, ServeError::Listen { server: "REST", .. }), "{error}");
}

#[tokio::test]
async fn the_servers_stop_when_told() {
    let settings = Settings { rest: Some(RestSettings::new(free_address())), ..Settings::default() };
    let stopped = iz_api::serve(settings, Arc::new(Rule), tokio::time::sleep(Duration::from_millis(50)));
    tokio::time::timeout(Duration::from_secs(5), stopped).await.unwrap().unwrap();
}
