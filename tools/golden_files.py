"""safetensors as golden_models.py writes and reads them: bfloat16 too, which no numpy has."""

import json

import torch

DTYPES = {"F32": torch.float32, "F16": torch.float16, "BF16": torch.bfloat16}


def raw(tensor):
    tensor = tensor.contiguous()
    return (tensor.view(torch.int16) if tensor.dtype == torch.bfloat16 else tensor).numpy().tobytes()


def write(path, tensors, metadata):
    """@param tensors name → (dtype, values)"""
    header, data = {}, bytearray()
    for key, (dtype, tensor) in tensors.items():
        stored = raw(tensor.to(DTYPES[dtype]))
        place = [len(data), len(data) + len(stored)]
        header[key] = {"dtype": dtype, "shape": list(tensor.shape), "data_offsets": place}
        data += stored
    header["__metadata__"] = {"torch": torch.__version__, **metadata}
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(len(text).to_bytes(8, "little") + text + bytes(data))
    print(f"{path.name:28} {path.stat().st_size:9,} bytes")


def read(path):
    """The float16 tensors of a file, in float64."""
    data = path.read_bytes()
    start = 8 + int.from_bytes(data[:8], "little")
    header = json.loads(data[8:start])
    header.pop("__metadata__", None)
    tensors = {}
    for name, entry in header.items():
        begin, end = (start + at for at in entry["data_offsets"])
        half = torch.frombuffer(bytearray(data[begin:end]), dtype=torch.float16)
        tensors[name] = half.view(entry["shape"]).double()
    return tensors
