"""Faults that replace the whole answer: nothing is generated, so nothing is billed."""

from simulator.directives import FaultCall
from simulator.refusals import error_body
from simulator.wire import Wire

_PAGE = (
    "<!DOCTYPE html>\n<html><head><title>Just a moment…</title></head>"
    "<body><h1>Checking your browser</h1><p>Ray ID: 8f2c1d</p></body></html>\n"
)

_MESSAGES = {
    401: ("Incorrect API key provided.", "invalid_request_error", "invalid_api_key"),
    403: ("This key may not use this model.", "invalid_request_error", "permission_denied"),
    429: ("Rate limit reached for requests.", "requests", "rate_limit_exceeded"),
    500: ("The server had an error while processing your request.", "server_error", None),
    503: ("The engine is currently overloaded, please try again later.", "server_error", None),
}


async def spoil(wire: Wire, *, call: FaultCall) -> None:
    """Answers in place of the endpoint, by the code of the fault."""
    headers: dict[str, str] = {}
    if call.code == "u6":
        await wire.answer(200, body=_PAGE.encode(), headers={"content-type": "text/html"})
        return
    if call.code == "u19":
        target = call.options.get("to", "http://169.254.169.254/latest/meta-data/")
        await wire.answer(302, body=b"", headers={"location": target})
        return
    default = {"u2": 401, "u3": 429, "u4": 429, "u5": 500}[call.code]
    status = int(call.number("status", default))
    if call.code in ("u3", "u4"):
        headers["retry-after"] = call.options.get(
            "retry_after", "5" if call.code == "u3" else "86400"
        )
    message, kind, code = _MESSAGES.get(status, _MESSAGES[500])
    await wire.answer_json(
        error_body(message, kind=kind, code=code), status=status, headers=headers
    )
