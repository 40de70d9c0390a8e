"""Addresses of the public log (contract.md)."""

from django.urls import path

from integrity.portal.log import files, pages, proofs

urlpatterns = [
    path("log/", pages.overview, name="log"),
    path("log/checkpoint", files.checkpoint, name="log-checkpoint"),
    path("log/policy", files.policy, name="log-policy"),
    path("log/tile/<path:address>", files.tile),
    path("log/proof/<str:number>", proofs.of_row, name="log-proof"),
    path("log/entry/<int:index>", proofs.of_entry, name="log-entry"),
    path("log/consistency/<int:old>/<int:size>", proofs.of_growth, name="log-consistency"),
    path("verify.html", files.verifier_page, name="verify-page"),
    path("gi_verify.py", files.verifier_script, name="verify-script"),
]
