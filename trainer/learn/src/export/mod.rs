//! A model as other tools read it: ONNX.

use iz_onnx::Graph;
use iz_round::Weights;
use prost::Message as _;

use crate::{Error, model::Architecture};

/// The bytes of an ONNX file of the model: input `features` (or `characters`), output `scores`, before the softmax.
pub fn onnx(architecture: &Architecture, weights: &Weights) -> Result<Vec<u8>, Error> {
    weights.check()?;
    if weights.layout != architecture.layout()? {
        return Err(Error::Layout);
    }
    let mut graph = Graph::new(weights);
    match architecture {
        Architecture::Logistic { inputs, classes } => {
            graph.floats("features", &[i64::from(*inputs)]);
            graph.linear("features", "layer00", "scores")?;
            graph.scores(&[i64::from(*classes)]);
        }
        Architecture::Mlp { inputs, hidden, classes } => {
            graph.floats("features", &[i64::from(*inputs)]);
            let mut last = String::from("features");
            for index in 0..hidden.len() {
                let name = format!("layer{index:02}");
                graph.linear(&last, &name, &format!("{name}.output"))?;
                last = graph.relu(&format!("{name}.output"));
            }
            graph.linear(&last, &format!("layer{:02}", hidden.len()), "scores")?;
            graph.scores(&[i64::from(*classes)]);
        }
        Architecture::DigitsCnn => {
            graph.floats("features", &[1, 28, 28]);
            let one = graph.convolution("features", "conv1")?;
            let two = graph.convolution(&one, "conv2")?;
            let flat = graph.flatten(&two);
            graph.linear(&flat, "dense1", "dense1.output")?;
            let hidden = graph.relu("dense1.output");
            graph.linear(&hidden, "dense2", "scores")?;
            graph.scores(&[10]);
        }
        Architecture::CharLstm { characters, hidden } => {
            graph.characters();
            let embedded = graph.embedding("characters")?;
            let one = graph.lstm(&embedded, 0, *hidden)?;
            let two = graph.lstm(&one, 1, *hidden)?;
            graph.steps(&two, "dense")?;
            graph.scores_of_steps(i64::from(*characters));
        }
    }
    Ok(graph.finish(&architecture.name()).encode_to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;
    use iz_onnx::messages;

    fn read(architecture: &Architecture) -> messages::Graph {
        let bytes = onnx(architecture, &architecture.initial(1).unwrap()).unwrap();
        messages::Model::decode(bytes.as_slice()).unwrap().graph.unwrap()
    }

    #[test]
    fn every_model_is_a_graph_whose_names_are_all_made_before_they_are_used() {
        for (architecture, nodes) in [
            (Architecture::Logistic { inputs: 3, classes: 2 }, 1),
            (Architecture::Mlp { inputs: 3, hidden: vec![4, 5], classes: 2 }, 5),
            (Architecture::DigitsCnn, 10),
            (Architecture::CharLstm { characters: 97, hidden: 4 }, 10),
        ] {
            let graph = read(&architecture);
            assert_eq!(graph.node.len(), nodes, "{architecture:?}");
            let mut known: Vec<String> = graph.input.iter().map(|input| input.name.clone()).collect();
            known.extend(graph.initializer.iter().map(|tensor| tensor.name.clone()));
            for node in graph.node {
                assert!(node.input.iter().all(|name| known.contains(name)), "{:?}", node.input);
                known.extend(node.output.into_iter().filter(|name| !name.is_empty()));
            }
            assert!(known.contains(&"scores".into()));
        }
    }

    #[test]
    fn the_weights_are_in_it() {
        let architecture = Architecture::Logistic { inputs: 3, classes: 2 };
        let weights = architecture.initial(1).unwrap();
        let graph = read(&architecture);
        let tensor = graph.initializer.iter().find(|tensor| tensor.name == "layer00.weight").unwrap();
        let values: Vec<f32> =
            tensor.raw_data.chunks(4).map(|word| f32::from_le_bytes(word.try_into().unwrap())).collect();
        assert_eq!(
            (tensor.dims.as_slice(), values.as_slice()),
            ([2, 3].as_slice(), weights.tensor("layer00.weight").unwrap())
        );
    }

    #[test]
    fn weights_that_are_not_the_models_are_refused() {
        let architecture = Architecture::Logistic { inputs: 3, classes: 2 };
        let other = Architecture::Logistic { inputs: 2, classes: 3 }.initial(1).unwrap();
        assert!(matches!(onnx(&architecture, &other), Err(Error::Layout)));
        let mut poisoned = architecture.initial(1).unwrap();
        poisoned.values[0] = f32::NAN;
        assert!(matches!(onnx(&architecture, &poisoned), Err(Error::Weights(_))));
    }
}
