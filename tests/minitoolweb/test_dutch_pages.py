"""Pages in Dutch: nothing on them reads as it does in English, but for what is no language."""

import re
import uuid
from html.parser import HTMLParser

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts import links
from accounts.models import Group, OneTimeLink
from chat import admission, replies
from chat.models import Message
from chat.replies import Result
from credit.endings import Outcome
from credit.models import UsageRecord
from gateway import keys
from images import jobs
from images.models import ImageJob, State
from minitoolai import ImageRequest, catalog

# The asynchronous views ask the database in threads of their own, which see committed rows only.
pytestmark = pytest.mark.django_db(transaction=True)

PASSWORD = "correct horse battery staple"
TOLD = ("aria-label", "title", "placeholder", "alt")
SCRIPTED = ("data-offline", "data-error", "data-copied", "data-started", "data-done", "data-failed")
UNTOLD = ("script", "style", "svg", "code", "pre")
SAME = re.compile(
    r"account|chat|chat:|chat:message:…|demo|model:?|prompt|scheduler:?|bytes:|id:?|filter|english|nederlands|curl|csv|tokens"
    r"|(› |: )?(alice|bob)(@example\.org)?( · minitoolai)?"
    r"|(\d+|404) · minitoolai|minitoolai|\d+ \+ \d+ tokens"
    r"|\d+ × \d+, \d+ bytes|(› )?(chat:message|images:job):[-\w]+|[-0-9a-f]{36}|(› )?(1 .)?mt-.*"
    r"|(› )?realvision [-\w]+|gpt-4o-mini \(.*\)|(april|september|november|december) \d{4}"
    r"|([a-z]+ )?\d+ (apr|sep|nov|dec)( \d\d:\d\d)?"
    r"|anime|art (deco|nouveau)|bauhaus|fantasy|gouache|low poly|macro|neon"
    # Django's own: the alternative texts of its icons, and captions for screen readers.
    r"|true|false|search|add link|change or view list link|model name",
    re.IGNORECASE,
)
ENGLISH = re.compile(
    r"\b(the|and|you|your|with|this|that|not|for|credit|left|send|sign|make|save|picture|password)\b",
    re.IGNORECASE,
)


class Texts(HTMLParser):
    """What a page says: its text, and the attributes that are shown or read out."""

    def __init__(self, page):
        super().__init__()
        self.found, self._within = set(), []
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if tag in UNTOLD:
            self._within.append(tag)
        for name in (*TOLD, *SCRIPTED):
            self._add(given.get(name) or "")
        if tag == "input" and given.get("type") in ("submit", "button"):
            self._add(given["value"])

    def handle_endtag(self, tag):
        if self._within and self._within[-1] == tag:
            self._within.pop()

    def handle_data(self, data):
        if not self._within:
            self._add(data)

    def _add(self, text):
        words = " ".join(text.split())
        names = {*catalog.CHAT_MODELS, *catalog.IMAGE_MODELS, *catalog.SCHEDULERS}
        if re.search(r"[^\W\d_]{2}", words) and words not in names and not SAME.fullmatch(words):
            self.found.add(words)


def ask(client, address, language, data=None):
    method = client.get if data is None else client.post
    return method(address, data, headers={"Accept-Language": language})


def left_in_english(client, address, data=None):
    """Texts that stay the same in Dutch, or hold an English word there."""
    english, dutch = (ask(client, address, each, data).content.decode() for each in ("en", "nl"))
    assert '<html lang="en' in english, address
    assert '<html lang="nl"' in dutch, address
    said = Texts(dutch).found
    assert len(said) > 3, address
    return (said & Texts(english).found) | {text for text in said if ENGLISH.search(text)}


@pytest.fixture
def admin(alice, client):
    alice.is_staff = alice.is_superuser = True
    alice.save()
    client.post(reverse("account_login"), {"login": "alice", "password": PASSWORD})
    return alice


@pytest.fixture
def conversation(admin):
    """One whose answer was stopped."""
    begun = admission.begin(
        None, user=admin, client_id=uuid.uuid4(), text="1", model="gpt-4o-mini", request_id="1"
    )
    result = Result(state=Message.State.STOPPED, outcome=Outcome.STOPPED, text="1")
    replies.finish(begun.reply, result=result)
    return reverse("chat:conversation", args=[begun.reply.conversation_id])


@pytest.fixture
def pictures(admin):
    """One that is done, one that failed, one that waits."""
    image = ImageRequest(
        model="realvision", prompt="1", negative_prompt="2", steps=1, width=256, height=256
    )
    made = jobs.submit(admin, batch=uuid.uuid4(), image=image, count=3).jobs
    ended = {"submitted_at": timezone.now(), "finished_at": timezone.now(), "due_at": None}
    file = {"sha256": "1", "media_type": "png", "real_width": 256, "real_height": 256}
    ImageJob.objects.filter(pk=made[0].pk).update(state=State.DONE, **file, **ended)
    ImageJob.objects.filter(pk=made[1].pk).update(state=State.FAILED, **ended)
    return made


