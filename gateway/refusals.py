"""Answers that say no, as JSON: {"error": {"message", "type", "code", "param"}}."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from django.http import JsonResponse

from credit.errors import (
    InsufficientCredit,
    LedgerError,
    LimitReached,
    ModelNotPriced,
    Paused,
    ServiceOutOfCredit,
    TooManyPictures,
)
from minitoolai import (
    BadRequest,
    Busy,
    ImageRejected,
    MiniToolAIError,
    Stalled,
    Unreachable,
)

# Client libraries that know this header do not repeat what would fail, or cost, once more.
NOT_AGAIN = {"X-Should-Retry": "false"}
AGAIN_IN = 5  # seconds


class Refused(Exception):
    """Ends a request with this status and error; `extra` stands beside the error in the body."""

    def __init__(
        self,
        status: int,
        message: str,
        *,
        kind: str = "invalid_request_error",
        code: str | None = None,
        param: str | None = None,
        headers: Mapping[str, str] | None = None,
        extra: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.headers = dict(headers or {})
        self.error = {"message": message, "type": kind, "code": code, "param": param}
        self.extra = dict(extra or {})

    @property
    def body(self) -> dict[str, Any]:
        return {**self.extra, "error": self.error}

    def response(self) -> JsonResponse:
        return JsonResponse(self.body, status=self.status, headers=self.headers)


def bad_request(message: str, *, param: str | None = None, code: str | None = None) -> Refused:
    return Refused(HTTPStatus.BAD_REQUEST, message, param=param, code=code)


def unauthorized() -> Refused:
    return Refused(
        HTTPStatus.UNAUTHORIZED,
        "A working API key is needed, as the header: Authorization: Bearer mt-…",
        kind="authentication_error",
        code="invalid_api_key",
        headers={"WWW-Authenticate": "Bearer"},
    )


def not_found(message: str) -> Refused:
    return Refused(HTTPStatus.NOT_FOUND, message, code="not_found")


def method_not_allowed(*allowed: str) -> Refused:
    methods = ", ".join(allowed)
    return Refused(
        HTTPStatus.METHOD_NOT_ALLOWED,
        f"This address takes {methods} only.",
        code="method_not_allowed",
        headers={"Allow": methods},
    )


def too_large(limit: int) -> Refused:
    return Refused(
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        f"The body is larger than {limit} bytes.",
        code="request_too_large",
    )


def too_many_replies(limit: int) -> Refused:
    return Refused(
        HTTPStatus.TOO_MANY_REQUESTS,
        f"{limit} replies are under way for you, in programs and in the chat: wait for one to end.",
        kind="rate_limit_error",
        code="too_many_replies",
        headers={"Retry-After": str(AGAIN_IN)},
    )


def restarting() -> Refused:
    return Refused(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "The server is restarting.",
        kind="server_error",
        code="restarting",
        headers={"Retry-After": str(AGAIN_IN)},
    )


def busy() -> Refused:
    return Refused(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "The database is busy: try again in a moment.",
        kind="server_error",
        code="busy",
        headers={"Retry-After": str(AGAIN_IN)},
    )


def broken() -> Refused:
    return Refused(
        HTTPStatus.INTERNAL_SERVER_ERROR,
        "Something went wrong on this server.",
        kind="server_error",
        code="internal",
        headers=NOT_AGAIN,
    )


def from_ledger(error: LedgerError) -> Refused:
    if isinstance(error, InsufficientCredit):
        return Refused(
            HTTPStatus.PAYMENT_REQUIRED,
            error.message,
            kind="insufficient_quota",
            code="insufficient_credit",
            headers=NOT_AGAIN,
        )
    if isinstance(error, LimitReached):
        return Refused(
            HTTPStatus.TOO_MANY_REQUESTS,
            error.message,
            kind="insufficient_quota",
            code="limit_reached",
            headers=NOT_AGAIN,
            extra={"renews_at": error.renews_at.isoformat()},
        )
    if isinstance(error, ServiceOutOfCredit):
        return Refused(
            HTTPStatus.SERVICE_UNAVAILABLE,
            error.message,
            kind="server_error",
            code="service_out_of_credit",
            headers=NOT_AGAIN,
        )
    if isinstance(error, TooManyPictures):
        return Refused(
            HTTPStatus.TOO_MANY_REQUESTS,
            error.message,
            kind="insufficient_quota",
            code="too_many_pictures",
            headers=NOT_AGAIN,
        )
    if isinstance(error, Paused):
        return Refused(
            HTTPStatus.FORBIDDEN,
            error.message,
            kind="permission_error",
            code="paused",
            headers=NOT_AGAIN,
        )
    if isinstance(error, ModelNotPriced):
        return bad_request(error.message, param="model", code="model_not_offered")
    return Refused(HTTPStatus.CONFLICT, error.message, code="conflict")


def from_upstream(error: MiniToolAIError) -> Refused:
    """What an error of the AI service means for who asked; one that may have been paid is final."""
    headers = dict(NOT_AGAIN) if error.sent else {}
    if isinstance(error, Busy):
        headers["Retry-After"] = str(round(error.retry_after or AGAIN_IN))
    is_theirs = isinstance(error, BadRequest | ImageRejected)
    return Refused(
        _status(error),
        error.message,
        kind="invalid_request_error" if is_theirs else "upstream_error",
        code=f"upstream_{error.code.removeprefix('upstream_')}",
        headers=headers,
    )


def _status(error: MiniToolAIError) -> HTTPStatus:
    match error:
        case BadRequest() | ImageRejected():
            return HTTPStatus.BAD_REQUEST
        case Busy() | Unreachable():
            return HTTPStatus.SERVICE_UNAVAILABLE
        case Stalled():
            return HTTPStatus.GATEWAY_TIMEOUT
        case _:
            return HTTPStatus.BAD_GATEWAY
