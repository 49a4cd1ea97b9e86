"""The books in the admin panel: read by admins, changed only by adding to them."""

from credit.admin import accounts, books, gifts, pool, rules, trail
from credit.admin.permissions import AdminsOnly

__all__ = ["AdminsOnly", "accounts", "books", "gifts", "pool", "rules", "trail"]
