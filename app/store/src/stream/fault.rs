//! Why a node cannot be part of a tree.

/// What is wrong with a node of a snapshot.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NodeFault {
    #[error("its version is {got}, and the snapshot's versions are 1 to {newest}")]
    Version { got: u64, newest: u64 },

    #[error("it is a leaf without a value")]
    ValueMissing,

    #[error("it is an inner node with a value")]
    ValueOfInner,

    #[error("its key is not greater than the key of the leaf before it")]
    KeyOrder,

    #[error("it is an inner node before its two children")]
    ChildrenMissing,

    #[error("its height is {got}, and those of its children are {left} and {right}")]
    Height { got: u8, left: u8, right: u8 },

    #[error("its children's heights are {left} and {right}, which is more than one apart")]
    Unbalanced { left: u8, right: u8 },

    #[error("its key is not the least one on its right side")]
    Separator,

    #[error("its version is {got}, and a child of it has the later version {child}")]
    OlderThanChild { got: u64, child: u64 },
}
