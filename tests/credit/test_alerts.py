import hmac
import http.server
import json
import threading

import pytest
from django.core import mail
from django.utils import timezone, translation

from accounts.models import Group
from credit import alerts, budgets, opening, pool, telling
from credit.endings import Ending, Outcome, Tokens
from credit.errors import ServiceOutOfCredit
from credit.ledger import settle
from credit.limits import set_limits
from credit.models import Alert, PoolEntry, Window
from tests.credit.books import fill_pool, give, hold_for
from tests.credit.racers import race
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def mailing(settings):
    settings.HAS_MAIL = True
    settings.PUBLIC_HOST = settings.PUBLIC_URL = ""


@pytest.fixture
def boss(db):
    return UserFactory(username="boss", is_superuser=True, language="nl")


@pytest.fixture
def hook(settings):
    """A receiver on a real socket; `answers` says with which status."""
    got, answers = [], []

    class Receiver(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            got.append((dict(self.headers), self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(answers.pop(0) if answers else 204)
            self.send_header("Location", "/elsewhere")
            self.end_headers()

        def log_message(self, *args):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    threading.Thread(target=server.serve_forever, args=(0.01,)).start()
    settings.ALERT_WEBHOOK_URL = f"http://127.0.0.1:{server.server_port}/alerts"
    settings.ALERT_WEBHOOK_SECRET = "0123456789abcdef"
    server.got, server.answers = got, answers
    yield server
    server.shutdown()
    server.server_close()


def spend(user, *, tokens, cause):
    """Charge so many output tokens at 600 nano-USD each."""
    hold = hold_for(user, amount=tokens * 600, cause=cause)
    settle(hold.pk, ending=Ending(outcome=Outcome.DONE, reported=Tokens(0, tokens)))


def levels(kind):
    return list(Alert.objects.filter(kind=kind).order_by("pk").values_list("level", flat=True))


def test_the_pool_is_told_of_at_half_at_four_fifths_and_empty(alice):
    fill_pool(1000 * 600)
    for number, tokens in enumerate((499, 1, 200, 101, 199)):
        spend(alice, tokens=tokens, cause=f"{number}")
        alerts.look()
        alerts.look()
    assert levels("pool") == [50, 80, 100]


def test_what_was_passed_at_once_is_told_by_its_highest_level(alice):
    fill_pool(1000 * 600)
    spend(alice, tokens=900, cause="much")
    alerts.look()
    assert levels("pool") == [80]


def test_a_top_up_begins_anew(alice):
    fill_pool(1000 * 600)
    spend(alice, tokens=900, cause="one")
    alerts.look()
    pool.record(PoolEntry.Kind.TOP_UP, amount=1000 * 600, actor=None, key="again")
    spend(alice, tokens=600, cause="two")
    alerts.look()
    assert levels("pool") == [80, 50]


def test_limits_of_people_and_groups_are_told_once_a_period(alice):
    alice.group = Group.objects.create(name="4B")
    alice.save()
    give(alice, 10**9)
    set_limits(opening.open_account(alice), day=1000 * 600, month=None)
    set_limits(opening.open_group(alice.group), day=None, month=1600 * 600)
    spend(alice, tokens=810, cause="one")
    assert alerts.look() == 2
    assert alerts.look() == 0
    assert {telling.in_words(alert) for alert in Alert.objects.all()} == {
        "4B has used 50% of this month's limit of $0.00096.",
        f"{alice} has used 80% of today's limit of $0.0006.",
    }
    Window.objects.update(start="2020-01-01")
    assert alerts.look() == 0


def test_a_drift_beyond_the_threshold_is_told_once(settings):
    settings.ALERT_DRIFT_USD = "0.10"
    fill_pool(10**9)
    pool.record(PoolEntry.Kind.SHOWN, amount=9 * 10**8, actor=None, key="near")
    assert alerts.look() == 0
    pool.record(PoolEntry.Kind.SHOWN, amount=9 * 10**8 - 1, actor=None, key="far")
    assert alerts.look() == 1
    assert alerts.look() == 0


def test_a_call_that_the_pool_cannot_bear_is_told_though_nothing_was_saved(alice):
    fill_pool(5)
    give(alice, 10**9)
    with pytest.raises(ServiceOutOfCredit):
        budgets.read(alice).check(6)
    alerts.look()
    assert Alert.objects.filter(kind="refused").count() == 1


def test_a_refused_key_is_told_once_an_hour():
    for _ in range(3):
        alerts.flag(Alert.Kind.KEY)
        alerts.look()
    assert Alert.objects.filter(kind="key").count() == 1


@pytest.mark.django_db(transaction=True)
def test_many_processes_note_it_once_and_tell_it_once(alice, database_url):
    fill_pool(1000 * 600)
    spend(alice, tokens=900, cause="much")
    told = race("alert", database_url=database_url, processes=6)
    assert sum(told) == 1
    assert Alert.objects.get().told_at is not None


def noted(number=1):
    alerts.note(Alert(kind=Alert.Kind.KEY, thing="upstream", period=str(n)) for n in range(number))


def test_admins_are_told_by_mail_in_their_language(boss):
    noted()
    assert telling.tell_due() == 1
    (message,) = mail.outbox
    assert message.to == [boss.email]
    with translation.override("nl"):
        assert message.subject == telling.in_words(Alert.objects.get())
    assert telling.tell_due() == 0


def test_the_addresses_in_the_settings_win(boss, settings):
    settings.ALERT_EMAILS = ["care@example.org"]
    noted()
    telling.tell_due()
    assert [message.to for message in mail.outbox] == [["care@example.org"]]


def test_many_alerts_make_one_message(boss):
    noted(50)
    telling.tell_due()
    (message,) = mail.outbox
    assert message.body.count("\n- ") == 20


def test_the_webhook_is_signed(hook):
    noted()
    telling.tell_due()
    ((headers, body),) = hook.got
    signed = hmac.new(b"0123456789abcdef", headers["X-Timestamp"].encode() + b"." + body, "sha256")
    assert hmac.compare_digest(headers["X-Signature"], f"sha256={signed.hexdigest()}")
    assert json.loads(body)["alerts"][0]["kind"] == "key"


@pytest.mark.parametrize("status", [500, 302])
def test_a_webhook_that_fails_is_tried_again_later(hook, status):
    hook.answers.append(status)
    noted()
    assert telling.tell_due() == 0
    assert telling.tell_due() == 0
    Alert.objects.update(due_at=timezone.now())
    assert telling.tell_due() == 1
    assert len(hook.got) == 2


def test_after_twelve_tries_it_is_given_up(hook):
    hook.answers.extend([500] * 20)
    noted()
    for _ in range(15):
        Alert.objects.update(due_at=timezone.now())
        telling.tell_due()
    assert len(hook.got) == 12
