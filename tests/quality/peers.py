"""The figures of other programs, from `BASELINES.md` beside the sets."""

import re

UPPER_BOUNDS = {"oracle"}
"""What knows the answer: no peer."""


def peers(sets):
    """The best peer's name and figure in per cent, by set and figure."""
    path = sets / "BASELINES.md"
    found = {}
    for row in path.read_text(encoding="utf-8").splitlines() if path.exists() else []:
        cells = [cell.strip() for cell in row.strip("|").split("|")]
        if len(cells) < 3 or "/" not in cells[0]:
            continue
        figures = [match.groups() for match in re.finditer(r"([\w.][^;]*?) (\d+\.\d)(?: [^;]*)?(?:;|$)", cells[2])]
        figures = [(float(figure), name) for name, figure in figures if name not in UPPER_BOUNDS]
        if figures:
            figure, name = max(figures, key=lambda pair: pair[0])
            for one in cells[0].split(","):
                found[one.split("(")[0].strip(), cells[1]] = (name, figure)
    return found
