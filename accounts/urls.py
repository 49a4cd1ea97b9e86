"""Addresses of one-time links and of one's own account."""

from django.urls import path

from accounts import views

app_name = "accounts"
urlpatterns = [
    path("welcome/", views.choose_password, name="choose_password"),
    path("welcome/<str:token>/", views.welcome, name="welcome"),
    path("accounts/profile/", views.profile, name="profile"),
    path("accounts/sessions/end/", views.end_other_sessions, name="end_other_sessions"),
]
