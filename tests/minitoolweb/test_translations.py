"""The Dutch catalogue: whole, true to its placeholders, compiled, and up to date."""

import os
import re
import shutil
import subprocess
import sys

import polib
import pytest
from django.conf import settings

CATALOGUE = settings.BASE_DIR / "locale" / "nl" / "LC_MESSAGES" / "django.po"
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|</?\w+>")


@pytest.fixture(scope="module")
def entries():
    return polib.pofile(str(CATALOGUE))


def originals(entries):
    return {(entry.msgctxt, entry.msgid, entry.msgid_plural) for entry in entries}


def test_every_text_is_translated(entries):
    assert [entry.msgid for entry in entries if not entry.translated()] == []
    assert [entry.msgid for entry in entries if entry.fuzzy or entry.obsolete] == []


def test_translations_keep_the_placeholders(entries):
    for entry in entries:
        if entry.msgid_plural:
            found = set(PLACEHOLDER.findall(entry.msgstr_plural[1]))
            assert found == set(PLACEHOLDER.findall(entry.msgid_plural)), entry.msgid
            assert set(PLACEHOLDER.findall(entry.msgstr_plural[0])) <= found, entry.msgid
        else:
            expected = sorted(PLACEHOLDER.findall(entry.msgid))
            assert sorted(PLACEHOLDER.findall(entry.msgstr)) == expected, entry.msgid


def test_what_is_served_is_compiled_from_what_is_read(entries):
    compiled = polib.mofile(str(CATALOGUE.with_suffix(".mo")))

    def translations(catalogue):
        return {
            (entry.msgctxt, entry.msgid): entry.msgstr_plural or entry.msgstr for entry in catalogue
        }

    assert translations(compiled) == translations(entries)


@pytest.mark.skipif(not shutil.which("xgettext"), reason="no gettext: install it to look for texts")
def test_no_text_waits_to_be_collected(entries, tmp_path):
    apps = "accounts chat credit gateway images minitoolai minitoolweb oversight simulator"
    for name in (*apps.split(), "templates", "locale"):
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(settings.BASE_DIR / name, tmp_path / name, ignore=ignored)
    shutil.copy(settings.BASE_DIR / "manage.py", tmp_path)
    collected = subprocess.run(
        [sys.executable, "manage.py", "makemessages", "--locale", "nl", "--no-obsolete"],
        cwd=tmp_path,
        env=os.environ
        | {
            "DJANGO_SETTINGS_MODULE": "minitoolweb.settings",
            "DATA_DIR": str(tmp_path / "data"),
            "ENV_FILE": os.devnull,
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert collected.returncode == 0, collected.stderr
    now = polib.pofile(str(tmp_path / CATALOGUE.relative_to(settings.BASE_DIR)))
    assert originals(now) == originals(entries), "run script/messages"
