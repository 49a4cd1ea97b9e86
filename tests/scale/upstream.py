"""The upstream's side of each call: what it bills, by the simulator's own books."""

import time

from simulator.books import DONE, Books, Job


class Bill:
    """One account a call, so that every single call can be compared."""

    def __init__(self):
        self._books = Books(None)
        self._jobs = 0

    def reply(self, cause, *, model, prompt, output):
        self._books.add_reply(
            cause, model=model, prompt_tokens=prompt, completion_tokens=output, ending="done"
        )

    def picture(self, cause, *, model):
        self._jobs += 1
        self._books.add_job(
            Job(
                jobid=self._jobs,
                signature="",
                key=cause,
                at=time.time(),
                due=time.time(),
                fate=DONE,
                token=str(self._jobs),
                nano=1_500_000,
                wish={"model": model},
                fault={},
            )
        )

    def totals(self):
        """Nano-USD by cause."""
        return {key: self._books.bill(key)["total_nano"] for key in self._books.known_keys()}

    def close(self):
        self._books.close()
