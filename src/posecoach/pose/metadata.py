"""TFLite metadata that the landmarker asks for and the registry's raw models lack.

A bundle of raw files is refused ("requires specifying NormalizationOptions metadata"). The
metadata says how a picture's bytes become the model's input; with it the built bundle's output
is bit-identical to the official one's.
"""

from __future__ import annotations

from typing import Any

import flatbuffers
from mediapipe.tasks.metadata import metadata_schema_py_generated as meta
from mediapipe.tasks.metadata import schema_py_generated as tfl

METADATA_NAME = "TFLITE_METADATA"


def has_metadata(model: bytes) -> bool:
    """Return whether a TFLite file already holds its metadata."""
    return METADATA_NAME.encode() in model


def add_normalisation(model: bytes, mean: float, std: float) -> bytes:
    """Return the TFLite file with NormalizationOptions for its first input.

    Parameters
    ----------
    model : bytes
    mean, std : float
        Input = (byte - mean) / std.
    """
    options: Any = meta.NormalizationOptionsT()
    options.mean, options.std = [mean], [std]
    unit: Any = meta.ProcessUnitT()
    unit.optionsType = meta.ProcessUnitOptions.NormalizationOptions
    unit.options = options
    tensor: Any = meta.TensorMetadataT()
    tensor.name = "image"
    tensor.processUnits = [unit]
    graph: Any = meta.SubGraphMetadataT()
    graph.inputTensorMetadata = [tensor]
    whole: Any = meta.ModelMetadataT()
    whole.subgraphMetadata = [graph]
    packed = flatbuffers.Builder(1024)
    packed.Finish(whole.Pack(packed), b"M001")

    tree: Any = tfl.ModelT.InitFromObj(tfl.Model.GetRootAs(model, 0))
    buffer: Any = tfl.BufferT()
    buffer.data = list(packed.Output())
    tree.buffers = [*tree.buffers, buffer]
    entry: Any = tfl.MetadataT()
    entry.name = METADATA_NAME
    entry.buffer = len(tree.buffers) - 1
    tree.metadata = [*(tree.metadata or []), entry]
    out = flatbuffers.Builder(len(model) + 4096)
    out.Finish(tree.Pack(out), b"TFL3")
    return bytes(out.Output())