@pytest.fixture
def key(admin):
    return keys.make(admin, name="1", lifetime=None).key


def test_the_rooms(client, conversation, pictures, key):
    addresses = [
        reverse("chat:home"),
        conversation,
        reverse("images:gallery"),
        reverse("images:viewer", args=[pictures[0].pk]),
        reverse("credit:spend"),
        reverse("credit:statement"),
        reverse("accounts:profile"),
        reverse("account_change_password"),
        reverse("account_reauthenticate"),
        reverse("account_logout"),
        reverse("gateway:keys"),
        reverse("gateway:revoke", args=[key.pk]),
        "/nowhere/",
    ]
    assert {each: left_in_english(client, each) for each in addresses} == dict.fromkeys(
        addresses, set()
    )


def test_the_doors(client, alice, settings):
    settings.HAS_MAIL = True
    token = links.issue(OneTimeLink.Purpose.SET_PASSWORD, user=alice)
    client.get(reverse("accounts:welcome", args=[token]))
    addresses = [
        reverse("account_login"),
        reverse("account_inactive"),
        reverse("account_reset_password"),
        reverse("account_reset_password_done"),
        reverse("account_reset_password_from_key", args=["1", "2-3"]),
        reverse("accounts:choose_password"),
        reverse("accounts:welcome", args=["spent"]),
    ]
    assert {each: left_in_english(client, each) for each in addresses} == dict.fromkeys(
        addresses, set()
    )


def test_the_first_admins_door(client, db):
    token = links.issue(OneTimeLink.Purpose.FIRST_ADMIN)
    client.get(reverse("accounts:welcome", args=[token]))
    assert left_in_english(client, reverse("accounts:choose_password")) == set()


def test_wrong_sign_in(client, alice):
    wrong = {"login": "alice", "password": "wrong"}
    assert left_in_english(client, reverse("account_login"), wrong) == set()


def test_forms_that_are_refused(client, conversation):
    profile = {"first_name": "x" * 200, "email": "no address", "language": "xx"}
    password = {"oldpassword": "wrong", "password1": "12345678", "password2": "1234567"}
    picture = {"steps": "999", "cfg_scale": "999", "size": "1x1", "count": "9", "model": "x"}
    refused = {
        reverse("accounts:profile"): profile,
        reverse("account_change_password"): password,
        reverse("images:gallery"): picture,
        reverse("gateway:keys"): {"name": "", "lifetime": "x"},
        conversation + "messages/": {"text": "", "model": "x", "client_id": str(uuid.uuid4())},
    }
    found = {address: left_in_english(client, address, data) for address, data in refused.items()}
    assert found == dict.fromkeys(refused, set())


def test_the_admin_panel(client, conversation, pictures, key, bob):
    record = UsageRecord.objects.get()
    pages = [
        ("index",),
        *((f"{model}_changelist",) for model in ("accounts_user", "credit_account", "credit_hold")),
        *((f"credit_{model}_changelist",) for model in ("usagerecord", "transfer", "price")),
        *((f"{model}_changelist",) for model in ("images_imagejob", "gateway_apikey")),
        ("accounts_user_add",),
        ("accounts_user_change", bob.pk),
        ("credit_account_grant", bob.pk),
        ("credit_hold_change", record.hold_id),
        ("credit_usagerecord_change", record.pk),
        ("credit_price_add",),
        ("credit_policy_change", 1),
        ("images_imagejob_change", pictures[0].pk),
        ("gateway_apikey_change", key.pk),
    ]
    addresses = [reverse(f"admin:{name}", args=args) for name, *args in pages]
    assert {each: left_in_english(client, each) for each in addresses} == dict.fromkeys(
        addresses, set()
    )


def test_oversight(client, conversation, pictures, key, bob):
    group = Group.objects.create(name="1")
    names = ("people", "groups", "anomalies", "usage", "ledger", "prices", "vouchers")
    addresses = [
        *(reverse(f"oversight:{name}") for name in names),
        reverse("oversight:person", args=[bob.pk]),
        reverse("oversight:person", args=[key.user_id]),
        reverse("oversight:group", args=[group.pk]),
    ]
    assert {each: left_in_english(client, each) for each in addresses} == dict.fromkeys(
        addresses, set()
    )


def test_the_socket_speaks_dutch_where_only_the_browser_asked_for_it(client, conversation):
    assert "/?lang=nl" in ask(client, conversation, "nl").content.decode()
    assert "/?lang=en" in ask(client, conversation, "en").content.decode()
