"""What the answers about pictures mean."""

import pytest

from minitoolai.errors import ImageRejected, UnexpectedAnswer
from minitoolai.pictures import ImageJob, ImageRequest, ImageStatus, read_job, read_status

URL = "https://minitoolai.com/a.png"


def test_every_field_of_the_page_can_be_asked_for():
    request = ImageRequest(
        model="realvision",
        prompt="A dike",
        negative_prompt="rain",
        scheduler="DPM++ SDE",
        steps=4,
        cfg_scale=2.0,
        width=1_152,
        height=768,
    )
    assert request.body() == {
        "model": "realvision",
        "prompt": "A dike",
        "negativePrompt": "rain",
        "scheduler": "DPM++ SDE",
        "steps": 4,
        "cfgScale": 2.0,
        "width": 1_152,
        "height": 768,
    }


@pytest.mark.parametrize("jobid", [12345678, "12345678"])
def test_a_job_number_may_be_a_number_or_text(jobid):
    answer = {"status": "success", "jobid": jobid, "signature": "abcxyz123"}
    job = read_job(answer)
    assert job.body() == {"jobid": "12345678", "signature": "abcxyz123"}


@pytest.mark.parametrize(
    "answer",
    [
        {},
        {"status": "success", "jobid": None, "signature": "x"},
        {"status": "success", "jobid": "", "signature": "x"},
        {"status": "success", "jobid": True, "signature": "x"},
        {"status": "success", "jobid": 1.5, "signature": "x"},
        {"status": "success", "jobid": 1, "signature": ""},
        {"status": "success", "jobid": 1},
    ],
)
def test_a_job_without_number_or_signature_is_unexpected(answer):
    with pytest.raises(UnexpectedAnswer):
        read_job(answer)


@pytest.mark.parametrize("status", ["error", "failed", "Error"])
def test_a_rejected_job(status):
    with pytest.raises(ImageRejected):
        read_job({"status": status, "jobid": None, "signature": None})


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        ({"status": "success", "image_url": URL, "message": "success"}, ("done", URL, "success")),
        ({"status": "success", "image_url": None}, ("running", None, "")),
        ({"status": "success", "image_url": ""}, ("running", None, "")),
        ({"status": "success", "image_url": 7}, ("running", None, "")),
        ({"status": "error", "image_url": URL}, ("failed", None, "")),
        ({"status": "failed", "message": "NSFW"}, ("failed", None, "NSFW")),
        ({"status": "processing"}, ("running", None, "")),
        ({"status": 7, "message": 7}, ("running", None, "")),
        ({}, ("running", None, "")),
    ],
)
def test_done_failed_and_anything_else_still_runs(answer, status):
    assert read_status(answer) == ImageStatus(*status)


def test_a_long_message_is_cut():
    assert len(read_status({"message": "x" * 10_000}).message) == 500


def test_the_signature_stays_out_of_the_repr():
    assert "secret" not in repr(ImageJob("1", "secret"))
