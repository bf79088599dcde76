# SPDX-License-Identifier: Apache-2.0
"""What goes wrong, by who can mend it. Every exception has the library's code and its text.

    Error
      InputError (ValueError)          1 to 99: a value that was given
      FileError (OSError)              100 to 199: a file or the machine
        NotFoundError (FileNotFoundError)
        DamageError                    a file that is not whole
        TrustError                     a file of another authority, or another key's, or open to others
        MemoryShortageError (MemoryError)
      RegisterError                    200 to 299: the index
      SigningKeyError (ValueError)     300 to 399: a key or a signature
      LedgerError                      400 to 499: a ledger
      TableError (ValueError)          a table that is not put together as Arrow says
      ColumnError (TypeError)          a column that is missing, left over, or of a type that does not fit
      ArgumentError (TypeError, ValueError)  an argument that a call does not have, or cannot take
"""

from __future__ import annotations


class Error(Exception):
    """An error of xacthuc: `code` is the library's number, stable, or None where the library has none."""

    code: int | None
    field: str | None = None
    """Of one request: the field that is wrong, None where it is the request as a whole."""

    def __init__(self, text: str, code: int | None = None) -> None:
        super().__init__(text)
        self.code = code


class InputError(Error, ValueError):
    """A value that the library was given is not what it has to be."""


class FileError(Error, OSError):
    """A file could not be read or written, or the machine lacks something."""

    def __str__(self) -> str:
        return str(self.args[0])


class NotFoundError(FileError, FileNotFoundError):
    """There is no such file."""


class DamageError(FileError):
    """The file is not whole, or not a register's."""


class TrustError(FileError):
    """The file is signed by nobody who is trusted here, made with another key, or its permissions are too open."""


class MemoryShortageError(FileError, MemoryError):
    """The machine does not have the memory."""


class RegisterError(Error):
    """The index refuses."""


class SigningKeyError(Error, ValueError):
    """A key or signature is none."""


class LedgerError(Error):
    """A ledger takes no rows, does not agree with itself, or is another than it should be."""


class TableError(Error, ValueError):
    """The table's memory is not laid out as the Arrow specification says, or it could not be read to its end."""


class ColumnError(Error, TypeError):
    """A column is missing, there twice, neither used nor ignored, or of a type that cannot hold what is wanted of it."""


class ArgumentError(Error, TypeError, ValueError):
    """An argument that the call does not have, or whose type or value it cannot take."""


_not_found = 112
_out_of_memory = 109
_damage = {102, 103, 104, 105, 111, 114, 115, 119, 120, 121, 127, 129}
_trust = {106, 107, 108, 110}


def of_library(code: int, text: str) -> Error:
    """The exception for a code of the library."""
    if code == _not_found:
        return NotFoundError(text, code)
    if code == _out_of_memory:
        return MemoryShortageError(text, code)
    if code in _damage:
        return DamageError(text, code)
    if code in _trust:
        return TrustError(text, code)
    kinds: dict[int, type[Error]] = {0: InputError, 1: FileError, 2: RegisterError, 3: SigningKeyError, 4: LedgerError}
    return kinds.get(code // 100, Error)(text, code)


def of_field(code: int, text: str, field: str) -> Error:
    """The exception for a value of one request."""
    error = of_library(code, text)
    error.field = field or None
    return error


def of_table(_code: int, text: str) -> Error:
    """The exception for a table that is not what Arrow says."""
    return TableError(text)


def of_column(_code: int, text: str) -> Error:
    """The exception for a column that does not fit."""
    return ColumnError(text)


def of_argument(_code: int, text: str) -> Error:
    """The exception for an argument that does not fit."""
    return ArgumentError(text)
