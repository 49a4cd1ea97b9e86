"""The project's settings for tests: their own data folder, no .env, nothing from the shell but
DATABASE_URL, static files without a manifest, a quick password hash.
"""

import atexit
import os
import re
import shutil
import tempfile
from pathlib import Path

EXAMPLE = Path(__file__).resolve().parent.parent / ".env.example"


def _data_dir() -> str:
    """A temporary folder for the run with one for each worker; the first process removes it."""
    root = os.environ.get("TEST_DATA_DIR")
    if not root:
        root = os.environ["TEST_DATA_DIR"] = tempfile.mkdtemp(prefix="minitoolai-web-tests-")
        atexit.register(shutil.rmtree, root, ignore_errors=True)
    return os.path.join(root, os.environ.get("PYTEST_XDIST_WORKER", "main"))


for variable in re.findall(r"^#?\s?([A-Z][A-Z_]+)=", EXAMPLE.read_text(), re.MULTILINE):
    if variable != "DATABASE_URL":
        os.environ.pop(variable, None)
os.environ.update(ENV_FILE=os.devnull, DATA_DIR=_data_dir(), LOG_FORMAT="console")

from minitoolweb.settings import *  # noqa: E402, F403
from minitoolweb.settings import DATA_DIR, DATABASES, SQLITE, STATIC_ROOT, STORAGES  # noqa: E402

STATIC_ROOT.mkdir(exist_ok=True)  # the static middleware warns where it is missing
if DATABASES["default"]["ENGINE"] == SQLITE:
    # A file, not memory: threads and processes race on it as they do in earnest.
    DATABASES["default"]["TEST"] = {"NAME": DATA_DIR / "test.sqlite3"}

STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
