"""Answers that say no, in the shapes of the real service."""

from collections.abc import Mapping
from typing import Any

JOB_REFUSED: dict[str, Any] = {"status": "error", "jobid": None, "signature": None}


class Refused(Exception):
    """Ends the request with `status` and a JSON `body`."""

    def __init__(
        self, status: int, *, body: object, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(f"{status} {body}")
        self.status = status
        self.body = body
        self.headers = headers or {}


def error_body(
    message: str,
    *,
    kind: str = "invalid_request_error",
    param: str | None = None,
    code: str | None = None,
) -> dict[str, Any]:
    return {"error": {"message": message, "type": kind, "param": param, "code": code}}


def bad_request(
    message: str, *, param: str | None = None, code: str | None = None, status: int = 400
) -> Refused:
    return Refused(status, body=error_body(message, param=param, code=code))


def unauthorized() -> Refused:
    message = "Incorrect API key provided. You can find your API key in your account."
    return Refused(401, body=error_body(message, code="invalid_api_key"))


def not_found() -> Refused:
    return Refused(404, body=error_body("Invalid URL."))
