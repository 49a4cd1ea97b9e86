"""The client against a raw upstream that answers well, and pictures it may never pay twice."""

import asyncio

import pytest

from minitoolai import (
    AnswerLost,
    Busy,
    Client,
    Deadlines,
    Delta,
    Finish,
    ImageJob,
    ImageRejected,
    ImageRequest,
    ImageStatus,
    Stalled,
    TooLarge,
    UnexpectedAnswer,
    UpstreamFault,
    Usage,
)
from tests.minitoolai.conftest import KEY
from tests.minitoolai.upstream import (
    chunk,
    cut,
    event,
    plain,
    reply,
    stall,
    stream,
    text_of,
)

REQUEST = ImageRequest(model="realvision", prompt="A dike", steps=4, width=1_152, height=768)
JOB = ImageJob("12345678", "abcxyz123")


async def test_a_reply_is_deltas_usage_and_finish(upstream, client, listen):
    upstream.answers(stream(reply("Ok", ".")))
    events, error = await listen(client)
    assert error is None
    assert events == [
        Delta("Ok"),
        Delta("."),
        Usage(prompt_tokens=17, completion_tokens=3, cached_tokens=4),
        Finish("stop", "gpt-4o-mini-2024-07-18"),
    ]


async def test_what_is_asked_is_what_the_page_says(upstream, client, listen):
    upstream.answers(stream(reply("Ok")))
    messages = [
        {"role": "developer", "content": "Be brief"},
        {"role": "user", "content": "Hé \ud83d"},
    ]
    await listen(client, messages=messages, temperature=0.5, max_completion_tokens=256)
    [request] = upstream.requests
    assert (request.method, request.path) == ("POST", "/api/chat-completions/")
    assert request.headers["authorization"] == f"Bearer {KEY}"
    assert request.headers["accept-encoding"] == "identity"
    assert request.headers["content-type"] == "application/json"
    assert request.json == {
        "model": "gpt-4o-mini",
        "messages": messages,
        "temperature": 0.5,
        "max_completion_tokens": 256,
    }


async def test_what_was_not_chosen_is_not_sent(upstream, client, listen):
    upstream.answers(stream(reply("Ok")))
    await listen(client)
    assert upstream.requests[0].json.keys() == {"model", "messages"}


@pytest.mark.parametrize("reason", ["stop", "length", "content_filter"])
async def test_the_reason_of_the_end_is_passed_on(upstream, client, listen, reason):
    upstream.answers(stream(reply("Ok", finish=reason)))
    events, _ = await listen(client)
    assert events[-1].reason == reason


async def test_a_stream_may_carry_any_content_type(upstream, client, listen):
    upstream.answers(stream(reply("Ok"), headers={"Content-Type": "text/html"}))
    events, error = await listen(client)
    assert (text_of(events), error) == ("Ok", None)


async def test_the_connection_serves_the_next_reply(upstream, client, listen):
    upstream.answers(plain(reply("Ok")))
    await listen(client)
    await listen(client)
    assert (len(upstream.requests), upstream.connections) == (2, 1)


async def test_the_connection_is_kept_when_its_end_comes_a_little_later(upstream, client, listen):
    async def in_two_steps(connection):
        data = reply("Ok")
        head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
        await connection.send(head + b"%x\r\n%s\r\n" % (len(data), data))
        await asyncio.sleep(0.05)
        await connection.send(b"0\r\n\r\n")
        return True

    upstream.answers(in_two_steps)
    await listen(client)
    await listen(client)
    assert (len(upstream.requests), upstream.connections) == (2, 1)


async def test_no_cookie_reaches_the_next_request(upstream, client, listen):
    upstream.answers(plain(reply("Ok"), headers={"Set-Cookie": "who=alice; Path=/"}))
    await listen(client)
    await listen(client)
    assert "cookie" not in upstream.requests[1].headers


async def test_more_than_a_hundred_replies_stream_at_once(upstream, client, listen):
    everybody_is_here = asyncio.Event()

    async def wait_for_all(connection):
        if len(upstream.requests) == 120:
            everybody_is_here.set()
        await everybody_is_here.wait()
        await connection.send(reply("Ok"))

    upstream.answers(stream(then=wait_for_all))
    heard = await asyncio.wait_for(asyncio.gather(*(listen(client) for _ in range(120))), 20)
    assert all(error is None for _, error in heard)


