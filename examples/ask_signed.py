# SPDX-License-Identifier: Apache-2.0
"""Asks a service about one citizen, as agency 12, which signs: ask_signed.py URL FOLDER-OF-KEYS"""

import sys
from pathlib import Path

from xacthuc.client import Client, ProblemError, RequestSigning, SigningKey, Unanswered, load_public_key

url, keys = sys.argv[1], Path(sys.argv[2])
signing = RequestSigning.by(12, SigningKey.load(keys / "agency.key"), service=load_public_key(keys / "service.pub"))
with Client(url, signing=signing) as client:
    try:
        answer = client.verify("001199000001", name="NGUYEN THI HOA", birth_date="08/03/1998")
    except ProblemError as why:
        sys.exit(f"{why.code}: {why}")  # 1510 and 1511: the clock is wrong; 1513: the key is
    except Unanswered as why:
        sys.exit(f"nobody knows whether it counted: {why}")  # WrongSignature too: the answer was changed on its way
if answer.claims["birth_date"] is False:
    print(f"{answer.meaning}: the birth date does not match")
