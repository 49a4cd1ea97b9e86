import pytest
from django.urls import reverse

from credit import ledger
from credit.models import Account

pytestmark = pytest.mark.django_db


@pytest.fixture
def given(alice, bob):
    return ledger.grant(alice, amount=10**9, actor=bob, reason="Well <done>", key="k")


@pytest.fixture
def as_alice(client, alice):
    client.force_login(alice)
    return client


def shown(client, language="en"):
    answer = client.get(reverse("images:gallery"), headers={"Accept-Language": language})
    return answer.content.decode()


def read(client, transfer, **more):
    return client.post(reverse("credit:note_read", args=[transfer.pk]), more)


def test_a_change_by_hand_is_told_until_it_was_read(as_alice, given):
    assert "You were given $1.0000. Well &lt;done&gt;" in shown(as_alice)
    page = reverse("images:gallery")
    assert read(as_alice, given, next=page)["Location"] == page
    assert "You were given" not in shown(as_alice)


def test_our_words_are_in_the_persons_language(as_alice, given):
    assert "Je kreeg $" in shown(as_alice, "nl")


@pytest.mark.parametrize(
    ("amount", "words"), [(5 * 10**8, "$0.5000 more"), (-5 * 10**8, "$0.5000 less")]
)
def test_a_correction_says_its_direction(as_alice, alice, amount, words):
    ledger.adjust(alice, amount=amount, actor=None, reason="Counted anew", key="k")
    assert words in shown(as_alice)


def test_a_reversal_is_told_instead(as_alice, given):
    ledger.reverse(given, actor=None, reason="Not hers")
    page = shown(as_alice)
    assert "given by mistake was taken back" in page
    assert "Well" not in page


def test_a_newer_change_is_not_read_with_the_older_one(as_alice, alice, given):
    ledger.grant(alice, amount=5, actor=None, reason="more", key="newer")
    read(as_alice, given)
    assert Account.objects.get(user=alice).unread is not None


def test_nobody_reads_anothers_note(client, bob, given, alice):
    client.force_login(bob)
    assert "You were given" not in shown(client)
    read(client, given)
    assert Account.objects.get(user=alice).unread == given


def test_back_never_leads_to_another_site(as_alice, given):
    assert read(as_alice, given, next="https://evil.example/")["Location"] == "/spend/"
    assert read(as_alice, given, next="//evil.example/")["Location"] == "/spend/"


def test_what_was_read_costs_a_page_no_query(as_alice, given, django_assert_num_queries):
    read(as_alice, given)
    with django_assert_num_queries(4):
        as_alice.get(reverse("credit:purse"))
