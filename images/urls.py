"""Addresses below /pictures/."""

from django.urls import path

from images.views import entrance, files, gallery, keeping, making, marks, searches, shares, viewer

app_name = "images"

urlpatterns = [
    path("", entrance.pictures, name="gallery"),
    path("form/", making.form, name="form"),
    path("changes/", gallery.changes, name="changes"),
    path("picked/", marks.act, name="act"),
    path("compare/<uuid:pk>/<uuid:other>/", marks.compare, name="compare"),
    path("bin/", keeping.thrown_away, name="bin"),
    path("collections/", keeping.collections, name="collections"),
    path("collections/<int:pk>/", keeping.collection, name="collection"),
    path("searches/", searches.save, name="save_search"),
    path("searches/<int:pk>/forget/", searches.forget, name="forget_search"),
    path("shares/", shares.shares, name="shares"),
    path("shares/new/", shares.share, name="share"),
    path("shares/<uuid:pk>/revoke/", shares.revoke, name="revoke_share"),
    path("shared/<str:token>/", shares.shared, name="shared"),
    path("shared/<str:token>/<uuid:pk>/<str:size>", shares.shared_file, name="shared_file"),
    path("<uuid:pk>/", viewer.viewer, name="viewer"),
    path("<uuid:pk>/cancel/", making.cancel, name="cancel"),
    path("<uuid:pk>/retry/", making.retry, name="retry"),
    path("<uuid:pk>/dismiss/", making.dismiss, name="dismiss"),
    path("<uuid:pk>/mark/<str:name>/", marks.mark, name="mark"),
    path("<uuid:pk>/file/<str:size>", files.file, name="file"),
]
