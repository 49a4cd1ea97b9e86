"""A typed async client of the MiniToolAI API; knows no web framework."""

from minitoolai.chat import ChatEvent, Delta, Finish, Retrying, SenselessUsage, Usage
from minitoolai.client import Client
from minitoolai.errors import (
    AnswerLost,
    BadRequest,
    Busy,
    ErrorInStream,
    ImageRejected,
    ImageUnusable,
    Interrupted,
    MiniToolAIError,
    Stalled,
    StreamInterrupted,
    TooLarge,
    Unauthorized,
    UnexpectedAnswer,
    Unreachable,
    Untrusted,
    UpstreamFault,
)
from minitoolai.limits import Caps, Deadlines
from minitoolai.pictures import ImageJob, ImageRequest, ImageStatus
from minitoolai.sharing import shared_client

__all__ = [
    "AnswerLost",
    "BadRequest",
    "Busy",
    "Caps",
    "ChatEvent",
    "Client",
    "Deadlines",
    "Delta",
    "ErrorInStream",
    "Finish",
    "ImageJob",
    "ImageRejected",
    "ImageRequest",
    "ImageStatus",
    "ImageUnusable",
    "Interrupted",
    "MiniToolAIError",
    "Retrying",
    "SenselessUsage",
    "Stalled",
    "StreamInterrupted",
    "TooLarge",
    "Unauthorized",
    "UnexpectedAnswer",
    "Unreachable",
    "Untrusted",
    "UpstreamFault",
    "Usage",
    "shared_client",
]
