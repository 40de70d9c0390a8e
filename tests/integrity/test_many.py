"""Many at once: the same rules, one event a record, few statements."""

from datetime import date

import pytest
from django.utils import timezone

from integrity.acts import NotAllowed
from integrity.ledger import merkle, note, sealing
from integrity.models import CLOCK, Checkpoint, Event, ImportBatch, Kind, Record
from integrity.models.record.many import Entered, confirm_many, enter_many, expire_many, publish_many
from integrity.models.record.spec import check_values
from tests import builders


def batch_of(cast, count):
    kind = Kind.objects.get(code="DP02")
    batch = ImportBatch(profile="dp02", kind=kind, file_name="x.xlsx", sha256="0" * 64).receive(by=cast.market)
    rows = []
    for i in range(count):
        raw = builders.values("DP02", cast.orgs.company, doc_no=f"日市监处罚〔2026〕{i + 100}号")
        raw.pop("subject")
        columns, facts, problems = check_values(kind.spec, raw, timezone.localdate())
        assert not problems
        rows.append(Entered(cast.orgs.company.pk, columns, facts, i + 2))
    enter_many(kind, rows, by=cast.market, batch=batch)
    batch.report(by=cast.market, total=count, good=count, bad=0, repeated=0, warned=0)
    batch.submit(by=cast.market)
    batch.finish(by=cast.market, sample=[])
    return batch


def test_a_batch_is_entered_confirmed_published_and_expires_set_wise(cast, django_assert_max_num_queries):
    batch = batch_of(cast, 30)
    with django_assert_max_num_queries(25):
        assert confirm_many(batch, by=cast.credit, publish=True) == 30
    ids = list(Record.objects.filter(batch=batch).values_list("pk", flat=True))
    with pytest.raises(NotAllowed):
        publish_many(ids, by=cast.credit)
    assert publish_many(ids, by=cast.credit2) == 30
    assert Record.objects.public().count() == 30
    assert Event.objects.filter(target=ids[0]).count() == 3
    assert expire_many(date(2099, 1, 1), by=CLOCK) == 30


def test_the_importer_cannot_confirm_his_batch(cast):
    batch = batch_of(cast, 1)
    with pytest.raises(NotAllowed):
        confirm_many(batch, by=cast.market, publish=True)


def test_sealing_numbers_without_gaps_and_signs_the_root(cast):
    builders.published(cast)
    sealing.seal_all()
    seqs = list(Event.objects.order_by("id").values_list("seq", flat=True))
    assert seqs == list(range(len(seqs)))
    last = Checkpoint.objects.last()
    verifier, _ = note.signer()
    name, size, root = note.parse_checkpoint(note.verify(last.note, [verifier]))
    assert (name, size) == (note.origin(), len(seqs)) and root == sealing.root_at(size)
    leaf = merkle.leaf_hash(bytes(Event.objects.get(seq=3).leaf))
    assert merkle.verify_inclusion(leaf, 3, size, merkle.inclusion(3, size, sealing.stored_node), root)
