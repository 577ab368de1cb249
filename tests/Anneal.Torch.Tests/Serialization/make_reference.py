"""Writes reference.safetensors by the format's description alone (https://huggingface.co/docs/safetensors, "Format"), and reads it.

Run with Debian's python3-torch: python3 make_reference.py
Given a file's name, it reads that one instead and prints what it holds.
"""
import json
import os
import struct
import sys

import numpy
import torch

HERE = os.path.dirname(os.path.abspath(__file__))
FILE = os.path.join(HERE, "reference.safetensors")
TYPES = {
    "I64": torch.int64, "F64": torch.float64, "F32": torch.float32, "I32": torch.int32, "BF16": torch.bfloat16,
    "F16": torch.float16, "I16": torch.int16, "I8": torch.int8, "U8": torch.uint8, "BOOL": torch.bool,
}
NUMBERS = torch.tensor([[0.0, 1.0, -2.5], [3.140625, 100.0, -0.0078125]], dtype=torch.float64)


def raw(tensor):
    if tensor.dtype == torch.bfloat16:
        tensor = tensor.view(torch.int16)
    return tensor.numpy().astype(tensor.numpy().dtype.newbyteorder("<")).tobytes()


def write(path):
    tensors = {f"of.{name}": (name, (NUMBERS if TYPES[name] != torch.uint8 else NUMBERS.abs()).to(TYPES[name])) for name in TYPES}
    tensors["one"] = ("F32", torch.tensor(0.5))
    tensors["nothing"] = ("F32", torch.zeros(0, 3))
    order = sorted(tensors, key=lambda name: (list(TYPES).index(tensors[name][0]), name))
    header, end = {"__metadata__": {"format": "pt"}}, 0
    for name in order:
        type_name, tensor = tensors[name]
        begin, end = end, end + len(raw(tensor))
        header[name] = {"dtype": type_name, "shape": list(tensor.shape), "data_offsets": [begin, end]}
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + b"".join(raw(tensors[name][1]) for name in order))


def read(path):
    data = open(path, "rb").read()
    length, = struct.unpack("<Q", data[:8])
    header = json.loads(data[8:8 + length])
    print(header.pop("__metadata__", {}))
    for name, entry in header.items():
        begin, end = entry["data_offsets"]
        tensor = torch.zeros(entry["shape"], dtype=TYPES[entry["dtype"]])
        if end > begin:
            flat = numpy.frombuffer(data[8 + length + begin:8 + length + end], dtype=numpy.uint8).copy()
            tensor = torch.from_numpy(flat).view(tensor.dtype).reshape(entry["shape"])
        print(name, entry["dtype"], list(tensor.shape), tensor.tolist())


if len(sys.argv) > 1:
    read(sys.argv[1])
else:
    write(FILE)
    read(FILE)
