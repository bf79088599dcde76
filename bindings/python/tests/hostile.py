# SPDX-License-Identifier: Apache-2.0
"""Arrow structures made by hand, so that they can be made wrong. Every buffer is exactly as long as it has to be, so that
AddressSanitizer sees a read beyond; every structure counts its releases."""

from __future__ import annotations

import ctypes as c
import struct
from typing import Any


class ArrowSchema(c.Structure):
    pass


class ArrowArray(c.Structure):
    pass


class ArrowArrayStream(c.Structure):
    pass


schema_release = c.CFUNCTYPE(None, c.POINTER(ArrowSchema))
array_release = c.CFUNCTYPE(None, c.POINTER(ArrowArray))
stream_release = c.CFUNCTYPE(None, c.POINTER(ArrowArrayStream))
get_schema = c.CFUNCTYPE(c.c_int, c.POINTER(ArrowArrayStream), c.POINTER(ArrowSchema))
get_next = c.CFUNCTYPE(c.c_int, c.POINTER(ArrowArrayStream), c.POINTER(ArrowArray))
get_last_error = c.CFUNCTYPE(c.c_void_p, c.POINTER(ArrowArrayStream))

ArrowSchema._fields_ = [
    ("format", c.c_char_p), ("name", c.c_char_p), ("metadata", c.c_char_p), ("flags", c.c_int64),
    ("n_children", c.c_int64), ("children", c.POINTER(c.POINTER(ArrowSchema))), ("dictionary", c.POINTER(ArrowSchema)),
    ("release", schema_release), ("private_data", c.c_void_p),
]  # fmt: skip
ArrowArray._fields_ = [
    ("length", c.c_int64), ("null_count", c.c_int64), ("offset", c.c_int64), ("n_buffers", c.c_int64),
    ("n_children", c.c_int64), ("buffers", c.POINTER(c.c_void_p)), ("children", c.POINTER(c.POINTER(ArrowArray))),
    ("dictionary", c.POINTER(ArrowArray)), ("release", array_release), ("private_data", c.c_void_p),
]  # fmt: skip
ArrowArrayStream._fields_ = [
    ("get_schema", get_schema), ("get_next", get_next), ("get_last_error", get_last_error),
    ("release", stream_release), ("private_data", c.c_void_p),
]  # fmt: skip

_new_capsule = c.pythonapi.PyCapsule_New
_new_capsule.restype = c.py_object
_new_capsule.argtypes = [c.c_void_p, c.c_char_p, c.c_void_p]


class Made:
    """All that one table is made of, kept alive, and how often its structures were released."""

    def __init__(self) -> None:
        self.kept: list[Any] = []
        self.released = {"schema": 0, "array": 0, "stream": 0}
        self.releases = {
            "schema": schema_release(lambda what: self._release("schema", what)),
            "array": array_release(lambda what: self._release("array", what)),
            "stream": stream_release(lambda what: self._release("stream", what)),
        }

    def _release(self, kind: str, what: Any) -> None:
        self.released[kind] += 1
        what.contents.release = type(self.releases[kind])(0)

    def keep(self, what: Any) -> Any:
        self.kept.append(what)
        return what

    def bytes(self, content: bytes) -> c.c_void_p:
        """A pointer to a copy that is exactly as long, or one to no bytes at all."""
        return c.cast(self.keep((c.c_char * len(content)).from_buffer_copy(content)), c.c_void_p)

    def schema(self, format: bytes, name: bytes = b"", children=(), dictionary=None) -> ArrowSchema:
        made = self.keep(ArrowSchema(format=format, name=name, flags=2, n_children=len(children)))
        if children:
            made.children = self.keep((c.POINTER(ArrowSchema) * len(children))(*map(c.pointer, children)))
        if dictionary is not None:
            made.dictionary = c.pointer(dictionary)
        made.release = self.releases["schema"]
        return made

    def array(self, length: int, buffers, children=(), dictionary=None, null_count: int = 0) -> ArrowArray:
        pointers = [None if one is None else self.bytes(one).value for one in buffers]
        made = self.keep(ArrowArray(length=length, null_count=null_count, n_buffers=len(pointers)))
        made.buffers = self.keep((c.c_void_p * len(pointers))(*pointers))
        made.n_children = len(children)
        if children:
            made.children = self.keep((c.POINTER(ArrowArray) * len(children))(*map(c.pointer, children)))
        if dictionary is not None:
            made.dictionary = c.pointer(dictionary)
        made.release = self.releases["array"]
        return made


def text(made: Made, texts: list[str]) -> ArrowArray:
    """A column of strings."""
    content = [one.encode() for one in texts]
    offsets = [sum(map(len, content[:i])) for i in range(len(content) + 1)]
    return made.array(len(texts), [None, struct.pack(f"<{len(offsets)}i", *offsets), b"".join(content)])


def views(made: Made, texts: list[str]) -> ArrowArray:
    """A column of string views."""
    place, buffer, rows = 0, b"", b""
    for one in (one.encode() for one in texts):
        if len(one) <= 12:
            rows += struct.pack("<i12s", len(one), one)
        else:
            rows += struct.pack("<i4sii", len(one), one[:4], 0, place)
            place += len(one)
            buffer += one
    return made.array(len(texts), [None, rows, buffer, struct.pack("<q", len(buffer))])


class Table:
    """What is handed to xacthuc: a schema and an array, or a stream of the array."""

    def __init__(self, made: Made, schema: ArrowSchema, array: ArrowArray) -> None:
        self.made, self.schema, self.array = made, schema, array
        self.capsule_names = [b"arrow_schema", b"arrow_array"]

    def __arrow_c_array__(self, requested_schema: object = None) -> tuple[object, object]:
        return (
            _new_capsule(c.addressof(self.schema), self.capsule_names[0], None),
            _new_capsule(c.addressof(self.array), self.capsule_names[1], None),
        )


class Stream:
    """A table as a stream of one batch, each function of which can be made to fail."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.batches = [table.array]
        self.codes = {"get_schema": 0, "get_next": 0}
        self.error: bytes | None = b"the other side failed"
        self.stream = ArrowArrayStream(
            get_schema(self._schema), get_next(self._next), get_last_error(self._error), table.made.releases["stream"]
        )

    def _schema(self, _stream: Any, out: Any) -> int:
        c.memmove(out, c.addressof(self.table.schema), c.sizeof(ArrowSchema))
        return self.codes["get_schema"]

    def _next(self, _stream: Any, out: Any) -> int:
        if self.batches:
            c.memmove(out, c.addressof(self.batches.pop()), c.sizeof(ArrowArray))
        else:
            c.memset(out, 0, c.sizeof(ArrowArray))
        return self.codes["get_next"]

    def _error(self, _stream: Any) -> int | None:
        return c.cast(self.table.made.keep(c.c_char_p(self.error)), c.c_void_p).value

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return _new_capsule(c.addressof(self.stream), b"arrow_array_stream", None)
