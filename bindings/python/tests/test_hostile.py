# SPDX-License-Identifier: Apache-2.0
"""Tables that are wrong in every place where that can be seen. None may crash the interpreter, each must be refused or
answered, and everything handed over must be released once."""

from __future__ import annotations

import ctypes as c
import os
import random
import struct

import pytest
import xacthuc
from conftest import person
from hostile import ArrowArray, ArrowSchema, Made, Stream, Table, array_release, get_next, get_schema, schema_release, text, views

rows = [person(i) for i in range(40)]
ids = [row["id"] for row in rows]
people_names = [row["name"] for row in rows]
rounds = int(os.environ.get("XACTHUC_FUZZ_ROUNDS", "3000"))


def table_of(kind: str) -> Table:
    """A good table of ids and names, the names of one kind of column."""
    made = Made()
    if kind == "text":
        column, format = text(made, people_names), made.schema(b"u", b"name")
    elif kind == "views":
        column, format = views(made, people_names), made.schema(b"vu", b"name")
    else:
        words = sorted(set(people_names))
        indices = struct.pack(f"<{len(rows)}i", *(words.index(name) for name in people_names))
        column = made.array(len(rows), [None, indices], dictionary=text(made, words))
        format = made.schema(b"i", b"name", dictionary=made.schema(b"u"))
    schema = made.schema(b"+s", children=[made.schema(b"u", b"id"), format])
    return Table(made, schema, made.array(len(rows), [None], children=[text(made, ids), column]))


def ask(register: xacthuc.Register, table: object) -> list[int] | None:
    """The outcomes, or None when the table is refused as it should be."""
    try:
        return register.verify(table, name="name", threads=1).outcome.tolist()
    except (xacthuc.errors.TableError, xacthuc.errors.ColumnError):
        return None


right = [210 if row["life"] == "deceased" else 230 if row["account"] == "locked" else 0 for row in rows]


@pytest.mark.parametrize("kind", ["text", "views", "dictionary"])
def test_good_tables_made_by_hand_are_answered_and_released(register, kind):
    table = table_of(kind)
    assert ask(register, table) == right
    assert table.made.released == {"schema": 1, "array": 1, "stream": 0}
    stream = Stream(table_of(kind))
    assert ask(register, stream) == right
    assert stream.table.made.released == {"schema": 1, "array": 1, "stream": 1}


def child(table: Table, position: int = 1) -> ArrowArray:
    return table.array.children[position].contents


def put(structure: object, **fields: object) -> None:
    for name, value in fields.items():
        setattr(structure, name, value)


def set_buffer(array: ArrowArray, position: int, content: bytes | None, table: Table) -> None:
    array.buffers[position] = None if content is None else table.made.bytes(content).value


