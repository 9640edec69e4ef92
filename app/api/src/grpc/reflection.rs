//! Server reflection, v1 and v1alpha, from the descriptor set.
//!
//! Descriptors go out as they were compiled, with the extensions in their options: clients read the HTTP rules from them.

use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::Arc;

use iz_proto::descriptors;
use prost_reflect::FileDescriptor;
use tokio_stream::{Stream, StreamExt};
use tonic::{Request, Response, Status, Streaming};
use tonic_reflection::pb::{v1, v1alpha};

use crate::services;

/// Answers what the descriptors hold.
#[derive(Clone)]
pub(super) struct Reflection {
    /// The names of everything, and the file each is in.
    symbols: Arc<BTreeMap<String, FileDescriptor>>,
}

/// An answer, in neither version's types.
enum Answer {
    Files(Vec<Vec<u8>>),
    Extensions(String, Vec<i32>),
    Services(Vec<String>),
    Error(tonic::Code, String),
}

impl Reflection {
    pub fn new() -> Self {
        let mut symbols = BTreeMap::new();
        let pool = descriptors();
        for message in pool.all_messages() {
            let file = message.parent_file();
            for field in message.fields() {
                symbols.insert(field.full_name().to_owned(), file.clone());
            }
            for oneof in message.oneofs() {
                symbols.insert(oneof.full_name().to_owned(), file.clone());
            }
            symbols.insert(message.full_name().to_owned(), file);
        }
        for item in pool.all_enums() {
            symbols.insert(item.full_name().to_owned(), item.parent_file());
        }
        for extension in pool.all_extensions() {
            symbols.insert(extension.full_name().to_owned(), extension.parent_file());
        }
        for service in pool.services() {
            for method in service.methods() {
                symbols.insert(method.full_name().to_owned(), service.parent_file());
            }
            symbols.insert(service.full_name().to_owned(), service.parent_file());
        }
        Self { symbols: Arc::new(symbols) }
    }

    fn file_by_name(&self, name: &str) -> Answer {
        match descriptors().get_file_by_name(name) {
            Some(file) => Answer::Files(with_dependencies(file)),
            None => Answer::Error(tonic::Code::NotFound, format!("proto: not found: {name}")),
        }
    }

    fn file_by_symbol(&self, symbol: &str) -> Answer {
        match self.symbols.get(symbol.trim_start_matches('.')) {
            Some(file) => Answer::Files(with_dependencies(file.clone())),
            None => Answer::Error(tonic::Code::NotFound, format!("proto: not found: {symbol}")),
        }
    }

    fn file_by_extension(&self, message: &str, number: i32) -> Answer {
        let found = u32::try_from(number)
            .ok()
            .and_then(|number| descriptors().get_message_by_name(message)?.get_extension(number));
        match found {
            Some(extension) => Answer::Files(with_dependencies(extension.parent_file())),
            None => Answer::Error(tonic::Code::NotFound, format!("no extension {number} of {message}")),
        }
    }

    fn extensions(&self, message: &str) -> Answer {
        match descriptors().get_message_by_name(message) {
            Some(found) => {
                let numbers =
                    found.extensions().filter_map(|extension| i32::try_from(extension.number()).ok());
                Answer::Extensions(message.to_owned(), numbers.collect())
            }
            None => Answer::Error(tonic::Code::NotFound, format!("proto: not found: {message}")),
        }
    }
}

/// A file and all that it imports, so that a client needs to ask once.
fn with_dependencies(file: FileDescriptor) -> Vec<Vec<u8>> {
    let mut seen = vec![file.name().to_owned()];
    let mut pending = vec![file];
    let mut out = Vec::new();
    while let Some(file) = pending.pop() {
        out.push(file.encode_to_vec());
        for dependency in file.dependencies() {
            if !seen.iter().any(|name| name == dependency.name()) {
                seen.push(dependency.name().to_owned());
                pending.push(dependency);
            }
        }
    }
    out
}

type Answers<T> = Pin<Box<dyn Stream<Item = Result<T, Status>> + Send>>;

/// The two versions differ in the names of their types only.
macro_rules! implement {
    ($version:ident) => {
        #[allow(clippy::result_large_err, reason = "tonic's own error type")]
        #[tonic::async_trait]
        impl $version::server_reflection_server::ServerReflection for Reflection {
            type ServerReflectionInfoStream = Answers<$version::ServerReflectionResponse>;

            async fn server_reflection_info(
                &self,
                request: Request<Streaming<$version::ServerReflectionRequest>>,
            ) -> Result<Response<Self::ServerReflectionInfoStream>, Status> {
                use $version::server_reflection_request::MessageRequest;
                use $version::server_reflection_response::MessageResponse;
                let reflection = self.clone();
                let answers = request.into_inner().map(move |request| {
                    let request = request?;
                    let answer = match &request.message_request {
                        Some(MessageRequest::FileByFilename(name)) => reflection.file_by_name(name),
                        Some(MessageRequest::FileContainingSymbol(symbol)) => {
                            reflection.file_by_symbol(symbol)
                        }
                        Some(MessageRequest::FileContainingExtension(extension)) => reflection
                            .file_by_extension(&extension.containing_type, extension.extension_number),
                        Some(MessageRequest::AllExtensionNumbersOfType(message)) => {
                            reflection.extensions(message)
                        }
                        Some(MessageRequest::ListServices(_)) => Answer::Services(services::all_names()),
                        None => return Err(Status::invalid_argument("invalid MessageRequest: <nil>")),
                    };
                    let message = match answer {
                        Answer::Files(files) => {
                            MessageResponse::FileDescriptorResponse($version::FileDescriptorResponse {
                                file_descriptor_proto: files,
                            })
                        }
                        Answer::Extensions(name, numbers) => {
                            MessageResponse::AllExtensionNumbersResponse($version::ExtensionNumberResponse {
                                base_type_name: name,
                                extension_number: numbers,
                            })
                        }
                        Answer::Services(names) => {
                            let service =
                                names.into_iter().map(|name| $version::ServiceResponse { name }).collect();
                            MessageResponse::ListServicesResponse($version::ListServiceResponse { service })
                        }
                        Answer::Error(code, message) => {
                            MessageResponse::ErrorResponse($version::ErrorResponse {
                                error_code: code as i32,
                                error_message: message,
                            })
                        }
                    };
                    Ok($version::ServerReflectionResponse {
                        valid_host: request.host.clone(),
                        original_request: Some(request),
                        message_response: Some(message),
                    })
                });
                Ok(Response::new(Box::pin(answers)))
            }
        }
    };
}

implement!(v1);
implement!(v1alpha);
