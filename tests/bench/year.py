"""A school's year through the ledger's own verbs, in a temporary folder: 200 people in 8 groups,
300,000 charges with stops, faults and killed processes among them; then the audit, and each call
compared with the upstream's bill. TMPDIR=/dev/shm spares it waiting for the disk.
"""

import argparse
import json
import os
import sys
import tempfile
import time


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--charges", type=int, default=300_000)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"DATA_DIR": folder, "DJANGO_SETTINGS_MODULE": "minitoolweb.settings"}
        os.environ["LOG_LEVEL"] = "ERROR"
        figures = live(options.charges)
    if options.json:
        print(json.dumps(figures))
    else:
        for name, value in figures.items():
            print(f"{name}: {value:,}")


def live(charges):
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    from tests.scale.year import Year

    year = Year(charges=charges)
    started = time.perf_counter()
    year.run(tell=lambda line: print(line, file=sys.stderr))
    lived = time.perf_counter()
    proof = year.prove()
    took = {"lived_s": round(lived - started), "proved_s": round(time.perf_counter() - lived)}
    return proof | took | dict(sorted(year.seen.items()))


if __name__ == "__main__":
    main()
