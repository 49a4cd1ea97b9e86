import pytest

from credit.models import Hold, Outcome, Source, UsageRecord
from tests.scale.year import Year


@pytest.mark.django_db(transaction=True)
def test_after_a_year_the_audit_is_clean_and_the_bill_is_ours():
    year = Year(charges=400, pupils=16, groups=8, every=12)
    year.run()
    proof = year.prove()
    assert proof["calls"] >= 400
    assert proof["calls_apart"] > 0
    assert not Hold.objects.open().exists()
    assert {"kills", "allowances", "vouchers", "corrections", "stopped"} <= year.seen.keys()
    assert UsageRecord.objects.filter(source=Source.RECOVERED).exists()
    assert set(UsageRecord.objects.values_list("outcome", flat=True)) >= {
        Outcome.CUT,
        Outcome.BROKEN,
        Outcome.REFUSED,
        Outcome.PICTURE_DONE,
    }
