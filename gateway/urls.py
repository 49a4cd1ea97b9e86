"""Addresses for programs, and the page where people keep their keys."""

from django.urls import path

from gateway import api, views

app_name = "gateway"

urlpatterns = [
    path("keys/", views.key_list, name="keys"),
    path("keys/<uuid:pk>/revoke/", views.revoke, name="revoke"),
    path("api/chat-completions/", api.chat_completions, name="chat_completions"),
    path("api/texttoimage/", api.order_picture, name="order_picture"),
    path("api/texttoimage/jobs/", api.picture_status, name="picture_status"),
    path("api/pictures/<str:token>/", api.picture_file, name="picture_file"),
    path("api/<path:rest>", api.unknown, name="unknown"),
]
