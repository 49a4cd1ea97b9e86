"""POST /api/chat-completions/: checks, thinks, streams, bills."""

import asyncio
import codecs
from dataclasses import replace
from functools import partial

from minitoolai import tokens
from simulator import answers, directives, faults, writer
from simulator.asks import ChatAsk, Message, read_chat
from simulator.directives import Directives
from simulator.house import House
from simulator.shapes import Chunks
from simulator.stream import Pace, Reply, Stream, pace_for, run
from simulator.wire import Wire

MAX_BODY = 64_000_000


async def complete(wire: Wire, house: House) -> None:
    key = house.authenticate(wire)
    body = await wire.read_json(limit=MAX_BODY)
    ask = await asyncio.to_thread(read_chat, body)
    prompt = ask.last_user().text
    wishes = directives.read(prompt)
    call = house.board.take("chat", key=key, wish=wishes.fault, prompt=prompt)
    if call and faults.FAULTS[call.code].place == "answer":
        await answers.spoil(wire, call=call)
        return
    reply = await asyncio.to_thread(prepare, ask, wishes)
    bill = partial(_bill, house, key, reply)
    pace = _pace(ask.model, wishes=wishes, factor=house.pace, prompt=prompt)
    wire.watch()
    stream = Stream(wire, reply, pace, bill, Chunks(ask.model))
    await run(faults.course_for(stream, call=call), fault=call.code if call else None)


def prepare(ask: ChatAsk, wishes: Directives) -> Reply:
    """Writes the whole reply and cuts it at the limit. Slow: run it in a thread.

    Asked to go on with a reply of its own, it gives the rest.
    """
    asked, begun = _without_beginning(ask)
    split = tokens.split_text(_clean(writer.compose(asked)))
    if wishes.tokens:
        split = _stretch(split, asked, wishes.tokens, begun=begun)
    split = _after(begun, split)
    reason = "length" if len(split) > ask.max_tokens else "stop"
    split = split[: ask.max_tokens]
    return Reply(
        model=ask.model,
        prompt_tokens=ask.prompt_tokens,
        completion_tokens=len(split),
        pieces=tuple(_pieces(split)),
        reason=reason,
    )


def _without_beginning(ask: ChatAsk) -> tuple[ChatAsk, str]:
    """What was asked at first, and the beginning of the reply that is to be continued, if any."""
    match ask.messages[-2:]:
        case (Message(role="assistant", text=begun), Message(role="developer")):
            return replace(ask, messages=ask.messages[:-2]), begun
    return ask, ""


def _after(begun: str, split: list[bytes]) -> list[bytes]:
    """What follows a beginning; all of it where the reply does not begin so."""
    whole = b"".join(split)
    start = begun.encode()
    if not begun or not whole.startswith(start):
        return split
    return tokens.split_text(whole[len(start) :].decode("utf-8", "ignore"))


def _stretch(split: list[bytes], ask: ChatAsk, length: int, *, begun: str) -> list[bytes]:
    """Exactly `length` tokens: cut, or made longer with more of the same."""
    length = min(length, tokens.count_text(begun) + ask.max_tokens + 1)
    page = 1
    while len(split) < length:
        more = writer.compose_more(ask, page=page)
        split = split + tokens.split_text(_clean("\n\n" + more))
        page += 1
    return split[:length]


def _pieces(split: list[bytes]) -> list[str]:
    """Whole tokens as text; one that ends within a character waits for the next."""
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    return [text for text in map(decoder.decode, split) if text]


def _clean(text: str) -> str:
    return text.encode("utf-8", "replace").decode()


def _pace(model: str, *, wishes: Directives, factor: float, prompt: str) -> Pace:
    pace = pace_for(model, factor=factor if wishes.pace is None else wishes.pace, seed=prompt)
    if wishes.slow is not None:
        pace = replace(pace, between=wishes.slow / 1_000, unsteady=0)
    if wishes.first is not None:
        pace = replace(pace, first=wishes.first / 1_000)
    return pace


def _bill(house: House, key: str, reply: Reply, completion_tokens: int, ending: str) -> None:
    house.books.add_reply(
        key,
        model=reply.model,
        prompt_tokens=reply.prompt_tokens,
        completion_tokens=completion_tokens,
        ending=ending,
    )
