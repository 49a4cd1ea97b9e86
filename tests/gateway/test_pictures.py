"""Programs order pictures: the provider's answers, the same queue and purse, opened by secrets."""

import io
import subprocess
import sys
from datetime import timedelta
from urllib.parse import quote, urlsplit

import pytest
import time_machine
from django.utils import timezone
from PIL import Image

from accounts import people
from accounts.models import User
from credit.models import Account, Hold
from gateway import keys
from gateway.models import ApiKey, PictureOrder
from images.models import MEDIA_TYPES, ImageJob, State
from tests.gateway.server import PICTURE, STATUS, Program
from tests.images.conftest import EACH, media, money_of, work

__all__ = ["media", "work"]  # fixtures

pytestmark = pytest.mark.django_db(transaction=True)

BODY = {"model": "realvision", "prompt": "A lighthouse on Texel", "steps": 1, "width": 320}

EXAMPLE = """
import requests
url = "https://minitoolai.com/api/texttoimage/"
API_Key = "MiniToolAI_API_Key"
headers = {"Content-Type": "application/json", "Authorization": f"Bearer {API_Key}"}
data = {
"model": "realvision",
"prompt": "Ultra realistic portrait, elegant black gown, moody lighting",
"negativePrompt": "unrealistic eyes, malformed features, ugly drawn",
"scheduler": "DPM++ SDE",
"steps": 4,
"cfgScale": 2.0,
"width": 1152,
"height": 768
}
response = requests.post(url, json=data, headers=headers)
print(response.text)
"""


@pytest.fixture
def guest(server):
    """A program without a key."""
    return Program(server.url, "")


def ask(program, job, **changes):
    return program.request("POST", STATUS, {**job, **changes}, headers={})


def ordered(program, **changes):
    answer = program.post(PICTURE, {**BODY, **changes})
    assert answer.status == 200, answer.json
    job = answer.json
    assert job.pop("status") == "success"
    return job


def test_a_picture_is_ordered_made_told_and_fetched(program, guest, alice, work):
    job = ordered(program)
    assert set(job) == {"jobid", "signature"}
    assert isinstance(job["jobid"], int)
    pending = ask(guest, job).json
    assert pending == {"status": "pending", "image_url": None, "message": "in line"}
    work()
    done = ask(guest, job).json
    assert (done["status"], done["message"]) == ("success", "success")
    assert done["image_url"].startswith(f"{program.url}/api/pictures/")
    file = guest.get(urlsplit(done["image_url"]).path)
    assert Image.open(io.BytesIO(file.body)).size == (320, 1024)


def test_it_stands_in_the_persons_gallery_and_costs_as_any_other(
    program,
    alice,
    upstream,
    work,
    client,
):
    ordered(program)
    assert money_of(alice) == (0, EACH)
    work()
    assert money_of(alice) == (EACH, 0)
    assert upstream.bill()["total_nano"] == EACH
    [picture] = ImageJob.objects.for_user(alice)
    assert (picture.state, picture.width, picture.height) == (State.DONE, 320, 1024)
    client.force_login(alice)
    assert f"tile-{picture.pk}" in client.get("/pictures/").content.decode()


def test_the_request_id_stands_on_the_picture(program, alice):
    answer = program.post(PICTURE, BODY)
    assert ImageJob.objects.get().request_id == answer.headers["x-request-id"]


def test_the_number_may_be_sent_as_a_string_as_on_the_providers_page(program, guest):
    job = ordered(program)
    assert ask(guest, job, jobid=str(job["jobid"])).json["status"] == "pending"


def test_the_providers_own_example_runs_with_host_and_key_changed(program, guest):
    source = EXAMPLE.replace("https://minitoolai.com", program.url)
    source = source.replace("MiniToolAI_API_Key", program.key)
    ran = subprocess.run(
        [sys.executable, "-c", source], capture_output=True, text=True, timeout=30, check=True
    )
    assert ran.stdout.startswith('{"status": "success", "jobid": ')
    assert ImageJob.objects.get().width == 1152


