import pytest

from minitoolweb.version import VERSION, newest


def test_the_newest_released_version_counts():
    text = "# Changelog\n\n## [Unreleased]\n\n## [1.2.0] - 2027-01-01\n\n## [1.1.9] - 2026-12-01\n"
    assert newest(text) == "1.2.0"


def test_a_changelog_without_a_version_is_an_error():
    with pytest.raises(ValueError, match="no version"):
        newest("# Changelog")


def test_ours_has_one():
    assert VERSION.count(".") == 2
