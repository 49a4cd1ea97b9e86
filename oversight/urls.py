from django.contrib import admin
from django.urls import path

from oversight.views import groups, ledger, overview, pauses, people, prices, usage, vouchers

app_name = "oversight"

urlpatterns = [
    path("", overview.overview, name="overview"),
    path("overview/<slug:name>.csv", overview.table, name="table"),
    path("people/", people.people, name="people"),
    path("people/<int:pk>/", people.person, name="person"),
    path("people/<int:pk>/give/", people.give, name="give"),
    path("people/<int:pk>/limits/", people.limit, name="limit_person"),
    path("groups/", groups.groups, name="groups"),
    path("groups/<int:pk>/", groups.group, name="group"),
    path("groups/<int:pk>/limits/", groups.limit, name="limit_group"),
    path("groups/<int:pk>/rules/", groups.rule, name="rules"),
    path("pause/<int:pk>/", pauses.pause, name="pause"),
    path("anomalies/", pauses.anomaly_list, name="anomalies"),
    path("usage/", usage.usage, name="usage"),
    path("ledger/", ledger.ledger, name="ledger"),
    path("prices/", prices.prices, name="prices"),
    path("vouchers/", vouchers.vouchers, name="vouchers"),
    path("lists/", admin.site.admin_view(admin.site.index), name="lists"),
]