def test_a_failed_picture_says_so_and_costs_nothing(program, guest, alice, work):
    job = ordered(program, prompt="A lighthouse [[fault:failed]]")
    work()
    failed = ask(guest, job)
    assert failed.status == 200
    assert (failed.json["status"], failed.json["image_url"]) == ("error", None)
    assert failed.json["message"]
    assert money_of(alice) == (0, 0)


def test_without_credit_nothing_is_ordered(program, alice):
    account = Account.objects.filter(user=alice)
    ordered(program)
    account.update(balance=EACH, topped_up_to=EACH)
    answer = program.post(PICTURE, BODY)
    assert (answer.status, answer.json["error"]["code"]) == (402, "insufficient_credit")
    assert answer.headers["x-should-retry"] == "false"
    assert answer.json["jobid"] is None
    assert Hold.objects.count() == ImageJob.objects.count() == 1
    assert PictureOrder.objects.count() == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"signature": "wrong"},
        {"signature": ""},
        {"signature": "é" * 40},
        {"jobid": 10**15},
        {"jobid": 10**30},
        {"jobid": -1},
        {"jobid": "abc"},
        {"jobid": "' OR 1=1 --"},
        {"jobid": "٣"},
    ],
    ids=str,
)
def test_a_wrong_number_or_signature_finds_nothing(program, guest, changes):
    answer = ask(guest, ordered(program), **changes)
    assert (answer.status, answer.json["error"]["code"]) == (404, "not_found")
    assert (answer.json["status"], answer.json["image_url"]) == ("error", None)


def test_the_signature_of_one_picture_opens_no_other(program, server, new_key, bob):
    mine = ordered(program)
    theirs = ordered(Program(server.url, new_key(bob).secret))
    answer = program.post(STATUS, {**theirs, "signature": mine["signature"]})
    assert answer.status == 404


def test_the_signature_is_kept_nowhere(program):
    job = ordered(program)
    row = PictureOrder.objects.values().get()
    assert job["signature"] not in str(row)
    assert len(job["signature"]) >= 32


@pytest.fixture
def link(program, work):
    """The path of a finished picture."""
    job = ordered(program)
    work()
    return urlsplit(ask(program, job).json["image_url"]).path


def test_a_pictures_address_is_safe_to_show_anywhere(guest, link):
    file = guest.get(link)
    assert file.headers["content-type"] in MEDIA_TYPES.values()
    assert file.headers["x-content-type-options"] == "nosniff"
    assert file.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert file.headers["cache-control"].startswith("private")
    assert "set-cookie" not in file.headers


def test_a_pictures_address_works_for_a_day(client, link):
    with time_machine.travel(timezone.now() + timedelta(hours=23, minutes=59)):
        assert client.get(link).status_code == 200
    with time_machine.travel(timezone.now() + timedelta(hours=24, minutes=1)):
        assert client.get(link).status_code == 404


@pytest.mark.parametrize("token", ["1", "MQ:1v:x", "%00", "é", "a" * 5000])
def test_an_invented_address_finds_nothing(guest, link, token):
    assert guest.get(f"/api/pictures/{quote(token, safe='%')}/").status == 404


def test_a_changed_address_finds_nothing(guest, link):
    assert guest.get(link[:-3] + ("A" if link[-3] != "A" else "B") + "/").status == 404


def test_a_revoked_key_and_a_locked_out_person_open_nothing_any_more(program, guest, link, alice):
    people.lock_out(User.objects.filter(pk=alice.pk))
    assert guest.get(link).status == 404
    people.let_in(User.objects.filter(pk=alice.pk))
    assert guest.get(link).status == 200
    keys.revoke(ApiKey.objects.all())
    assert guest.get(link).status == 404


def test_a_file_that_is_gone_is_told(guest, link, media):
    for file in media.rglob("original.*"):
        file.unlink()
    assert guest.get(link).status == 404
