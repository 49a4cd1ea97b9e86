"""The figures of one size, from what the pages showed and what the database holds."""

from tests.bench.streaming.words import deltas


def percentile(values, share):
    """Nearest rank; None of nothing."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else None


def milliseconds(values, share):
    seconds = percentile(values, share)
    return None if seconds is None else round(seconds * 1000, 1)


def replay(people, screen):
    """What each person's page showed: (ask, shown) for every prompt; shown is None if never.

    An ask whose POST was not answered learns its message here, if the page showed it.
    """
    pairs = []
    for person in people:
        page = screen()
        for at, frame in sorted(person.frames, key=lambda arrival: arrival[0]):
            page.take(frame, at)
        for ask in person.asks:
            message, shown = page.of(ask.number)
            ask.message = ask.message or message
            pairs.append((ask, shown))
    return pairs


def timing(pairs, times, window):
    """Delays of the tokens that left the upstream within the window, in seconds.

    A reply's first word counts from Send, less what the upstream itself took.
    """
    first, delays, arrived = [], [], 0
    for ask, shown in pairs:
        told = times.get(str(ask.number))
        if shown is None or told is None:
            continue
        sent = told["sent"]
        if 0 in shown.arrived and window[0] <= ask.at < window[1]:
            first.append(shown.arrived[0] - ask.at - (sent[0] - told["asked"]))
        arrived += sum(window[0] <= at < window[1] for at in shown.arrived.values())
        delays += [
            at - sent[place]
            for place, at in shown.arrived.items()
            if 0 <= place < len(sent) and window[0] <= sent[place] < window[1]
        ]
    return first, delays, arrived


def faults(pairs, rows):
    """Tokens lost, doubled and reordered on the pages, and replies that are wrong."""
    counts = {"failed": 0, "lost": 0, "doubled": 0, "reordered": 0, "wrong": 0}
    for ask, shown in pairs:
        counts["failed"] += not ask.sent
        if not ask.message:
            continue
        seen = 0 if shown is None else sum(0 <= place < ask.count for place in shown.arrived)
        counts["lost"] += ask.count - seen
        if shown is not None:
            counts["doubled"] += len(shown.doubled)
            counts["reordered"] += len(shown.reordered)
        counts["wrong"] += bool(ask.failure) or is_wrong(ask, shown, rows)
    return counts


def is_wrong(ask, shown, rows):
    """Whether the page differs from the row, or the row from what the upstream said."""
    row = rows.get(ask.message)
    return (
        shown is None
        or row is None
        or shown.strange > 0
        or row["state"] != "done"
        or row["text"] != "".join(deltas(ask.number, ask.count))
        or shown.end_html is None
        or row["html"] not in shown.end_html
        or (shown.whole and shown.html != row["html"])
    )


def lateness(times):
    """How late the upstream itself was with each token, by its own schedule of 30 a second."""
    return [
        at - told["sent"][0] - place / 30
        for told in times.values()
        for place, at in enumerate(told["sent"])
    ]


COLUMNS = {
    "live": "live",
    "first_frame_p50_ms": "first p50",
    "first_frame_p95_ms": "p95 ms",
    "burst_first_frame_p95_ms": "burst p95",
    "delay_p50_ms": "delay p50",
    "delay_p95_ms": "p95",
    "delay_p99_ms": "p99 ms",
    "cpu_s_per_1000_tokens": "CPU s/1,000",
    "relay_cpu_s_per_1000_tokens": "relay",
    "cpu_ratio": "ratio",
    "rss_mib": "RSS MiB",
    "failed": "failed",
    "lost": "lost",
    "doubled": "doubled",
    "reordered": "reordered",
    "wrong": "wrong",
}


def heading():
    return " | ".join(COLUMNS.values())


def line(figures):
    return " | ".join(
        str(figures.get(name, "")).rjust(len(title)) for name, title in COLUMNS.items()
    )
