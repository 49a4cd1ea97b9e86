"""Structured logs by structlog over the standard library: JSON lines, or colours on a terminal."""

import logging
import logging.config
from typing import Any

import structlog

FORMATS = ("console", "json")
LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")

_SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.stdlib.PositionalArgumentsFormatter(),
]


class RouteForPath(logging.Filter):
    """Replace the path in Django's own request lines by its route: a path can hold a secret."""

    def filter(self, record: logging.LogRecord) -> bool:
        request = getattr(record, "request", None)
        path = getattr(request, "path", None)
        if path and isinstance(record.args, tuple):
            record.args = tuple(route_of(request) if arg == path else arg for arg in record.args)
        return True


def route_of(request: Any) -> str:
    """The URL pattern a request was routed by, such as "c/<uuid:pk>/"; "unrouted" if none was."""
    match = getattr(request, "resolver_match", None)
    return "unrouted" if match is None else f"/{match.route}"


def configure(config: dict[str, str]) -> None:
    """Set up every logger; `config` is settings.LOGGING: `format` json|console, `level`.

    Unknown values fall back here and are told by a system check, which needs working logs.
    """
    structlog.configure(
        processors=[*_SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    level = config["level"] if config["level"] in LEVELS else "INFO"
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "filters": {"route_for_path": {"()": RouteForPath}},
            "formatters": {
                "structured": {
                    "()": structlog.stdlib.ProcessorFormatter,
                    "foreign_pre_chain": _SHARED,
                    "processors": _last_steps(config["format"]),
                }
            },
            "handlers": {
                "stderr": {
                    "class": "logging.StreamHandler",
                    "formatter": "structured",
                    "filters": ["route_for_path"],
                }
            },
            "root": {"handlers": ["stderr"], "level": level},
            "loggers": {
                # Client errors stand in the request's own line.
                "django.request": {"level": "ERROR"},
                "httpx": {"level": "WARNING"},
                "daphne": {"level": "WARNING"},
                "uvicorn": {"level": "WARNING"},
                "django.channels.server": {"level": "WARNING"},
                "asyncio": {"level": "INFO"},
            },
        }
    )


def _last_steps(log_format: str) -> list[Any]:
    without_meta = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    if log_format == "console":
        # Without the local variables of each frame, which hold prompts and keys.
        plain = structlog.dev.plain_traceback
        return [without_meta, structlog.dev.ConsoleRenderer(exception_formatter=plain)]
    return [
        without_meta,
        structlog.processors.format_exc_info,
        structlog.processors.JSONRenderer(),
    ]
