"""The figures of other programs: those beside the sets, or else those that were measured beside the half that is at hand."""

import json
import pathlib
import re

UPPER_BOUNDS = {"oracle"}
"""What knows the answer: no peer."""
OURS = pathlib.Path(__file__).parent / "peers.json"
FIGURE = re.compile(r"([^;]+?) (\d+\.\d)( \[\d+\])?(?=[ ;]|$)")


def peers(sets):
    """The best peer by set and figure, as name and per cent; a number in brackets behind the name says of how many records."""
    path = sets / "BASELINES.md"
    if path.exists():
        return table(path.read_text(encoding="utf-8"))
    return {(of, figure): tuple(best) for of, figure, *best in json.loads(OURS.read_text(encoding="utf-8"))}


def table(page):
    """Reads the table of such a page: set, figure, and peers, which are separated by semicolons."""
    found = {}
    for row in page.splitlines():
        cells = [cell.strip() for cell in row.strip("|").split("|")]
        if len(cells) < 3 or "/" not in cells[0]:
            continue
        all_peers = [(name.strip(), float(figure), sample) for name, figure, sample in FIGURE.findall(cells[2])]
        all_peers = [peer for peer in all_peers if peer[0] not in UPPER_BOUNDS]
        if all_peers:
            name, figure, sample = max(all_peers, key=lambda peer: peer[1])
            for one in cells[0].split(","):
                found[one.split("(")[0].strip(), cells[1]] = (name + sample, figure)
    return found
