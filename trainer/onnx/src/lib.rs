//! Models as other tools read them: ONNX graphs, written node by node with the weights that they need. `learn` and the dense learner of
//! `node` say which nodes.

mod graph;
pub mod messages;

pub use graph::Graph;

/// The weights have no tensor of this name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the weights have no tensor {0:?}")]
pub struct NoTensor(pub String);
