"""How long `manage.py ledger_audit` takes on years of books, in a temporary folder.

The books are invented by `manage.py seed`; that the audit finds them sound says that they are what
the ledger would have written.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time

PEOPLE, GROUPS, DAYS = 200, 8, 250


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--charges", type=int, default=1_000_000)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"DATA_DIR": folder, "DJANGO_SETTINGS_MODULE": "minitoolweb.settings"}
        figures = measure(options.charges)
    if options.json:
        print(json.dumps(figures))
    else:
        print(
            "{charges:,} charges: written in {fill_s} s, audited in {audit_s} s".format(**figures)
        )


def measure(charges):
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    started = time.perf_counter()
    call_command(
        "seed", people=PEOPLE, groups=GROUPS, days=DAYS, charges=charges, stdout=sys.stderr
    )
    filled = time.perf_counter()
    subprocess.run([sys.executable, "manage.py", "ledger_audit"], check=True, stdout=sys.stderr)
    audited = time.perf_counter()
    return {
        "charges": charges,
        "fill_s": round(filled - started, 1),
        "audit_s": round(audited - filled, 1),
    }


if __name__ == "__main__":
    main()
