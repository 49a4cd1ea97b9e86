"""Text to image: what is asked, what comes back, and which bytes are a picture."""

from dataclasses import dataclass, field
from typing import Any, Final, Literal

from minitoolai.errors import ImageRejected, UnexpectedAnswer

_LONGEST_MESSAGE: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageRequest:
    """One picture; None leaves a choice to the service. Sizes in pixels, ranges in the catalog."""

    model: str
    prompt: str
    negative_prompt: str | None = None
    scheduler: str | None = None
    steps: int | None = None
    cfg_scale: float | None = None
    width: int | None = None
    height: int | None = None

    def body(self) -> dict[str, Any]:
        """The JSON that the API takes."""
        fields = {
            "model": self.model,
            "prompt": self.prompt,
            "negativePrompt": self.negative_prompt,
            "scheduler": self.scheduler,
            "steps": self.steps,
            "cfgScale": self.cfg_scale,
            "width": self.width,
            "height": self.height,
        }
        return {name: value for name, value in fields.items() if value is not None}


@dataclass(frozen=True, slots=True)
class ImageJob:
    """An accepted picture. Who has the signature may fetch it: it is kept out of `repr`."""

    jobid: str
    signature: str = field(repr=False)

    def body(self) -> dict[str, str]:
        """The JSON that the API takes; the provider's page sends `jobid` as a string."""
        return {"jobid": self.jobid, "signature": self.signature}


@dataclass(frozen=True, slots=True)
class ImageStatus:
    """How a job stands; `image_url` only when done. `message` is the upstream's own, untrusted."""

    state: Literal["running", "done", "failed"]
    image_url: str | None = None
    message: str = ""


def read_job(answer: dict[str, Any]) -> ImageJob:
    """The accepted job. Raises ImageRejected for an "error", UnexpectedAnswer for neither."""
    if _status(answer) in ("error", "failed"):
        raise ImageRejected
    jobid, signature = answer.get("jobid"), answer.get("signature")
    if isinstance(jobid, bool) or not isinstance(jobid, int | str) or jobid == "":
        raise UnexpectedAnswer
    if not isinstance(signature, str) or not signature:
        raise UnexpectedAnswer
    return ImageJob(str(jobid), signature)


def read_status(answer: dict[str, Any]) -> ImageStatus:
    """Done is "success" with a URL, failed is "error" or "failed", anything else still runs."""
    status, url = _status(answer), answer.get("image_url")
    message = answer.get("message")
    said = message[:_LONGEST_MESSAGE] if isinstance(message, str) else ""
    if status == "success" and isinstance(url, str) and url:
        return ImageStatus("done", url, said)
    if status in ("error", "failed"):
        return ImageStatus("failed", None, said)
    return ImageStatus("running", None, said)


def is_picture(data: bytes) -> bool:
    """PNG, JPEG or WebP by its first bytes; never SVG or HTML, whatever a header says."""
    return data.startswith((b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")) or (
        data[:4] == b"RIFF" and data[8:12] == b"WEBP"
    )


def _status(answer: dict[str, Any]) -> str:
    status = answer.get("status")
    return status.strip().lower() if isinstance(status, str) else ""
