"""What each key would be billed, and the picture jobs: SQLite in memory, or a file that lasts."""

import json
import sqlite3
import time
from dataclasses import asdict, dataclass
from typing import Any

from minitoolai import catalog

_SCHEMA = """
CREATE TABLE IF NOT EXISTS reply (
    id INTEGER PRIMARY KEY, key TEXT NOT NULL, at REAL NOT NULL, model TEXT NOT NULL,
    prompt_tokens INTEGER NOT NULL, completion_tokens INTEGER NOT NULL,
    nano INTEGER NOT NULL, ending TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS job (
    jobid INTEGER PRIMARY KEY, signature TEXT NOT NULL, key TEXT NOT NULL, at REAL NOT NULL,
    due REAL NOT NULL, fate TEXT NOT NULL, token TEXT NOT NULL UNIQUE, nano INTEGER NOT NULL,
    wish TEXT NOT NULL, fault TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS reply_key ON reply (key);
CREATE INDEX IF NOT EXISTS job_key ON job (key);
"""

DONE, FAILED, ENDLESS = "done", "failed", "endless"


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A picture asked for: `fate` is what becomes of it once `due` (Unix seconds) has passed.

    `wish` holds what the painter needs, `fault` the code and options of a spoiled result.
    """

    jobid: int
    signature: str
    key: str
    at: float
    due: float
    fate: str
    token: str
    nano: int
    wish: dict[str, Any]
    fault: dict[str, str]

    def is_due(self) -> bool:
        return self.fate != ENDLESS and time.time() >= self.due


class Books:
    """All that must outlive a restart. One connection, used from the event loop alone."""

    def __init__(self, state: str | None) -> None:
        self._db = sqlite3.connect(state or ":memory:", isolation_level=None)
        self._db.row_factory = sqlite3.Row
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=OFF")
        self._db.executescript(_SCHEMA)

    def close(self) -> None:
        self._db.close()

    def clear(self) -> None:
        self._db.executescript("DELETE FROM reply; DELETE FROM job;")

    def add_reply(
        self, key: str, *, model: str, prompt_tokens: int, completion_tokens: int, ending: str
    ) -> None:
        """Bills a reply at the list price, however it ended."""
        price = catalog.CHAT_MODELS[model]
        nano = prompt_tokens * price.input_nano + completion_tokens * price.output_nano
        self._db.execute(
            "INSERT INTO reply (key, at, model, prompt_tokens, completion_tokens, nano, ending)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            (key, time.time(), model, prompt_tokens, completion_tokens, nano, ending),
        )

    def add_job(self, job: Job) -> None:
        row = asdict(job) | {"wish": json.dumps(job.wish), "fault": json.dumps(job.fault)}
        self._db.execute(
            "INSERT INTO job (jobid, signature, key, at, due, fate, token, nano, wish, fault)"
            " VALUES"
            " (:jobid, :signature, :key, :at, :due, :fate, :token, :nano, :wish, :fault)",
            row,
        )

    def find_job(self, *, jobid: int | None = None, token: str | None = None) -> Job | None:
        row = self._db.execute(
            "SELECT * FROM job WHERE jobid = ? OR token = ?", (jobid, token)
        ).fetchone()
        return _job(row) if row else None

    def known_keys(self) -> list[str]:
        rows = self._db.execute("SELECT key FROM reply UNION SELECT key FROM job ORDER BY key")
        return [row["key"] for row in rows]

    def bill(self, key: str) -> dict[str, Any]:
        """The account of `key` in nano-USD; a picture costs once it is done, a failed one never."""
        replies = [_reply_line(row) for row in self._rows("reply", key=key)]
        jobs = (_job(row) for row in self._rows("job", key=key))
        pictures = [_picture_line(job) for job in jobs if job.fate == DONE and job.is_due()]
        chat = sum(line["nano"] for line in replies)
        image = sum(line["nano"] for line in pictures)
        return {
            "key": key,
            "total_nano": chat + image,
            "chat_nano": chat,
            "image_nano": image,
            "replies": len(replies),
            "pictures": len(pictures),
            "lines": sorted(replies + pictures, key=lambda line: line["at"]),
        }

    def _rows(self, table: str, *, key: str) -> list[sqlite3.Row]:
        query = {
            "reply": "SELECT * FROM reply WHERE key = ? ORDER BY id",
            "job": "SELECT * FROM job WHERE key = ? ORDER BY due",
        }[table]
        return self._db.execute(query, (key,)).fetchall()


def _job(row: sqlite3.Row) -> Job:
    return Job(**{**row, "wish": json.loads(row["wish"]), "fault": json.loads(row["fault"])})


def _reply_line(row: sqlite3.Row) -> dict[str, Any]:
    names = ("at", "model", "prompt_tokens", "completion_tokens", "nano", "ending")
    return {"kind": "chat", **{name: row[name] for name in names}}


def _picture_line(job: Job) -> dict[str, Any]:
    return {
        "kind": "image",
        "at": job.due,
        "model": job.wish["model"],
        "jobid": job.jobid,
        "nano": job.nano,
        "ending": "done",
    }
