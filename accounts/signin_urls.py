"""The pages of allauth that this house uses, under allauth's own names; the rest has no address."""

from allauth.account import views
from django.urls import path, re_path

from accounts.caching import forgetting
from accounts.mail import needs_mail

urlpatterns = [
    path("login/", views.login, name="account_login"),
    path("logout/", forgetting(views.logout), name="account_logout"),
    path("inactive/", views.account_inactive, name="account_inactive"),
    path("reauthenticate/", views.reauthenticate, name="account_reauthenticate"),
    path("password/change/", views.password_change, name="account_change_password"),
    path("password/set/", views.password_set, name="account_set_password"),
    path("password/reset/", needs_mail(views.password_reset), name="account_reset_password"),
    path(
        "password/reset/done/",
        needs_mail(views.password_reset_done),
        name="account_reset_password_done",
    ),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        needs_mail(views.password_reset_from_key),
        name="account_reset_password_from_key",
    ),
]
