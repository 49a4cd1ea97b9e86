from django.contrib import admin
from django.urls import path

from oversight.views import overview, usage

app_name = "oversight"

urlpatterns = [
    path("", overview.overview, name="overview"),
    path("overview/<slug:name>.csv", overview.table, name="table"),
    path("usage/", usage.usage, name="usage"),
    path("lists/", admin.site.admin_view(admin.site.index), name="lists"),
]
