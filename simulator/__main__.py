"""Command line: python -m simulator [--port 9000] …"""

import argparse

from simulator.app import create_app
from simulator.server import serve


def main() -> None:
    options = _parser().parse_args()
    app = create_app(keys=options.key, state=options.state, pace=options.pace)
    serve(app, host=options.host, port=options.port, exit_with_stdin=options.exit_with_stdin)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m simulator", description="A faithful stand-in of the MiniToolAI API."
    )
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=9_000, help="0 picks a free one")
    parser.add_argument("--state", metavar="FILE", help="keeps jobs and bills over a restart")
    parser.add_argument(
        "--key", action="append", metavar="KEY", help="accept only this key (repeatable)"
    )
    parser.add_argument(
        "--pace", type=_pace, default=1.0, metavar="FACTOR", help="0 is as fast as possible"
    )
    parser.add_argument(
        "--exit-with-stdin", action="store_true", help="end when standard input is closed"
    )
    return parser


def _pace(text: str) -> float:
    pace = float(text)
    if not 0 <= pace <= 100:
        raise argparse.ArgumentTypeError("from 0 to 100")
    return pace


if __name__ == "__main__":
    main()
