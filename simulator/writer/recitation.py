"""A whole answer known by heart, and when it is the right one."""

import re
from dataclasses import dataclass

from simulator.writer.reading import Question

# Wanted in passing, without making an answer the wrong one.
_ASIDE = frozenset({"greeting", "thanks"})

# So much of a prompt is looked at; whoever writes more wants an answer of their own.
_READ = 400

_PARTY = re.compile(
    r"\b(?:for|voor) (?:\d{1,2}|one|two|three|four|five|six|seven|eight|nine|ten"
    r"|één|twee|drie|vier|vijf|zes|zeven|acht|negen|tien)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recitation:
    """`asked` are patterns that must all be found; `wants` is all that it can satisfy.

    `{party}` in the text becomes how many it is for, as the prompt says it.
    """

    asked: tuple[str, ...]
    wants: frozenset[str]
    english: str
    dutch: str

    def fits(self, question: Question) -> bool:
        return set(question.wants) - _ASIDE <= self.wants and all(
            re.search(pattern, question.text[:_READ], re.IGNORECASE) for pattern in self.asked
        )

    def recite(self, question: Question) -> str:
        party = _PARTY.search(question.text)
        shown = f" {party[0].lower()}" if party else ""
        return question.say(self.english, self.dutch).replace("{party}", shown)
