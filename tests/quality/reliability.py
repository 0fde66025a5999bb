"""How often what was found with a score is right: what scores are worth."""

TENTHS = 10


def bins(scored):
    """By tenths of the score: how many were found, the sum of their scores, and how many are right. Takes pairs of score and right."""
    counts = [{"found": 0, "scores": 0.0, "right": 0} for _ in range(TENTHS)]
    for score, right in scored:
        one = counts[min(int(score * TENTHS), TENTHS - 1)]
        one["found"] += 1
        one["scores"] += score
        one["right"] += right
    return counts


def together(several):
    """The bins of several sets as one."""
    return [{key: sum(one[key] for one in same) for key in same[0]} for same in zip(*several)]


def table(counts):
    """The bins that hold something, in Markdown."""
    rows = ["| score | found | mean score | right |", "| --- | ---: | ---: | ---: |"]
    for tenth, one in enumerate(counts):
        if one["found"]:
            mean, right = (f"{100 * one[key] / one['found']:.0f}" for key in ("scores", "right"))
            rows.append(f"| {tenth / TENTHS:.1f} to {(tenth + 1) / TENTHS:.1f} | {one['found']} | {mean} | {right} |")
    return "\n".join(rows)
