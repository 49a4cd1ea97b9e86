"""How settings read the environment, so that a variable that cannot be used is told, not fatal."""

import contextlib
import os
import tempfile
from pathlib import Path

import environ
from django.core.management.utils import get_random_secret_key

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
env.read_env(env.str("ENV_FILE", default=str(BASE_DIR / ".env")))

# Variables that cannot be used as given, each with the reason; minitoolweb.checks reports them.
WRONG_VARIABLES: dict[str, str] = {}


def text(name: str, default: str = "") -> str:
    """The text in `name`; an empty variable is as good as none."""
    return env.str(name, default="") or default


def number(name: str, default: int, *, least: int = 0, most: int = 10**9) -> int:
    """The whole number in `name`."""
    given = text(name, str(default))
    if given.isdecimal() and least <= int(given) <= most:
        return int(given)
    WRONG_VARIABLES[name] = f"{given!r} is not a whole number from {least} to {most}"
    return default


def kept_secret(path: Path) -> str:
    """A random secret, made at the first call and kept in the file `path`."""
    if not path.exists():
        with tempfile.NamedTemporaryFile("w", dir=path.parent) as file:  # mode 0600
            file.write(get_random_secret_key())
            file.flush()
            with contextlib.suppress(FileExistsError):
                os.link(file.name, path)  # whole or not at all, also when two processes start
    return path.read_text()
