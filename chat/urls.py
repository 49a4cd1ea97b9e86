"""Addresses of the chat."""

from django.urls import path

from chat import views

app_name = "chat"
urlpatterns = [
    path("", views.home, name="home"),
    path("estimate/", views.estimate, name="estimate_first"),
    path("c/<uuid:conversation_id>/estimate/", views.estimate, name="estimate"),
    path("conversations/", views.conversations, name="conversations"),
    path("m/<uuid:message_id>/", views.message, name="message"),
    path("c/<uuid:conversation_id>/", views.conversation, name="conversation"),
    path("c/<uuid:conversation_id>/messages/", views.send, name="send"),
    path("c/<uuid:conversation_id>/messages/<uuid:message_id>/stop/", views.stop, name="stop"),
    path("c/<uuid:conversation_id>/messages/<uuid:message_id>/retry/", views.retry, name="retry"),
    path("c/<uuid:conversation_id>/messages/<uuid:message_id>/again/", views.another, name="again"),
    path("c/<uuid:conversation_id>/messages/<uuid:message_id>/show/", views.show, name="show"),
]
