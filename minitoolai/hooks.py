"""A message to a program of the house's own choosing; nothing of the upstream goes along."""

from collections.abc import Mapping
from typing import Final

import httpx

TIMEOUT: Final = 10.0  # seconds, for each step of it


class HookFailed(Exception):
    """It could not be reached, or did not answer with 2xx."""


def post(url: str, *, body: bytes, headers: Mapping[str, str]) -> None:
    """Post JSON once, following no redirect; raises HookFailed."""
    try:
        with httpx.Client(timeout=TIMEOUT, trust_env=False, follow_redirects=False) as client:
            answer = client.post(
                url, content=body, headers={"Content-Type": "application/json", **headers}
            )
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise HookFailed(type(error).__name__) from None
    if not answer.is_success:
        raise HookFailed(f"status {answer.status_code}")
