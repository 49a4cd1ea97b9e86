"""Addresses below /pictures/."""

from django.urls import path

from images import views

app_name = "images"

urlpatterns = [
    path("", views.gallery, name="gallery"),
    path("form/", views.form, name="form"),
    path("changes/", views.changes, name="changes"),
    path("<uuid:pk>/", views.viewer, name="viewer"),
    path("<uuid:pk>/file/<str:size>", views.file, name="file"),
]
