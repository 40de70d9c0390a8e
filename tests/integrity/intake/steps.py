"""Steps of an import as people and the worker take them."""

from integrity.intake.work import sweep
from integrity.models import ImportBatch


def send(client, form, file, **answers):
    """Upload; the worker reads; the batch."""
    answer = client.post(f"/desk/import/new/{form}", answers | {"file": file})
    assert answer.status_code == 302, answer.content.decode()[:3000]
    sweep()
    return ImportBatch.objects.get(pk=answer["Location"].split("/")[3])


def page(client, batch, tail=""):
    return client.get(f"/desk/import/{batch.pk}/{tail}").content.decode()


def submit(client, batch):
    assert client.post(f"/desk/import/{batch.pk}/submit").status_code == 302
    sweep()
    batch.refresh_from_db()
    return batch


def look_through(client, batch):
    """Open every row that has to be opened, page by page, as the second person does."""
    while batch.rows.filter(serial__in=batch.sample, status="ENTERED").exclude(opened_by__isnull=False).exists():
        shown = client.get(f"/desk/import/{batch.pk}/rows?show=open")
        serials = [r.serial for r in shown.context["page"].rows]
        client.post(f"/desk/import/{batch.pk}/opened", {"serial": serials})
