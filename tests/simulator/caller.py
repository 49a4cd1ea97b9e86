"""A plain caller of the upstream API: http.client for answers, a bare socket for their bytes."""

import http.client
import json
import socket
from dataclasses import dataclass
from urllib.parse import urlsplit

from tests.upstream import KEY

CHAT, IMAGE, JOBS = "/api/chat-completions/", "/api/texttoimage/", "/api/texttoimage/jobs/"


@dataclass
class Answer:
    status: int
    headers: dict
    body: bytes

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def payloads(self):
        """What stands after `data: ` of each event."""
        return [e.removeprefix("data: ") for e in self.body.decode().split("\n\n") if e]

    @property
    def chunks(self):
        return [json.loads(payload) for payload in self.payloads if payload != "[DONE]"]

    @property
    def text(self):
        return "".join(
            choice["delta"].get("content", "") for c in self.chunks for choice in c["choices"]
        )

    @property
    def usage(self):
        return self.chunks[-1]["usage"]


class Caller:
    def __init__(self, url, key=KEY):
        self.url = url
        self.key = key
        self.address = (urlsplit(url).hostname, urlsplit(url).port)

    def request(self, method, path, body=None, *, key=None, headers=None):
        connection = http.client.HTTPConnection(*self.address, timeout=20)
        given = {"Authorization": f"Bearer {key or self.key}", "Content-Type": "application/json"}
        data = body if isinstance(body, bytes | None) else json.dumps(body)
        try:
            connection.request(method, path, data, given if headers is None else headers)
            answer = connection.getresponse()
            return Answer(answer.status, dict(answer.headers), answer.read())
        finally:
            connection.close()

    def post(self, path, body, **more):
        return self.request("POST", path, body, **more)

    def chat(self, prompt="Hello", *, model="gpt-4o-mini", **more):
        return self.post(CHAT, chat_body(prompt, model=model, **more))

    def submit(self, prompt="A lighthouse", *, model="realvision", **more):
        return self.post(IMAGE, {"model": model, "prompt": prompt, **more})

    def status(self, job):
        return self.post(JOBS, {"jobid": job["jobid"], "signature": job["signature"]}).json

    def picture(self, prompt="A lighthouse", **more):
        """The bytes of a picture that is ready at once."""
        job = self.submit(prompt, **more).json
        return self.fetch(self.status(job)["image_url"])

    def fetch(self, url):
        return self.request("GET", urlsplit(url).path)

    def raw(self, prompt, *, body=None, until=None):
        """All bytes that come for a chat, and how it ended: "end", "reset" or "left" (by us)."""
        with socket.create_connection(self.address, timeout=20) as line:
            line.sendall(self.raw_request(CHAT, body or chat_body(prompt)))
            return _read(line, until)

    def chat_with(self, key):
        return self.post(CHAT, chat_body("Hello"), key=key)

    def raw_request(self, path, body):
        data = json.dumps(body).encode()
        head = (
            f"POST {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {self.key}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(data)}\r\n"
            "Connection: close\r\n\r\n"
        )
        return head.encode() + data


def chat_body(prompt, *, model="gpt-4o-mini", **more):
    return {"model": model, "messages": [{"role": "user", "content": prompt}], **more}


def _read(line, until):
    """`until` is a piece of bytes, or a question to what has come so far."""
    got = b""
    if isinstance(until, bytes):
        piece = until
        until = lambda so_far: piece in so_far  # noqa: E731
    while not (until and until(got)):
        try:
            part = line.recv(65_536)
        except ConnectionResetError:
            return got, "reset"
        if not part:
            return got, "end"
        got += part
    return got, "left"
