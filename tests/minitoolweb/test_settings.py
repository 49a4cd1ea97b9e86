import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
READ = r'(?:env\.[a-z_]+|text|number)\(\s*"([A-Z][A-Z_]+)"'


def variables(pattern, *path):
    return set(re.findall(pattern, ROOT.joinpath(*path).read_text(), re.MULTILINE))


def test_every_variable_is_in_the_example_and_in_the_manual():
    read = variables(READ, "minitoolweb", "settings.py")
    read |= variables(READ, "minitoolweb", "environment.py")
    assert "DATABASE_URL" in read
    assert "PORT" in read
    assert variables(r"^#([A-Z][A-Z_]+)=", ".env.example") == read
    assert variables(r"^\| `([A-Z][A-Z_]+)` \|", "docs", "operating.md") == read


@pytest.fixture
def ask(tmp_path):
    """Print an expression of settings, as a fresh process with these variables sees it."""

    def ask(expression, **variables):
        environment = {"ENV_FILE": os.devnull, "DATA_DIR": str(tmp_path)}
        program = f"from minitoolweb import settings as s; print(repr(({expression})))"
        return subprocess.run(
            [sys.executable, "-c", program],
            cwd=ROOT,
            env=environment | variables,
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()

    return ask


def test_without_a_key_it_is_a_demo_that_talks_to_nobody_yet(ask):
    assert ask("s.DEMO, s.MINITOOLAI_BASE_URL") == "(True, '')"


def test_with_a_key_it_talks_to_the_service(ask):
    seen = ask("s.DEMO, s.MINITOOLAI_BASE_URL", MINITOOLAI_API_KEY="k")
    assert seen == "(False, 'https://minitoolai.com')"


def test_a_secret_key_is_made_once_and_kept_from_others(ask, tmp_path):
    first = ask("s.SECRET_KEY")
    assert ask("s.SECRET_KEY") == first
    assert len(first) >= 50
    assert (tmp_path / "secret_key").stat().st_mode & 0o077 == 0


def test_an_https_address_turns_on_what_belongs_to_it(ask):
    seen = ask(
        "s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_SECURE, s.SECURE_SSL_REDIRECT, s.BEHIND_PROXY,"
        " s.ALLOWED_HOSTS[-1]",
        PUBLIC_URL="https://chat.example.org/",
    )
    assert seen == "('__Host-session', True, True, True, 'chat.example.org')"


def test_a_variable_of_env_file_counts_and_the_environment_wins(ask, tmp_path):
    file = tmp_path / "some.env"
    file.write_text("PORT=9001\nLANGUAGE_CODE=nl\n")
    assert ask("s.PORT, s.LANGUAGE_CODE", ENV_FILE=str(file), PORT="9002") == "(9002, 'nl')"


def test_an_empty_variable_is_as_none(ask):
    seen = ask(
        "s.PORT, s.DATABASES['default']['ENGINE'], s.WRONG_VARIABLES", PORT="", DATABASE_URL=""
    )
    assert seen == "(8000, 'django.db.backends.sqlite3', {})"


def test_postgresql_gets_a_pool_and_keeps_the_options_of_its_address(ask):
    seen = ask(
        "sorted(s.DATABASES['default']['OPTIONS'])",
        DATABASE_URL="postgres://u:p@db/name?sslmode=require",
    )
    assert seen == "['options', 'pool', 'sslmode']"


def test_sqlite_keeps_the_options_of_its_address_beside_its_own(ask):
    seen = ask(
        "[s.DATABASES['default']['OPTIONS'][name] for name in ('timeout', 'transaction_mode')]",
        DATABASE_URL="sqlite:////tmp/some.sqlite3?timeout=5",
    )
    assert seen == "[5, 'IMMEDIATE']"


@pytest.mark.parametrize(
    ("name", "given"), [("PORT", "eighty"), ("PORT", "70000"), ("DATABASE_URL", "mysql://a/b")]
)
def test_what_cannot_be_used_is_remembered_for_the_checks(ask, name, given):
    assert ask("list(s.WRONG_VARIABLES)", **{name: given}) == f"['{name}']"
