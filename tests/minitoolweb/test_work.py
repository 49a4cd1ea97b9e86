import asyncio
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from minitoolweb import work


@pytest.mark.django_db(transaction=True)
async def test_every_loop_gets_through_a_round(simulator, settings):
    settings.MINITOOLAI_BASE_URL = simulator.url
    await asyncio.to_thread(expire_a_session)
    for loop in work.all_loops():
        await loop.run()
    assert await Session.objects.acount() == 0
    await work.close_client()


def expire_a_session():
    long_ago = timezone.now() - timedelta(days=1)
    Session.objects.create(session_key="old", session_data="", expire_date=long_ago)
