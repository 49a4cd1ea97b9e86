"""The picture endpoints: submit a job, ask after it, fetch the result."""

import hmac
import secrets
import time
from dataclasses import asdict, replace
from typing import Any

from minitoolai.catalog import IMAGE_MODELS
from simulator import answers, directives, results
from simulator.asks import ImageAsk, read_image
from simulator.books import DONE, ENDLESS, FAILED, Job
from simulator.directives import FaultCall
from simulator.house import House
from simulator.painter import file_ending
from simulator.refusals import JOB_REFUSED, Refused, bad_request, not_found
from simulator.wire import Wire

MAX_BODY = 1_000_000


async def submit(wire: Wire, house: House) -> None:
    key = house.authenticate(wire)
    ask = read_image(await wire.read_json(limit=MAX_BODY))
    wishes = directives.read(ask.prompt)
    call = house.board.take("submit", key=key, wish=wishes.fault, prompt=ask.prompt)
    if call and call.code == "refused":
        raise Refused(int(call.number("status", 400)), body=JOB_REFUSED)
    if call and call.code[0] == "u":
        await answers.spoil(wire, call=call)
        return
    job = _new_job(ask, key=key, call=call or wishes.fault, pace=_pace(house, wishes.pace))
    house.books.add_job(job)
    if call and call.code == "g1":
        wire.watch()
        await wire.reset()
        return
    await wire.answer_json({"status": "success", "jobid": job.jobid, "signature": job.signature})


async def ask_after(wire: Wire, house: House) -> None:
    """The page's example sends no key here: the signature is the secret."""
    job = _find(await wire.read_json(limit=MAX_BODY), house)
    if call := _fault_on("status", job, house):
        await answers.spoil(wire, call=call)
        return
    if not job.is_due():
        await wire.answer_json(_status("processing"))
    elif job.fate == FAILED:
        await wire.answer_json(_status("error", message="image generation failed"))
    else:
        await wire.answer_json(_status("success", image_url=_image_url(wire, job)))


async def fetch(wire: Wire, house: House) -> None:
    """GET /images/<token>.<ending>: only whoever was told the address can know it."""
    token = wire.path.removeprefix("/images/").partition(".")[0]
    job = house.books.find_job(token=token)
    if job is None or job.fate != DONE or not job.is_due():
        raise not_found()
    if call := _fault_on("download", job, house):
        await answers.spoil(wire, call=call)
    elif job.fault.get("code") == "g5":
        wire.watch()
        await results.spoil(wire, kind=job.fault.get("as", "404"))
    else:
        picture = await house.studio.picture(job)
        await wire.answer(200, body=picture.data, headers={"content-type": picture.content_type})


def _new_job(ask: ImageAsk, *, key: str, call: FaultCall | None, pace: float) -> Job:
    code = call.code if call else ""
    now = time.time()
    job = Job(
        jobid=10_000_000 + secrets.randbelow(90_000_000),
        signature=secrets.token_urlsafe(12),
        key=key,
        at=now,
        due=now + _working_time(ask) * pace,
        fate=FAILED if code == "failed" else DONE,
        token=secrets.token_urlsafe(18),
        nano=IMAGE_MODELS[ask.model].flat_nano,
        wish=asdict(replace(ask, prompt=directives.strip(ask.prompt))),
        fault={"code": code, **call.options} if call else {},
    )
    if code == "g2":
        late = call.number("late", 0) if call else 0
        return replace(job, due=job.due + late) if late else replace(job, fate=ENDLESS)
    return job


def _working_time(ask: ImageAsk) -> float:
    """Seconds, as a real service might take: more steps and more pixels take longer."""
    megapixels = ask.width * ask.height / 1_000_000
    return 1.5 + 0.6 * ask.steps * megapixels


def _pace(house: House, wished: float | None) -> float:
    return house.pace if wished is None else wished


def _find(body: dict[str, Any], house: House) -> Job:
    """The job by number (as a number or as text) and signature."""
    jobid, signature = body.get("jobid"), body.get("signature")
    if isinstance(jobid, bool) or not str(jobid).isascii() or not str(jobid).isdigit():
        raise bad_request("Invalid 'jobid'.", param="jobid")
    if not isinstance(signature, str):
        raise bad_request("Invalid 'signature'.", param="signature")
    job = house.books.find_job(jobid=int(str(jobid)[:18]))
    if job is None or not hmac.compare_digest(
        job.signature.encode(), signature.encode("utf-8", "replace")
    ):
        raise Refused(404, body=_status("error", message="job not found"))
    return job


def _fault_on(place: str, job: Job, house: House) -> FaultCall | None:
    options = dict(job.fault)
    code = options.pop("code", "")
    wish = FaultCall(code, options) if "on" in options else None
    return house.board.take(place, key=job.key, wish=wish, prompt=job.token)


def _status(
    status: str, *, image_url: str | None = None, message: str | None = None
) -> dict[str, Any]:
    return {"status": status, "image_url": image_url, "message": message or status}


def _image_url(wire: Wire, job: Job) -> str:
    if job.fault.get("code") == "g5" and job.fault.get("as") == "private":
        return "http://169.254.169.254/latest/meta-data/picture.png"
    ending = file_ending(job.wish["model"])
    return f"http://{wire.headers.get('host', 'localhost')}/images/{job.token}.{ending}"