big = 2**62
refused = {
    "a negative number of rows": lambda t: put(t.array, length=-1),
    "more rows than there can be": lambda t: put(t.array, length=big),
    "a negative offset": lambda t: put(t.array, offset=-1),
    "an offset that overflows": lambda t: put(t.array, offset=2**63 - 1),
    "too few columns": lambda t: put(t.array, n_children=1),
    "too many columns": lambda t: put(t.array, n_children=3),
    "no columns at all": lambda t: put(t.array, children=c.POINTER(c.POINTER(ArrowArray))()),
    "a column that is missing": lambda t: t.array.children.__setitem__(1, c.POINTER(ArrowArray)()),
    "a batch without buffers": lambda t: put(t.array, n_buffers=0),
    "a batch with a null of buffers": lambda t: put(t.array, buffers=c.POINTER(c.c_void_p)()),
    "a column with fewer rows": lambda t: put(child(t), length=39),
    "a column beyond its rows": lambda t: put(t.array, offset=1),
    "a column of negative length": lambda t: put(child(t), length=-5),
    "a column of endless length": lambda t: put(child(t), length=big),
    "a column at a negative offset": lambda t: put(child(t), offset=-1),
    "a column at an endless offset": lambda t: put(child(t), offset=big),
    "a null count of nonsense": lambda t: put(child(t), null_count=-2),
    "more nulls than rows": lambda t: put(child(t), null_count=41),
    "nulls without a bitmap": lambda t: put(child(t), null_count=1),
    "no buffers": lambda t: put(child(t), n_buffers=0),
    "a negative number of buffers": lambda t: put(child(t), n_buffers=-1),
    "endless buffers": lambda t: put(child(t), n_buffers=big),
    "buffers at null": lambda t: put(child(t), buffers=c.POINTER(c.c_void_p)()),
    "no values": lambda t: set_buffer(child(t), 1, None, t),
    "a column that was released": lambda t: put(child(t), release=array_release(0)),
    "a schema without a format": lambda t: put(t.schema, format=None),
    "a column without a format": lambda t: put(t.schema.children[1].contents, format=None),
    "a column of unknown format": lambda t: put(t.schema.children[1].contents, format=b"?" * 5000),
    "a column of an empty format": lambda t: put(t.schema.children[1].contents, format=b""),
    "a broken timestamp": lambda t: put(t.schema.children[1].contents, format=b"ts"),
    "a broken fixed size": lambda t: put(t.schema.children[1].contents, format=b"w:99999999999999999999"),
    "a schema of negative columns": lambda t: put(t.schema, n_children=-1),
    "a schema of endless columns": lambda t: put(t.schema, n_children=big),
    "a schema without children": lambda t: put(t.schema, children=c.POINTER(c.POINTER(ArrowSchema))()),
    "a schema with a missing child": lambda t: t.schema.children.__setitem__(1, c.POINTER(ArrowSchema)()),
    "a name that is null": lambda t: put(t.schema.children[1].contents, name=None),
    "a schema's capsule of another name": lambda t: t.capsule_names.__setitem__(0, b"arrow_shema"),
    "an array's capsule of another name": lambda t: t.capsule_names.__setitem__(1, b"arrow_schema"),
    "a schema that was released": lambda t: put(t.schema, release=schema_release(0)),
    "an array that was released": lambda t: put(t.array, release=array_release(0)),
}


@pytest.mark.parametrize("spoil", refused.values(), ids=refused)
@pytest.mark.parametrize("kind", ["text", "views", "dictionary"])
def test_each_thing_that_is_wrong_is_refused(register, kind, spoil):
    table = table_of(kind)
    spoil(table)
    held = {"schema": bool(table.schema.release), "array": bool(table.array.release), "stream": False}
    assert ask(register, table) is None
    # Whatever came out of its capsule was released, and nothing twice.
    for what, count in table.made.released.items():
        assert count <= 1 and (held[what] or count == 0)


only_dictionaries = {
    "no dictionary in the array": lambda t: put(child(t), dictionary=c.POINTER(ArrowArray)()),
    "a dictionary of floats for indices": lambda t: put(t.schema.children[1].contents, format=b"g"),
    "a dictionary without a format": lambda t: put(t.schema.children[1].contents.dictionary.contents, format=None),
    "a dictionary of negative length": lambda t: put(child(t).dictionary.contents, length=-1),
    "a dictionary that is too short": lambda t: put(child(t).dictionary.contents, length=1),
    "a dictionary of a dictionary": lambda t: put(
        t.schema.children[1].contents.dictionary.contents, dictionary=c.pointer(t.schema.children[0].contents)
    ),
    "an index that is negative": lambda t: set_buffer(child(t), 1, struct.pack("<40i", *[0] * 39, -1), t),
    "an index beyond": lambda t: set_buffer(child(t), 1, struct.pack("<40i", 2**31 - 1, *[0] * 39), t),
}


@pytest.mark.parametrize("spoil", only_dictionaries.values(), ids=only_dictionaries)
def test_each_thing_that_is_wrong_with_a_dictionary_is_refused(register, spoil):
    table = table_of("dictionary")
    spoil(table)
    assert ask(register, table) is None


@pytest.mark.parametrize("offsets", [(-1, 5), (0, -5), (5, 0), (0, 2**31 - 1), (-(2**31), 2**31 - 1)])
def test_offsets_that_run_backwards_or_beyond_are_refused(register, offsets):
    table = table_of("text")
    size = sum(len(name.encode()) for name in people_names)
    spoiled = struct.pack("<41i", *offsets, *[size] * 39)
    set_buffer(child(table), 1, spoiled, table)
    assert ask(register, table) is None


@pytest.mark.parametrize("view", [(-1, 0, 0), (2**31 - 1, 0, 0), (20, 1, 0), (20, -1, 0), (20, 0, -1), (20, 0, 2**31 - 1),
                                  (2**31 - 1, 0, 2**31 - 1)])  # fmt: skip
