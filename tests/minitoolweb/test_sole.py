import os
import signal
import subprocess
import sys

import pytest

from minitoolweb import sole

HOLD = """
import sys, pathlib
from minitoolweb import sole
lock = sole.claim(pathlib.Path(sys.argv[1]))
print("held", flush=True)
sys.stdin.read()
"""


def test_the_second_is_told_who_the_first_is(tmp_path):
    with sole.claim(tmp_path), pytest.raises(sole.AlreadyRunning, match=str(os.getpid())):
        sole.claim(tmp_path)


def test_another_folder_is_another_matter(tmp_path):
    (tmp_path / "other").mkdir()
    with sole.claim(tmp_path), sole.claim(tmp_path / "other"):
        pass


def test_a_killed_process_holds_nothing(tmp_path):
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as holder:
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(sole.AlreadyRunning, match=str(holder.pid)):
            sole.claim(tmp_path)
        holder.send_signal(signal.SIGKILL)
        holder.wait()
        sole.claim(tmp_path).close()
