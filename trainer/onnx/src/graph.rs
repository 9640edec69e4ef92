//! Builds a graph node by node, taking weights along as they are needed.

use iz_round::Weights;

use crate::NoTensor;
use crate::messages::{
    Attribute, Dimension, Graph as GraphMessage, Model, Node, OperatorSet, Shape, Side, Tensor, TensorType,
    Type, Value,
};

/// Read by every ONNX Runtime since 2021.
const OPERATORS: i64 = 13;
const INTERMEDIATE: i64 = 7;
const FLOAT: i32 = 1;
const INT64: i32 = 7;
const INTEGER: i32 = 2;
const INTEGERS: i32 = 7;
/// The gates of an LSTM, in ONNX's order (input, output, forget, cell), by their places in PyTorch's (input, forget, cell, output).
const GATES: [usize; 4] = [0, 3, 1, 2];

pub struct Graph<'a> {
    weights: &'a Weights,
    message: GraphMessage,
}

impl<'a> Graph<'a> {
    #[must_use]
    pub fn new(weights: &'a Weights) -> Self {
        Self { weights, message: GraphMessage { name: "model".into(), ..GraphMessage::default() } }
    }

    #[must_use]
    pub fn finish(self, name: &str) -> Model {
        Model {
            ir_version: INTERMEDIATE,
            producer_name: "InfiniteZero".into(),
            doc_string: name.into(),
            graph: Some(self.message),
            opset_import: vec![OperatorSet { domain: String::new(), version: OPERATORS }],
        }
    }

    /// The input: a number of examples of this shape.
    pub fn floats(&mut self, name: &str, shape: &[i64]) {
        self.message.input.push(value(name, FLOAT, &["examples"], shape));
    }

    /// The input: a number of sequences of some length.
    pub fn characters(&mut self) {
        self.message.input.push(value("characters", INT64, &["examples", "steps"], &[]));
    }

    pub fn scores(&mut self, shape: &[i64]) {
        self.message.output.push(value("scores", FLOAT, &["examples"], shape));
    }

    pub fn scores_of_steps(&mut self, classes: i64) {
        self.message.output.push(value("scores", FLOAT, &["examples", "steps"], &[classes]));
    }

    fn node(&mut self, operator: &str, input: &[&str], output: &str, attribute: Vec<Attribute>) -> String {
        self.message.node.push(Node {
            input: input.iter().map(ToString::to_string).collect(),
            output: vec![output.into()],
            op_type: operator.into(),
            attribute,
        });
        output.into()
    }

    fn tensor(&mut self, name: &str, dims: Vec<i64>, values: &[f32]) {
        let raw_data = values.iter().flat_map(|value| value.to_le_bytes()).collect();
        self.message.initializer.push(Tensor { dims, data_type: FLOAT, name: name.into(), raw_data });
    }

    /// Takes a weight along as it is.
    fn weight(&mut self, name: &str) -> Result<String, NoTensor> {
        let (dims, values) = self.find(name)?;
        self.tensor(name, dims, values);
        Ok(name.into())
    }

    fn find(&self, name: &str) -> Result<(Vec<i64>, &'a [f32]), NoTensor> {
        let missing = || NoTensor(name.into());
        let (shape, range) =
            self.weights.layout.ranges().find(|(tensor, _)| tensor.name == name).ok_or_else(missing)?;
        let values = self.weights.values.get(range).ok_or_else(missing)?;
        Ok((shape.shape.iter().map(|side| *side as i64).collect(), values))
    }

    pub fn linear(&mut self, input: &str, layer: &str, output: &str) -> Result<(), NoTensor> {
        let (weight, bias) =
            (self.weight(&format!("{layer}.weight"))?, self.weight(&format!("{layer}.bias"))?);
        self.node("Gemm", &[input, &weight, &bias], output, vec![integer("transB", 1)]);
        Ok(())
    }

    pub fn relu(&mut self, input: &str) -> String {
        self.node("Relu", &[input], &format!("{input}.relu"), Vec::new())
    }

    pub fn flatten(&mut self, input: &str) -> String {
        self.node("Flatten", &[input], &format!("{input}.flat"), vec![integer("axis", 1)])
    }