def test_views_of_nothing_are_refused(register, view):
    table = table_of("views")
    whole = c.string_at(child(table).buffers[1], 16 * 40)
    size, buffer, offset = view
    set_buffer(child(table), 1, struct.pack("<i4sii", size, b"abcd", buffer, offset) + whole[16:], table)
    assert ask(register, table) is None


def test_streams_that_fail_are_told_in_their_own_words(register):
    for function in ("get_schema", "get_next"):
        for error, words in ((b"the other side failed", "the other side failed"), (None, "error 5")):
            stream = Stream(table_of("text"))
            stream.codes[function] = 5
            stream.error = error
            with pytest.raises(xacthuc.errors.TableError, match=words):
                register.verify(stream, name="name")
            assert stream.table.made.released["stream"] == 1
    for name, kind in (("get_schema", get_schema), ("get_next", get_next)):
        stream = Stream(table_of("text"))
        setattr(stream.stream, name, kind(0))
        assert ask(register, stream) is None
    stream = Stream(table_of("text"))
    assert ask(register, stream) == right
    assert ask(register, stream) is None  # used up


def test_what_is_no_capsule_is_refused(register):
    class Liar:
        def __init__(self, answer):
            self.answer = answer

        def __arrow_c_array__(self, requested_schema=None):
            if isinstance(self.answer, Exception):
                raise self.answer
            return self.answer

    for answer in ((), (1,), (1, 2), (None, None), (1, 2, 3)):
        assert ask(register, Liar(answer)) is None
    with pytest.raises(ZeroDivisionError):
        ask(register, Liar(ZeroDivisionError()))


def spoil_at_random(table: Table, random_: random.Random) -> None:
    """Changes a few things of those that can be checked, to values that mean harm or nothing."""
    harmful = [-(2**63), -(2**31), -2, -1, 0, 1, 2, 3, 12, 13, 39, 41, 2**31 - 1, 2**31, 2**40, 2**62, 2**63 - 1]
    column = child(table, random_.randrange(2))
    for _ in range(random_.randrange(1, 4)):
        what = random_.randrange(6)
        if what == 0:
            field = random_.choice(["null_count", "n_buffers", "offset"])
            value = random_.choice(harmful)
            # A small offset or a wrong but possible number of buffers cannot be told from a right one.
            if field == "offset" and 0 <= value <= 2**48 or field == "n_buffers" and 1 <= value <= 2**31:
                continue
            put(column, **{field: value})
        elif what == 1 and column.dictionary:
            indices = [random_.choice([0, 1, 5, random_.randrange(-(2**31), 2**31)]) for _ in range(40)]
            set_buffer(column, 1, struct.pack("<40i", *indices), table)
        elif what == 2 and column.n_buffers == 3:
            old = struct.unpack("<41i", c.string_at(column.buffers[1], 164)) if column.buffers[1] else [0] * 41
            new = [random_.choice([one, one, random_.randrange(-(2**31), 2**31)]) for one in old[:-1]]
            set_buffer(column, 1, struct.pack("<41i", *new, old[-1]), table)
        elif what == 3 and column.n_buffers == 4:
            noise = [random_.choice([0, 11, 12, 13, 40, 2**31 - 1, -1, random_.randrange(-(2**31), 2**31)]) for _ in range(160)]
            set_buffer(column, 1, struct.pack("<160i", *noise), table)
        elif what == 4:
            put(table.array, length=random_.choice([one for one in harmful if one <= 40 or one > 2**48]))
        elif what == 5:
            set_buffer(column, random_.randrange(2), random_.choice([None, bytes(8)]) if column.n_buffers < 0 else None, table)


def test_many_tables_spoiled_at_random_are_refused_or_answered(register):
    seen = {True: 0, False: 0}
    for seed in range(rounds):
        random_ = random.Random(seed)
        table = table_of(random_.choice(["text", "views", "dictionary"]))
        spoil_at_random(table, random_)
        answers = ask(register, Stream(table) if random_.random() < 0.5 else table)
        seen[answers is None] += 1
        assert table.made.released["schema"] == 1 and table.made.released["array"] == 1, seed
    assert seen[True] > rounds // 4 and seen[False] > rounds // 20, seen
