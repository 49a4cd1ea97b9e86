"""Who may write a reply: the process that streams it, for as long as its lease runs."""

import uuid
from datetime import timedelta
from typing import Final

# This process, new at every start: rows of an earlier one are orphans, whatever their lease says.
OWNER: Final = uuid.uuid4().hex
LEASE: Final = timedelta(seconds=30)
