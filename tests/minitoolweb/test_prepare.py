import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from credit.models import Pool
from minitoolweb import prepare


@pytest.mark.django_db
def test_a_migrated_database_is_current():
    assert prepare.is_database_current()


@pytest.mark.django_db
def test_a_database_that_lacks_a_migration_is_not():
    MigrationRecorder(connection).record_unapplied("sessions", "0001_initial")
    assert not prepare.is_database_current()


@pytest.mark.django_db
def test_the_demos_pool_is_filled_once():
    prepare.fill_demo_pool()
    prepare.fill_demo_pool()
    assert Pool.objects.get().balance == 20 * 10**9


@pytest.fixture
def source(settings, tmp_path):
    """A folder of static files; the collected ones go beside it."""
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STATICFILES_DIRS = [tmp_path / "source"]
    settings.STATIC_ROOT = tmp_path / "static"
    (tmp_path / "source").mkdir()
    (tmp_path / "source" / "one.css").write_text("a {}")
    return tmp_path / "source"


def test_static_files_are_collected_when_they_changed(source, settings):
    collected = settings.STATIC_ROOT / "one.css"
    prepare.collect_static_if_changed()
    assert collected.read_text() == "a {}"

    collected.unlink()
    prepare.collect_static_if_changed()
    assert not collected.exists()  # nothing changed, so nothing was done

    (source / "one.css").write_text("b {}  ")
    prepare.collect_static_if_changed()
    assert collected.read_text() == "b {}  "


def test_a_new_file_is_a_change(source, settings):
    prepare.collect_static_if_changed()
    (source / "two.css").write_text("c {}")
    prepare.collect_static_if_changed()
    assert (settings.STATIC_ROOT / "two.css").exists()


def test_files_removed_from_the_data_folder_are_made_again(source, settings):
    prepare.collect_static_if_changed()
    for path in settings.STATIC_ROOT.iterdir():
        path.unlink()
    settings.STATIC_ROOT.rmdir()
    prepare.collect_static_if_changed()
    assert (settings.STATIC_ROOT / "one.css").exists()
