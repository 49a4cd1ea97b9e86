import json
import re
import shutil
import signal
import sqlite3

import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from tests.minitoolweb.serving import ADDRESS, WITHIN, manage, start


def test_on_an_empty_folder_it_prepares_all_and_leads_to_the_first_admin(serve, tmp_path):
    server = serve("--prepare", data=tmp_path / "empty folder")
    assert "demo: the bundled simulator answers" in server.first_line
    welcome = server.process.stdout.readline()
    link = re.fullmatch(
        rf"First time here\? Create the admin account: ({ADDRESS})(/welcome/\S+)\n", welcome
    )
    assert link[1] == server.url
    assert server.get("/readyz")[0] == 200
    assert "password" in server.get(link[2])[1]
    page = server.get("/accounts/login/")[1]
    for path in re.findall(r'"(/static/[^"]+\.(?:css|js))"', page):
        assert server.get(path)[0] == 200
        assert re.search(r"\.[0-9a-f]{12}\.", path)  # so that browsers keep it for ever


def test_once_an_admin_exists_no_link_is_shown(serve, data):
    made = manage(
        *("createsuperuser", "--noinput"),
        data=data,
        DJANGO_SUPERUSER_USERNAME="admin",
        DJANGO_SUPERUSER_EMAIL="admin@example.org",
        DJANGO_SUPERUSER_PASSWORD="correct horse battery",
    )
    assert made.returncode == 0, made.stderr
    server = serve()
    server.end(signal.SIGTERM)
    assert "welcome" not in server.process.stdout.read()


def test_with_a_key_no_simulator_is_started(serve):
    server = serve(MINITOOLAI_API_KEY="some-key", MINITOOLAI_BASE_URL="http://127.0.0.1:1")
    assert "demo" not in server.first_line
    assert server.simulators() == []


def test_a_simulator_that_runs_already_can_be_named(serve, simulator):
    server = serve(MINITOOLAI_BASE_URL=simulator.url)
    assert "demo" in server.first_line
    assert server.simulators() == []


def test_a_second_process_is_refused_in_words(serve, data):
    first = serve()
    second = manage("serve", "--port", "0", data=data)
    assert second.returncode == 1
    assert f"already running on {data} (process {first.process.pid})" in second.stderr
    assert "Traceback" not in second.stderr
    third = manage("work", data=data, MINITOOLAI_API_KEY="some-key")
    assert "already running" in third.stderr


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("backend", ["daphne", "uvicorn"])
def test_it_ends_at_once_when_nothing_runs_and_takes_the_simulator_along(serve, number, backend):
    server = serve("--server", backend, SHUTDOWN_GRACE="3600")
    (simulator,) = server.simulators()
    assert server.get("/healthz")[0] == 200
    assert server.end(number) == 0
    assert not simulator.is_running()
    assert "Traceback" not in server.process.stderr.read()


def test_killed_it_leaves_no_simulator_and_the_next_one_starts(serve):
    server = serve()
    (simulator,) = server.simulators()
    server.process.kill()
    simulator.wait(timeout=WITHIN)
    server.process.wait(WITHIN)
    assert serve().get("/readyz")[0] == 200


def test_a_database_that_is_behind_is_refused(data):
    with sqlite3.connect(data / "db.sqlite3") as database:
        database.execute("DELETE FROM django_migrations WHERE app = 'sessions'")
    database.close()
    refused = manage("serve", "--port", "0", data=data)
    assert refused.returncode == 1
    assert "manage.py migrate" in refused.stderr


def test_a_port_that_is_taken_is_told_in_words(serve, tmp_path, migrated):
    server = serve()
    port = server.url.rsplit(":", 1)[1]
    other = shutil.copytree(migrated, tmp_path / "other")
    refused = manage("serve", "--port", port, data=other)
    assert refused.returncode == 1
    assert f"Cannot listen on 127.0.0.1:{port}" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_wrong_settings_are_told_before_anything_starts(data):
    refused = manage("serve", data=data, PORT="eighty", STARTING_CREDIT_USD="much")
    assert refused.returncode == 1
    assert "PORT: 'eighty' is not a whole number" in refused.stderr
    assert "minitoolweb.E004" in refused.stderr


def test_strange_sockets_are_refused(serve):
    server = serve()
    address = server.url.replace("http", "ws") + "/ws/nothing/"
    for origin in ("http://evil.example", None, server.url):  # ours is let in, but finds nothing
        with pytest.raises(InvalidStatus) as refused:
            connect(address, origin=origin)
        assert refused.value.response.status_code == 403


def test_each_log_line_is_json_for_machines(serve):
    server = serve()
    server.get("/accounts/login/")
    server.end(signal.SIGTERM)
    lines = [json.loads(line) for line in server.process.stderr.read().splitlines()]
    assert "/accounts/login/" in [line.get("route") for line in lines]
    assert [line["event"] for line in lines][-1] == "shutdown.finished"


def test_the_settings_for_an_https_site_leave_the_deployment_check_nothing_to_say(data):
    checked = manage("check", "--deploy", data=data, PUBLIC_URL="https://chat.example.org")
    assert checked.returncode == 0
    assert "no issues" in checked.stdout + checked.stderr


def test_work_alone_needs_somebody_to_talk_to(data):
    refused = manage("work", data=data)
    assert refused.returncode == 1
    assert "MINITOOLAI_API_KEY" in refused.stderr


def test_work_alone_ends_when_told(data, simulator):
    with start("work", data=data, MINITOOLAI_BASE_URL=simulator.url) as worker:
        assert "working" in worker.stdout.readline()
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(WITHIN) == 0
        assert "Traceback" not in worker.stderr.read()
