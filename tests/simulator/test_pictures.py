import http.client
from io import BytesIO
from itertools import pairwise
from urllib.parse import urlsplit

import pytest
from PIL import Image, ImageChops

from minitoolai.catalog import IMAGE_MODELS
from simulator.asks import ImageAsk
from simulator.painter import paint
from simulator.painter.scenes import SCENES
from simulator.painter.subject import read
from tests.simulator.caller import JOBS

PROMPTS = {
    "coast": "A lighthouse on a dike",
    "polder": "Tulips and a windmill",
    "hills": "Mountains above a lake",
    "forest": "A path through the woods in autumn",
    "city": "A skyline at night",
    "night": "Northern lights",
    "still": "A vase with lemons",
    "bust": "Portrait of a woman",
    "cat": "Een kat op de vensterbank",
    "geometric": "Bauhaus poster",
    "stijl": "Mondriaan",
    "delft": "Delft tiles",
    "flow": "Swirling silk",
    "watercolour": "Watercolour poppies",
}


def painted(model="realvision", prompt="A lighthouse", width=256, height=256, **more):
    plain = {"negative": "", "scheduler": "Euler", "steps": 4, "cfg_scale": 2.0}
    ask = {**plain, "model": model, "prompt": prompt, "width": width, "height": height, **more}
    return paint(ImageAsk(**ask))


def opened(picture):
    return Image.open(BytesIO(picture.data)).convert("RGB")


@pytest.mark.parametrize("size", [(256, 256), (1_344, 256), (256, 1_344), (769, 511)])
@pytest.mark.parametrize("scene", SCENES)
def test_each_scene_fills_any_size_exactly(scene, size):
    image = opened(painted("simplemix", PROMPTS[scene], *size))
    assert image.size == size
    assert len(image.getcolors(maxcolors=size[0] * size[1])) > 100


@pytest.mark.parametrize("scene", SCENES)
def test_the_prompt_chooses_the_scene(scene):
    assert read(PROMPTS[scene]).scene == scene


def test_every_model_paints_the_same_prompt_in_its_own_hand():
    images = [opened(painted(model)) for model in IMAGE_MODELS]
    assert all(ImageChops.difference(a, b).getbbox() for a, b in pairwise(images))
    assert len({image.tobytes() for image in images}) == len(IMAGE_MODELS)


def test_the_same_wish_gives_the_same_bytes_and_any_other_gives_others():
    plain = painted().data
    assert painted().data == plain
    others = [{"prompt": "A lighthouse!"}, {"steps": 5}, {"cfg_scale": 3.0}, {"negative": "birds"}]
    assert all(painted(**other).data != plain for other in others)


@pytest.mark.parametrize("prompt", ["🙂", "x", "%s {} \x00 <b>", "word " * 4_000, "日本の海"])
def test_any_prompt_gives_a_picture(prompt):
    assert opened(painted(prompt=prompt)).size == (256, 256)


def test_a_picture_is_ordered_asked_after_and_fetched(caller):
    order = caller.submit("A dike", width=320, height=272)
    assert list(order.json) == ["status", "jobid", "signature"]
    assert 10_000_000 <= order.json["jobid"] < 100_000_000

    told = caller.status(order.json)
    assert list(told) == ["status", "image_url", "message"]
    assert (told["status"], told["message"]) == ("success", "success")
    file = caller.fetch(told["image_url"])
    assert file.headers["content-type"] == "image/jpeg"
    assert Image.open(BytesIO(file.body)).size == (320, 272)


def test_the_number_may_be_text_and_no_key_is_needed(caller):
    job = caller.submit().json
    body = {"jobid": str(job["jobid"]), "signature": job["signature"]}
    answer = caller.post(JOBS, body, headers={"Content-Type": "application/json"})
    assert answer.json["status"] == "success"


@pytest.mark.parametrize(
    "change", [{"signature": "guess"}, {"jobid": 12}, {"jobid": "x"}, {"jobid": None}]
)
def test_without_the_signature_nothing_is_told(caller, change):
    job = caller.submit().json
    body = {"jobid": job["jobid"], "signature": job["signature"], **change}
    assert caller.post(JOBS, body).status in (400, 404)


def test_until_it_is_ready_it_is_processing(caller):
    job = caller.submit("A dike [[pace:100]]").json
    assert caller.status(job) == {
        "status": "processing",
        "image_url": None,
        "message": "processing",
    }


def test_an_address_cannot_be_guessed(caller):
    assert caller.request("GET", "/images/guess.jpg").status == 404


def test_g1_takes_the_job_and_resets(simulator, caller):
    with pytest.raises(ConnectionError):
        caller.submit("A dike [[fault:g1]]")
    assert simulator.bill()["pictures"] == 1


def test_g2_never_ends_or_comes_late(simulator, caller):
    for prompt in ("A dike [[fault:g2]]", "A dike [[fault:g2 late=600]]"):
        job = caller.submit(prompt).json
        assert caller.status(job)["status"] == "processing"
    assert simulator.bill()["pictures"] == 0


def g5(caller, kind):
    told = caller.status(caller.submit(f"A dike [[fault:g5 as={kind}]]").json)
    return told["image_url"]


@pytest.mark.parametrize(
    ("kind", "status", "content_type"),
    [
        ("404", 404, "application/json"),
        ("svg", 200, "image/svg+xml"),
        ("html", 200, "text/html"),
        ("text", 200, "image/png"),
    ],
)
def test_g5_gives_a_useless_file(caller, kind, status, content_type):
    file = caller.fetch(g5(caller, kind))
    assert (file.status, file.headers["content-type"]) == (status, content_type)


def test_g5_gives_a_private_address(caller):
    assert g5(caller, "private").startswith("http://169.254.169.254/")


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
def test_g5_gives_a_bomb(caller):
    file = caller.fetch(g5(caller, "bomb"))
    assert len(file.body) < 60_000
    with pytest.raises(Image.DecompressionBombError):
        Image.open(BytesIO(file.body))


def test_g5_gives_a_file_without_end(caller):
    connection = http.client.HTTPConnection(*caller.address, timeout=10)
    connection.request("GET", urlsplit(g5(caller, "big")).path)
    answer = connection.getresponse()
    assert int(answer.headers["content-length"]) == 2_000_000_000
    assert len(answer.read(1_000_000)) == 1_000_000
    connection.close()


def test_faults_can_strike_the_questions_after_a_job_and_the_download(caller):
    job = caller.submit("A dike [[fault:u5 on=status times=1]]").json
    body = {"jobid": job["jobid"], "signature": job["signature"]}
    assert [caller.post(JOBS, body).status for _ in range(2)] == [500, 200]

    url = caller.status(caller.submit("A dike [[fault:u5 on=download times=1]]").json)["image_url"]
    assert [caller.fetch(url).status for _ in range(2)] == [500, 200]


def test_a_submit_can_be_refused(simulator, caller):
    assert caller.submit("A dike [[fault:refused]]").json["status"] == "error"
    assert caller.submit("A dike [[fault:u3]]").status == 429
    assert simulator.bill()["pictures"] == 0
