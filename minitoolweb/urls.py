"""Every address of the app."""

from django.contrib import admin
from django.urls import include, path

from minitoolweb import health
from minitoolweb.styleguide import styleguide

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("i18n/", include("django.conf.urls.i18n")),
    path("accounts/", include("accounts.signin_urls")),
    path("", include("accounts.urls")),
    path("admin/", include("oversight.urls")),
    path("admin/", admin.site.urls),
    path("styleguide/", styleguide, name="styleguide"),
    path("spend/", include("credit.urls")),
    path("pictures/", include("images.urls")),
    path("", include("gateway.urls")),
    path("", include("chat.urls")),
]

handler400 = "minitoolweb.errors.bad_request"
handler403 = "minitoolweb.errors.permission_denied"
handler404 = "minitoolweb.errors.not_found"
handler500 = "minitoolweb.errors.server_error"
