"""Addresses below /pictures/."""

from django.urls import path

from images.views import entrance, files, gallery, making, viewer

app_name = "images"

urlpatterns = [
    path("", entrance.pictures, name="gallery"),
    path("form/", making.form, name="form"),
    path("changes/", gallery.changes, name="changes"),
    path("<uuid:pk>/", viewer.viewer, name="viewer"),
    path("<uuid:pk>/cancel/", making.cancel, name="cancel"),
    path("<uuid:pk>/retry/", making.retry, name="retry"),
    path("<uuid:pk>/dismiss/", making.dismiss, name="dismiss"),
    path("<uuid:pk>/file/<str:size>", files.file, name="file"),
]
