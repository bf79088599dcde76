# SPDX-License-Identifier: Apache-2.0
"""The same through the Python package: register.verify_one(), a call a question.

python_host.py <folder of people.xts, digest.key and authority.pub> <questions>
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import xacthuc


def main() -> None:
    people = xacthuc.open(Path(sys.argv[1]) / "people.xts")
    with open(sys.argv[2], encoding="utf-8") as file:
        questions = [line.rstrip("\n").split("\t") for line in file]
    ask = people.verify_one

    def ask_all() -> int:
        return sum(bool(ask(id=id, name=name, birth_date=birth_date, sex=sex)) for id, name, birth_date, sex in questions)

    ask_all()
    begin = time.process_time_ns()
    is_true = ask_all()
    print(f"{(time.process_time_ns() - begin) / len(questions):.1f} {is_true}")


if __name__ == "__main__":
    main()