async def test_proxies_of_the_environment_are_ignored(upstream, open_client, listen, monkeypatch):
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    upstream.answers(stream(reply("Ok")))
    _, error = await listen(open_client())
    assert error is None


@pytest.mark.parametrize("jobid", [12345678, "12345678"])
async def test_a_picture_is_handed_over(upstream, client, jobid):
    upstream.answers(
        plain(f'{{"status":"success","jobid":{jobid!r},"signature":"abcxyz123"}}'.replace("'", '"'))
    )
    assert await client.submit_image(REQUEST) == JOB
    [request] = upstream.requests
    assert (request.method, request.path) == ("POST", "/api/texttoimage/")
    assert request.json == {
        "model": "realvision",
        "prompt": "A dike",
        "steps": 4,
        "width": 1_152,
        "height": 768,
    }


async def test_a_picture_refused(upstream, client):
    upstream.answers(plain('{"status":"error","jobid":null,"signature":null}'))
    with pytest.raises(ImageRejected) as caught:
        await client.submit_image(REQUEST)
    assert not caught.value.sent


async def test_a_busy_picture_is_left_to_its_queue(upstream, client):
    upstream.answers(plain("", status=429, headers={"Retry-After": "7"}))
    with pytest.raises(Busy) as caught:
        await client.submit_image(REQUEST)
    assert (caught.value.retry_after, len(upstream.requests)) == (7, 1)


@pytest.mark.parametrize(
    ("script", "kind"),
    [
        (cut, AnswerLost),
        (stall, Stalled),
        (plain('{"status":', headers={"Content-Length": 500}), Stalled),
        (plain("<h1>Hello</h1>"), UnexpectedAnswer),
        (plain("[]"), UnexpectedAnswer),
        (plain("[" * 50_000), UnexpectedAnswer),
        (plain('{"status":"success","jobid":null,"signature":"x"}'), UnexpectedAnswer),
        (plain("x" * 70_000), TooLarge),
        (plain("", status=500), UpstreamFault),
    ],
)
async def test_g1_a_lost_answer_may_have_been_paid_and_is_not_sent_again(
    upstream, hasty, script, kind
):
    upstream.answers(script)
    with pytest.raises(kind) as caught:
        await hasty.submit_image(REQUEST)
    assert (caught.value.sent, len(upstream.requests)) == (True, 1)


async def test_a_job_is_asked_for_by_its_signature(upstream, client):
    upstream.answers(plain('{"status":"success","image_url":"https://x/y.png","message":"ok"}'))
    assert await client.image_status(JOB) == ImageStatus("done", "https://x/y.png", "ok")
    [request] = upstream.requests
    assert request.path == "/api/texttoimage/jobs/"
    assert request.json == {"jobid": "12345678", "signature": "abcxyz123"}


async def test_the_key_is_in_no_log_event_error_or_repr(upstream, open_client, listen, caplog):
    caplog.set_level("DEBUG")
    client = open_client(deadlines=Deadlines(first_event=2))
    scripts = [
        plain(f"Bad key Bearer {KEY}", status=401),
        plain(KEY, status=500),
        plain(f"<p>{KEY}</p>"),
        stream(event({"error": KEY})),
        stream(chunk(usage={"prompt_tokens": KEY})),
        stream(b"HTTP nonsense"),
        cut,
        stall,
    ]
    said = [repr(client), str(vars(client).keys())]
    for script in scripts:
        upstream.answers(script)
        events, error = await listen(client)
        said += map(repr, events)
        while error is not None:
            said += [repr(error), str(error), repr(vars(error))]
            error = error.__cause__ or error.__context__
    assert len(upstream.requests) == len(scripts)
    assert KEY not in caplog.text + "".join(said)


@pytest.mark.parametrize("key", ["a\nb", "clé", "a\0"])
def test_a_key_that_no_header_can_carry_is_refused_without_repeating_it(key):
    with pytest.raises(ValueError) as caught:
        Client(api_key=key)
    assert key not in str(caught.value)
