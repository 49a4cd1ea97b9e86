"""What can go wrong with the upstream, as one small tree.

MiniToolAIError
├── Unreachable            no connection: refused, unknown name, timeout
│   └── Untrusted          the certificate does not prove who answers
├── Unauthorized           401, 403: the key is refused
├── Busy                   429, 503: try later, see `retry_after`
├── BadRequest             any other 4xx: what was asked is refused
├── UpstreamFault          any other 5xx
├── UnexpectedAnswer       not what the API says: HTML, a redirect, compressed
├── Interrupted            accepted, then broken; deltas already given stay true
│   ├── StreamInterrupted  the stream ended before its end
│   ├── AnswerLost         a plain answer never arrived whole
│   ├── Stalled            too long without an event, or in all
│   ├── TooLarge           over a cap
│   └── ErrorInStream      the upstream said so itself, mid-stream
├── ImageRejected          a picture was not accepted
└── ImageUnusable          a result that must not or cannot be fetched
"""

from typing import ClassVar

from minitoolai.i18n import gettext_noop as _


class MiniToolAIError(Exception):
    """Base of all.

    `code` is stable, for rows and tests. `message` is English for people, marked for translation.
    `retryable`: may the same request work later? `sent`: could the upstream have accepted and
    billed it? Then it must never be sent again unasked. `retry_after` is in seconds.
    """

    code: ClassVar[str] = "error"
    message: ClassVar[str] = _("Something went wrong at the AI service.")
    retryable: ClassVar[bool] = False
    sent: bool = False

    def __init__(self, *, sent: bool | None = None, retry_after: float | None = None) -> None:
        super().__init__(self.message)
        if sent is not None:
            self.sent = sent
        self.retry_after = retry_after


class Unreachable(MiniToolAIError):
    code = "unreachable"
    message = _("The AI service cannot be reached.")
    retryable = True


class Untrusted(Unreachable):
    code = "untrusted"
    message = _("The AI service could not prove its identity. Nothing was sent.")
    retryable = False


class Unauthorized(MiniToolAIError):
    code = "unauthorized"
    message = _("The AI service refuses this site's key. Please tell the administrator.")


class Busy(MiniToolAIError):
    code = "busy"
    message = _("The AI service is busy.")
    retryable = True


class BadRequest(MiniToolAIError):
    code = "bad_request"
    message = _("The AI service does not accept this request.")


class UpstreamFault(MiniToolAIError):
    code = "upstream_fault"
    message = _("The AI service has a fault. Please try again.")
    retryable = True
    sent = True


class UnexpectedAnswer(MiniToolAIError):
    code = "unexpected_answer"
    message = _("The AI service gave an unexpected answer.")
    retryable = True
    sent = True


class Interrupted(MiniToolAIError):
    code = "interrupted"
    message = _("The answer was interrupted.")
    retryable = True
    sent = True


class StreamInterrupted(Interrupted):
    code = "stream_interrupted"
    message = _("The connection broke before the answer was complete.")


class AnswerLost(Interrupted):
    code = "answer_lost"
    message = _("The AI service's answer was lost on the way.")


class Stalled(Interrupted):
    code = "stalled"
    message = _("The AI service stopped answering.")


class TooLarge(Interrupted):
    code = "too_large"
    message = _("The AI service's answer was too large.")
    retryable = False


class ErrorInStream(Interrupted):
    code = "error_in_stream"
    message = _("The AI service broke off the answer with an error.")


class ImageRejected(MiniToolAIError):
    code = "image_rejected"
    message = _("The AI service did not accept this picture.")


class ImageUnusable(MiniToolAIError):
    code = "image_unusable"
    message = _("The picture that came back cannot be used.")
    sent = True


def from_status(status: int, *, retry_after: float | None = None) -> MiniToolAIError:
    """The error that an HTTP status other than 2xx stands for."""
    if status in (401, 403):
        return Unauthorized()
    if status in (429, 503):
        return Busy(retry_after=retry_after)
    if 400 <= status < 500:
        return BadRequest()
    if status >= 500:
        return UpstreamFault()
    return UnexpectedAnswer(sent=False)  # a redirect, never followed with the key
