"""People."""

from django.contrib.auth.models import AbstractUser


class User(AbstractUser):
    """A person who signs in; an admin is one with `is_staff` and `is_superuser`."""
