//! From a tree to its nodes in order.

use super::SnapshotNode;
use crate::{
    error::StoreError,
    index::to_bytes,
    tree::{Node, NodeSource, Place},
};

/// A walk over every node below a root. It reads each node once, and only as far as it is asked to.
pub struct Walk {
    steps: Vec<Step>,
}

enum Step {
    Enter(Place),
    /// An inner node whose children come before it.
    Leave(SnapshotNode),
}

impl Walk {
    pub fn new(root: Option<Place>) -> Self {
        Self { steps: root.map(Step::Enter).into_iter().collect() }
    }

    /// The next node; nothing follows a failure.
    pub fn next(&mut self, source: &dyn NodeSource) -> Option<Result<SnapshotNode, StoreError>> {
        loop {
            let place = match self.steps.pop()? {
                Step::Leave(node) => return Some(Ok(node)),
                Step::Enter(place) => place,
            };
            match source.node(place) {
                Ok(Node::Leaf { key, value, version, .. }) => {
                    let (key, value) = (to_bytes(&key), Some(to_bytes(&value)));
                    return Some(Ok(SnapshotNode { key, value, version, height: 0 }));
                }
                Ok(Node::Inner { key, left, right, height, version, .. }) => {
                    let node = SnapshotNode { key: to_bytes(&key), value: None, version, height };
                    self.steps.extend([Step::Leave(node), Step::Enter(right), Step::Enter(left)]);
                }
                Err(error) => {
                    self.steps.clear();
                    return Some(Err(error));
                }
            }
        }
    }
}
