"""What was measured, for a terminal and as a page."""

import pathlib

import reliability

NOTES = pathlib.Path(__file__).parent / "notes"


def plain(result, others):
    """The figures of a set in a few lines: per cent, in all and in halves, and the best peer's."""
    rate, ends = result["documents_per_cpu_second"], result["outcomes"]
    head = f"{result['set']}: {result['all']['n']} records; {', '.join(f'{outcome} {count}' for outcome, count in ends.items())}"
    head += f"; peak {result['peak_memory'] / 2**20:.0f} MiB"
    if rate:
        head += f"; {rate:.0f} documents per CPU-second in {', '.join(result['stages']) or 'all'}"
    return "\n".join([head, *(line(result, figure, others) for figure in result["figures"])])


def line(result, figure, others):
    halves = [result[part][figure] * 100 for part in ("half 1", "half 2") if part in result]
    shown = f"  {figure:<22} {result['all'][figure] * 100:5.1f}"
    if halves:
        shown += f"  ({', '.join(f'{half:.1f}' for half in halves)})"
    peer = others.get((result["set"], figure))
    return shown + (f"   {peer[0]} {peer[1]:.1f}" if peer else "")


def page(command, version, date, results, others):
    """The page: a table of all sets, and beneath it what `notes` say of their tasks."""
    rows = [row(result, figure, others) for result in results for figure in result["figures"]]
    head = (NOTES / "head.md").read_text(encoding="utf-8")
    tasks = dict.fromkeys(result["set"].split("/")[0] for result in results)
    return head.format(command=command, version=version, date=date, table="\n".join(rows)) + "".join(
        "\n" + note(task, results) for task in tasks if (NOTES / f"{task}.md").exists()
    )


def note(task, results):
    """What is said of a task, with the scores of what all its sets together hold in the place of `{reliability}`."""
    said = (NOTES / f"{task}.md").read_text(encoding="utf-8")
    counts = [result["reliability"] for result in results if result["set"].split("/")[0] == task and "reliability" in result]
    return said.replace("{reliability}", reliability.table(reliability.together(counts))) if counts else said


def row(result, figure, others):
    first = figure == result["figures"][0]
    rate = result["documents_per_cpu_second"] if first else None
    peer = others.get((result["set"], figure))
    cells = [
        f"{result['set']} ({result['all']['n']})" if first else "",
        figure,
        f"{result['all'][figure] * 100:.1f}",
        f"{peer[1]:.1f} {peer[0]}" if peer else "",
        f"{rate:.0f}" if rate else "",
    ]
    return "| " + " | ".join(cells) + " |"