    /// 5 × 5, as large as before, then 2 × 2 pooling and ReLU.
    pub fn convolution(&mut self, input: &str, layer: &str) -> Result<String, NoTensor> {
        let (weight, bias) =
            (self.weight(&format!("{layer}.weight"))?, self.weight(&format!("{layer}.bias"))?);
        let attributes = vec![integers("kernel_shape", &[5, 5]), integers("pads", &[2, 2, 2, 2])];
        let output = self.node("Conv", &[input, &weight, &bias], &format!("{layer}.output"), attributes);
        let attributes = vec![integers("kernel_shape", &[2, 2]), integers("strides", &[2, 2])];
        let pooled = self.node("MaxPool", &[&output], &format!("{layer}.pooled"), attributes);
        Ok(self.relu(&pooled))
    }

    /// Embedded characters, steps first.
    pub fn embedding(&mut self, input: &str) -> Result<String, NoTensor> {
        let weight = self.weight("embedding.weight")?;
        let embedded = self.node("Gather", &[&weight, input], "embedded", vec![integer("axis", 0)]);
        Ok(self.node("Transpose", &[&embedded], "steps", vec![integers("perm", &[1, 0, 2])]))
    }

    /// One layer: steps in, steps out.
    pub fn lstm(&mut self, input: &str, layer: usize, hidden: u32) -> Result<String, NoTensor> {
        let mut names = Vec::new();
        for kind in ["weight_ih", "weight_hh"] {
            let name = format!("lstm.{kind}_l{layer}");
            let (dims, values) = self.find(&name)?;
            self.tensor(&name, [&[1], dims.as_slice()].concat(), &by_gates(values));
            names.push(name);
        }
        let (_, inner) = self.find(&format!("lstm.bias_ih_l{layer}"))?;
        let (_, outer) = self.find(&format!("lstm.bias_hh_l{layer}"))?;
        let bias = format!("lstm.bias_l{layer}");
        let both = [by_gates(inner), by_gates(outer)].concat();
        self.tensor(&bias, vec![1, both.len() as i64], &both);
        let output = format!("lstm{layer}.output");
        self.node(
            "LSTM",
            &[input, &names[0], &names[1], &bias],
            &output,
            vec![integer("hidden_size", i64::from(hidden))],
        );
        // one direction
        let axes = format!("lstm{layer}.axes");
        let raw_data = 1i64.to_le_bytes().to_vec();
        self.message.initializer.push(Tensor {
            dims: vec![1],
            data_type: INT64,
            name: axes.clone(),
            raw_data,
        });
        Ok(self.node("Squeeze", &[&output, &axes], &format!("{output}.steps"), Vec::new()))
    }

    /// The same linear layer at every step; examples first again.
    pub fn steps(&mut self, input: &str, layer: &str) -> Result<(), NoTensor> {
        let examples = self.node("Transpose", &[input], "examples", vec![integers("perm", &[1, 0, 2])]);
        let (weight, bias) =
            (self.weight(&format!("{layer}.weight"))?, self.weight(&format!("{layer}.bias"))?);
        let turned =
            self.node("Transpose", &[&weight], &format!("{weight}.turned"), vec![integers("perm", &[1, 0])]);
        let product = self.node("MatMul", &[&examples, &turned], "product", Vec::new());
        self.node("Add", &[&product, &bias], "scores", Vec::new());
        Ok(())
    }
}

/// The rows of each gate, in ONNX's order.
fn by_gates(values: &[f32]) -> Vec<f32> {
    let size = values.len() / GATES.len();
    GATES
        .iter()
        .flat_map(|gate| values.get(gate * size..(gate + 1) * size).unwrap_or_default())
        .copied()
        .collect()
}

fn integer(name: &str, i: i64) -> Attribute {
    Attribute { name: name.into(), i, ints: Vec::new(), r#type: INTEGER }
}

fn integers(name: &str, ints: &[i64]) -> Attribute {
    Attribute { name: name.into(), i: 0, ints: ints.to_vec(), r#type: INTEGERS }
}

fn value(name: &str, elem_type: i32, open: &[&str], shape: &[i64]) -> Value {
    let sides = open
        .iter()
        .map(|name| Side::Name(name.to_string()))
        .chain(shape.iter().map(|side| Side::Length(*side)));
    let dim = sides.map(|side| Dimension { value: Some(side) }).collect();
    Value {
        name: name.into(),
        r#type: Some(Type { tensor_type: Some(TensorType { elem_type, shape: Some(Shape { dim }) }) }),
    }
}
