import pytest
from django.db import connection


@pytest.mark.django_db
@pytest.mark.sqlite
def test_migrating_turns_the_write_ahead_log_on():
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA journal_mode")
        assert cursor.fetchone() == ("wal",)
