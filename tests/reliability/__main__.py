"""Try every fault as often as docs/reliability.md states, and write its table.

python -m tests.reliability [PART OF A NAME]
"""

import os
import re
import sys
import tempfile
import time
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from tests.reliability import fuzzing, soak
from tests.reliability.copies import COPIES
from tests.reliability.damage import DAMAGES
from tests.reliability.elsewhere import ELSEWHERE
from tests.reliability.foreign import FOREIGN
from tests.reliability.histories import HISTORIES
from tests.reliability.kills import KILLS
from tests.reliability.limits import LIMITS
from tests.reliability.models import MODELS
from tests.reliability.own_files import OWN
from tests.reliability.people import PEOPLE_FAULTS
from tests.reliability.power import POWER
from tests.reliability.readers import READERS
from tests.reliability.replaced import REPLACED
from tests.reliability.surroundings import SURROUNDINGS

DOCUMENT = Path(__file__).parents[2] / "docs" / "reliability.md"
SEED = int(os.environ.get("RELIABILITY_SEED", "0"))
FAULTS = (
    *KILLS, *LIMITS, *DAMAGES, *REPLACED, *READERS, *HISTORIES, *POWER, *FOREIGN, *COPIES,
    *ELSEWHERE, *OWN, *SURROUNDINGS, *PEOPLE_FAULTS, *MODELS,
)  # fmt: skip
ALL = (*FAULTS, *fuzzing.FUZZES, (soak.of_rounds, soak.ROUNDS))


def main(part: str = "") -> int:
    rows = []
    lost = 0
    for fault, times in ALL:
        if part not in fault.__name__:
            continue
        began = time.perf_counter()
        with tempfile.TemporaryDirectory() as name:
            os.environ["LABELLER_DATA"] = str(Path(name) / "data")
            outcome = fault(Path(name), times, SEED)
        lost += len(outcome.lost)
        rows.append(outcome.row())
        print(f"{outcome.row()} {time.perf_counter() - began:.0f} s", flush=True)
        for sentence in outcome.lost[:5]:
            print(f"    {sentence}")
    if not part:
        head = "| fault | tried | lost | |\n| --- | --- | --- | --- |\n"
        table = f"<!-- table -->\n\n{head}{chr(10).join(rows)}\n\n<!-- end of the table -->"
        text = DOCUMENT.read_text(encoding="utf-8")
        DOCUMENT.write_text(
            re.sub("<!-- table -->.*<!-- end of the table -->", lambda _: table, text, flags=re.S),
            encoding="utf-8",
        )
    return 1 if lost else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
