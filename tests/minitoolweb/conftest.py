import shutil

import pytest

from tests.minitoolweb.serving import Serve, manage, start


@pytest.fixture(scope="session")
def migrated(tmp_path_factory):
    """A data folder as `--prepare` leaves it, for the others to copy."""
    folder = tmp_path_factory.mktemp("migrated")
    for command in (["migrate"], ["collectstatic", "--noinput"]):
        manage(*command, "-v0", data=folder).check_returncode()
    return folder


@pytest.fixture
def data(migrated, tmp_path):
    return shutil.copytree(migrated, tmp_path / "data folder")


@pytest.fixture
def serve(data):
    """Start `manage.py serve` with these arguments and variables; killed at the end."""
    started = []

    def serve(*arguments, data=data, **variables):
        started.append(start("serve", "--port", "0", *arguments, data=data, **variables))
        return Serve(started[-1])

    yield serve
    for process in started:
        process.kill()
        process.communicate()
