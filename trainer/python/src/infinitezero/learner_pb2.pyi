from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class PropertiesRequest(_message.Message):
    __slots__ = ("task",)
    TASK_FIELD_NUMBER: _ClassVar[int]
    task: PrivateTask
    def __init__(self, task: _Optional[_Union[PrivateTask, _Mapping]] = ...) -> None: ...

class PrivateTask(_message.Message):
    __slots__ = ("epochs", "batch", "privacy")
    EPOCHS_FIELD_NUMBER: _ClassVar[int]
    BATCH_FIELD_NUMBER: _ClassVar[int]
    PRIVACY_FIELD_NUMBER: _ClassVar[int]
    epochs: int
    batch: int
    privacy: SampleClip
    def __init__(self, epochs: _Optional[int] = ..., batch: _Optional[int] = ..., privacy: _Optional[_Union[SampleClip, _Mapping]] = ...) -> None: ...

class PropertiesResponse(_message.Message):
    __slots__ = ("model", "framework", "examples", "steps")
    MODEL_FIELD_NUMBER: _ClassVar[int]
    FRAMEWORK_FIELD_NUMBER: _ClassVar[int]
    EXAMPLES_FIELD_NUMBER: _ClassVar[int]
    STEPS_FIELD_NUMBER: _ClassVar[int]
    model: str
    framework: str
    examples: int
    steps: PrivateSteps
    def __init__(self, model: _Optional[str] = ..., framework: _Optional[str] = ..., examples: _Optional[int] = ..., steps: _Optional[_Union[PrivateSteps, _Mapping]] = ...) -> None: ...

class PrivateSteps(_message.Message):
    __slots__ = ("count", "drawn", "examples", "noise_multiplier")
    COUNT_FIELD_NUMBER: _ClassVar[int]
    DRAWN_FIELD_NUMBER: _ClassVar[int]
    EXAMPLES_FIELD_NUMBER: _ClassVar[int]
    NOISE_MULTIPLIER_FIELD_NUMBER: _ClassVar[int]
    count: int
    drawn: int
    examples: int
    noise_multiplier: float
    def __init__(self, count: _Optional[int] = ..., drawn: _Optional[int] = ..., examples: _Optional[int] = ..., noise_multiplier: _Optional[float] = ...) -> None: ...

class ParametersRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class ParametersResponse(_message.Message):
    __slots__ = ("weights",)
    WEIGHTS_FIELD_NUMBER: _ClassVar[int]
    weights: bytes
    def __init__(self, weights: _Optional[bytes] = ...) -> None: ...

class FitRequest(_message.Message):
    __slots__ = ("weights", "round", "seed", "epochs", "batch", "learning_rate", "privacy", "control", "calibration", "sent", "pace")
    WEIGHTS_FIELD_NUMBER: _ClassVar[int]
    ROUND_FIELD_NUMBER: _ClassVar[int]
    SEED_FIELD_NUMBER: _ClassVar[int]
    EPOCHS_FIELD_NUMBER: _ClassVar[int]
    BATCH_FIELD_NUMBER: _ClassVar[int]
    LEARNING_RATE_FIELD_NUMBER: _ClassVar[int]
    PRIVACY_FIELD_NUMBER: _ClassVar[int]
    CONTROL_FIELD_NUMBER: _ClassVar[int]
    CALIBRATION_FIELD_NUMBER: _ClassVar[int]
    SENT_FIELD_NUMBER: _ClassVar[int]
    PACE_FIELD_NUMBER: _ClassVar[int]
    weights: bytes
    round: int
    seed: bytes
    epochs: int
    batch: int
    learning_rate: float
    privacy: SampleClip
    control: bytes
    calibration: float
    sent: _containers.RepeatedCompositeFieldContainer[SentColumns]
    pace: int
    def __init__(self, weights: _Optional[bytes] = ..., round: _Optional[int] = ..., seed: _Optional[bytes] = ..., epochs: _Optional[int] = ..., batch: _Optional[int] = ..., learning_rate: _Optional[float] = ..., privacy: _Optional[_Union[SampleClip, _Mapping]] = ..., control: _Optional[bytes] = ..., calibration: _Optional[float] = ..., sent: _Optional[_Iterable[_Union[SentColumns, _Mapping]]] = ..., pace: _Optional[int] = ...) -> None: ...

class SentColumns(_message.Message):
    __slots__ = ("tensor", "columns")
    TENSOR_FIELD_NUMBER: _ClassVar[int]
    COLUMNS_FIELD_NUMBER: _ClassVar[int]
    tensor: str
    columns: _containers.RepeatedScalarFieldContainer[int]
    def __init__(self, tensor: _Optional[str] = ..., columns: _Optional[_Iterable[int]] = ...) -> None: ...

class SampleClip(_message.Message):
    __slots__ = ("clip", "noise_multiplier")
    CLIP_FIELD_NUMBER: _ClassVar[int]
    NOISE_MULTIPLIER_FIELD_NUMBER: _ClassVar[int]
    clip: float
    noise_multiplier: float
    def __init__(self, clip: _Optional[float] = ..., noise_multiplier: _Optional[float] = ...) -> None: ...

class FitResponse(_message.Message):
    __slots__ = ("update", "examples", "loss")
    UPDATE_FIELD_NUMBER: _ClassVar[int]
    EXAMPLES_FIELD_NUMBER: _ClassVar[int]
    LOSS_FIELD_NUMBER: _ClassVar[int]
    update: bytes
    examples: int
    loss: float
    def __init__(self, update: _Optional[bytes] = ..., examples: _Optional[int] = ..., loss: _Optional[float] = ...) -> None: ...

class EvaluateRequest(_message.Message):
    __slots__ = ("weights",)
    WEIGHTS_FIELD_NUMBER: _ClassVar[int]
    weights: bytes
    def __init__(self, weights: _Optional[bytes] = ...) -> None: ...

class EvaluateResponse(_message.Message):
    __slots__ = ("examples", "loss", "accuracy", "subgroups")
    EXAMPLES_FIELD_NUMBER: _ClassVar[int]
    LOSS_FIELD_NUMBER: _ClassVar[int]
    ACCURACY_FIELD_NUMBER: _ClassVar[int]
    SUBGROUPS_FIELD_NUMBER: _ClassVar[int]
    examples: int
    loss: float
    accuracy: float
    subgroups: _containers.RepeatedCompositeFieldContainer[Subgroup]
    def __init__(self, examples: _Optional[int] = ..., loss: _Optional[float] = ..., accuracy: _Optional[float] = ..., subgroups: _Optional[_Iterable[_Union[Subgroup, _Mapping]]] = ...) -> None: ...

class ExportRequest(_message.Message):
    __slots__ = ("weights", "format")
    WEIGHTS_FIELD_NUMBER: _ClassVar[int]
    FORMAT_FIELD_NUMBER: _ClassVar[int]
    weights: bytes
    format: str
    def __init__(self, weights: _Optional[bytes] = ..., format: _Optional[str] = ...) -> None: ...

class ExportResponse(_message.Message):
    __slots__ = ("model",)
    MODEL_FIELD_NUMBER: _ClassVar[int]
    model: bytes
    def __init__(self, model: _Optional[bytes] = ...) -> None: ...

class Subgroup(_message.Message):
    __slots__ = ("name", "accuracy")
    NAME_FIELD_NUMBER: _ClassVar[int]
    ACCURACY_FIELD_NUMBER: _ClassVar[int]
    name: str
    accuracy: float
    def __init__(self, name: _Optional[str] = ..., accuracy: _Optional[float] = ...) -> None: ...
