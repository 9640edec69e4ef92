//! The messages of `proto/trainer/infinitezero/learner/v1/learner.proto`.

use prost::Message;

#[derive(Clone, PartialEq, Message)]
pub struct PropertiesRequest {
    #[prost(message, optional, tag = "1")]
    pub task: Option<PrivateTask>,
}

#[derive(Clone, PartialEq, Message)]
pub struct PrivateTask {
    #[prost(uint32, tag = "1")]
    pub epochs: u32,
    #[prost(uint32, tag = "2")]
    pub batch: u32,
    #[prost(message, optional, tag = "3")]
    pub privacy: Option<SampleClip>,
}

#[derive(Clone, PartialEq, Message)]
pub struct PropertiesResponse {
    #[prost(string, tag = "1")]
    pub model: String,
    #[prost(string, tag = "2")]
    pub framework: String,
    #[prost(uint64, tag = "3")]
    pub examples: u64,
    #[prost(message, optional, tag = "4")]
    pub steps: Option<PrivateSteps>,
}

#[derive(Clone, PartialEq, Message)]
pub struct PrivateSteps {
    #[prost(uint64, tag = "1")]
    pub count: u64,
    #[prost(uint64, tag = "2")]
    pub drawn: u64,
    #[prost(uint64, tag = "3")]
    pub examples: u64,
    #[prost(float, tag = "4")]
    pub noise_multiplier: f32,
}

#[derive(Clone, PartialEq, Eq, Message)]
pub struct ParametersRequest {}

#[derive(Clone, PartialEq, Eq, Message)]
pub struct ParametersResponse {
    #[prost(bytes = "vec", tag = "1")]
    pub weights: Vec<u8>,
}

#[derive(Clone, PartialEq, Message)]
pub struct FitRequest {
    #[prost(bytes = "vec", tag = "1")]
    pub weights: Vec<u8>,
    #[prost(uint64, tag = "2")]
    pub round: u64,
    #[prost(bytes = "vec", tag = "3")]
    pub seed: Vec<u8>,
    #[prost(uint32, tag = "4")]
    pub epochs: u32,
    #[prost(uint32, tag = "5")]
    pub batch: u32,
    #[prost(float, tag = "6")]
    pub learning_rate: f32,
    #[prost(message, optional, tag = "7")]
    pub privacy: Option<SampleClip>,
    #[prost(bytes = "vec", tag = "8")]
    pub control: Vec<u8>,
    #[prost(float, tag = "10")]
    pub calibration: f32,
    #[prost(message, repeated, tag = "11")]
    pub sent: Vec<SentColumns>,
    #[prost(uint32, tag = "12")]
    pub pace: u32,
}

#[derive(Clone, PartialEq, Eq, Message)]
pub struct SentColumns {
    #[prost(string, tag = "1")]
    pub tensor: String,
    #[prost(uint32, repeated, tag = "2")]
    pub columns: Vec<u32>,
}

#[derive(Clone, PartialEq, Message)]
pub struct SampleClip {
    #[prost(float, tag = "1")]
    pub clip: f32,
    #[prost(float, tag = "2")]
    pub noise_multiplier: f32,
}

#[derive(Clone, PartialEq, Message)]
pub struct FitResponse {
    #[prost(bytes = "vec", tag = "1")]
    pub update: Vec<u8>,
    #[prost(uint64, tag = "2")]
    pub examples: u64,
    #[prost(float, tag = "3")]
    pub loss: f32,
}

#[derive(Clone, PartialEq, Eq, Message)]
pub struct EvaluateRequest {
    #[prost(bytes = "vec", tag = "1")]
    pub weights: Vec<u8>,
}

#[derive(Clone, PartialEq, Message)]
pub struct EvaluateResponse {
    #[prost(uint64, tag = "1")]
    pub examples: u64,
    #[prost(float, tag = "2")]
    pub loss: f32,
    #[prost(float, optional, tag = "3")]
    pub accuracy: Option<f32>,
    #[prost(message, repeated, tag = "4")]
    pub subgroups: Vec<Subgroup>,
}

#[derive(Clone, PartialEq, Eq, Message)]
pub struct ExportRequest {
    #[prost(bytes = "vec", tag = "1")]
    pub weights: Vec<u8>,
    #[prost(string, tag = "2")]
    pub format: String,
}

#[derive(Clone, PartialEq, Eq, Message)]
pub struct ExportResponse {
    #[prost(bytes = "vec", tag = "1")]
    pub model: Vec<u8>,
}

#[derive(Clone, PartialEq, Message)]
pub struct Subgroup {
    #[prost(string, tag = "1")]
    pub name: String,
    #[prost(float, tag = "2")]
    pub accuracy: f32,
}
