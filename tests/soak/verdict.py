"""What was wrong: pages, rows, what the upstream said and its bill, compared."""

import re
from collections import Counter, defaultdict

from tests.soak.person import legible

GRACE = 1.0  # seconds of text that may be lost at a kill, on a busy machine; 0.25 on an idle one
MARKUP = 20  # characters that may show of emphasis or a link while it is unfinished


def faults_of_rows(rows, tape):
    """Replies that never ended or hold what the upstream did not say; one line each."""
    for row in rows:
        said = tape.said(_number(row))
        if row["state"] == "streaming":
            yield f"{row['id']} still streams"
        elif not row["text"]:
            continue
        elif row["state"] == "done" and row["text"] not in said:
            yield f"{row['id']} is done and not what the upstream said"
        elif not any(each.startswith(row["text"]) for each in said):
            yield f"{row['id']} is no beginning of what the upstream said"


def faults_of_pages(pages, rows):
    """Pages that show something else than the rows, or less of them."""
    by_id = {row["id"]: row for row in rows}
    by_path = defaultdict(set)
    for row in rows:
        by_path[row["path"]].add(row["id"])
    for page, must_show_all in pages:
        for reply in page.states:
            if difference := page.difference(reply, by_id[reply]["html"]):
                yield f"{reply} differs on a page: {difference}"
        if must_show_all and (missing := by_path[page.path] - set(page.states)):
            yield f"{', '.join(missing)} not on the page"


def losses(pages, rows, killed):
    """Seconds before a kill from which text stood on a page that then was gone; one a reply."""
    kept = {row["id"]: legible(row["html"]) for row in rows if row["died"]}
    lost = defaultdict(float)
    for page, _ in pages:
        for reply in page.grown.keys() & kept.keys():
            gone = [at for at, length in page.grown[reply] if length > kept[reply] + MARKUP]
            if gone and (kill := min((kill for kill in killed if kill > gone[0]), default=None)):
                lost[reply] = max(lost[reply], kill - gone[0])
    return list(lost.values())


def faults_of_the_bill(reported, bill):
    """Every charge that rests on the upstream's own word must be on its bill."""
    lines = Counter((each["prompt_tokens"], each["completion_tokens"]) for each in bill["lines"])
    if strange := Counter(map(tuple, reported)) - lines:
        yield f"charged otherwise than billed: {dict(strange)}"


def _number(row):
    return int(re.search(r"reply (\d+) of", row["prompt"])[1])
