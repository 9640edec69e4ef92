//! Writes each built-in model as ONNX, with examples and the scores that libtorch gives them: `export FOLDER`. Run by `scripts/python`.

use std::{fs, path::PathBuf};

use iz_learn::{
    data::text,
    export,
    model::{Architecture, Model},
};
use serde_json::json;
use tch::{Kind, Tensor};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = PathBuf::from(std::env::args().nth(1).ok_or("usage: export FOLDER")?);
    fs::create_dir_all(&folder)?;
    let models: [(&str, Architecture, &[i64]); 4] = [
        ("logistic", Architecture::Logistic { inputs: 30, classes: 2 }, &[7, 30]),
        ("mlp", Architecture::Mlp { inputs: 14, hidden: vec![32, 16], classes: 3 }, &[7, 14]),
        ("cnn", Architecture::DigitsCnn, &[5, 1, 28, 28]),
        ("lstm", Architecture::CharLstm { characters: text::CHARACTERS as u32, hidden: 48 }, &[3, 20]),
    ];
    for (name, architecture, shape) in models {
        let weights = architecture.initial(11)?;
        fs::write(folder.join(format!("{name}.onnx")), export::onnx(&architecture, &weights)?)?;
        let count: i64 = shape.iter().product();
        let values: Vec<i64> = (0..count).map(|place| place * 7_919 % text::CHARACTERS).collect();
        let features = match &architecture {
            Architecture::CharLstm { .. } => Tensor::from_slice(&values).f_reshape(shape)?,
            _ => (Tensor::from_slice(&values).f_to_kind(Kind::Float)? / 48.0 - 1.0).f_reshape(shape)?,
        };
        let scores = Model::new(architecture, &weights)?.scores(&features)?.f_detach()?.f_reshape([-1])?;
        let case = json!({
            "shape": shape,
            "features": Vec::<f64>::try_from(features.f_to_kind(Kind::Double)?.f_reshape([-1])?)?,
            "scores": Vec::<f32>::try_from(scores)?,
        });
        fs::write(folder.join(format!("{name}.json")), case.to_string())?;
    }
    Ok(())
}
