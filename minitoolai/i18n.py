"""Marks English text for translation without importing a framework.

`makemessages` finds `_("…")`; whoever shows the text translates it then.
"""


def gettext_noop(message: str) -> str:
    """The same text, marked for the translators."""
    return message
