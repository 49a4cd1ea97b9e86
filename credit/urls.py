"""Addresses of one's own money."""

from django.urls import path

from credit import views

app_name = "credit"
urlpatterns = [
    path("", views.spend, name="spend"),
    path("purse/", views.purse, name="purse"),
    path("note/<int:transfer_id>/read/", views.mark_note_read, name="note_read"),
    path("voucher/", views.redeem, name="redeem"),
    path("limits/", views.set_own_limits, name="own_limits"),
    path("receipt/", views.receipt, name="receipt"),
    path("statement/", views.statement, name="statement"),
    path("statement.csv", views.statement_file, name="statement_file"),
]
