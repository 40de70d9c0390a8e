"""The tree: RFC 6962 vectors, and every proof of every small tree against a naive implementation."""

import hashlib
import random

import pytest

from integrity.ledger import merkle

# RFC 6962 reference data (certificate-transparency, merkle_tree_test): eight leaves and the roots of their prefixes.
LEAVES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def hashes(count):
    return [merkle.leaf_hash(str(i).encode()) for i in range(count)]


def naive_root(leaves):
    """MTH of RFC 6962, 2.1, word for word."""
    if not leaves:
        return hashlib.sha256().digest()
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return merkle.node_hash(naive_root(leaves[:k]), naive_root(leaves[k:]))


def grown(leaves, steps=(1,)):
    """Stored nodes of a tree grown in batches."""
    store, size, turn = {}, 0, 0
    while size < len(leaves):
        batch = leaves[size : size + steps[turn % len(steps)]]
        store |= {(level, index): h for level, index, h in merkle.grow(size, batch, lambda *at: store[at])}
        size, turn = size + len(batch), turn + 1
    return store


def test_the_roots_of_rfc_6962():
    leaves = [merkle.leaf_hash(bytes.fromhex(leaf)) for leaf in LEAVES]
    store = grown(leaves)
    assert [merkle.root(n + 1, lambda *at: store[at]).hex() for n in range(8)] == ROOTS
    assert merkle.root(0, lambda *at: store[at]) == hashlib.sha256().digest()


@pytest.mark.parametrize("seed", range(20))
def test_growing_in_any_batches_gives_the_naive_root(seed):
    rng = random.Random(seed)
    leaves = hashes(rng.randint(1, 700))
    store = grown(leaves, [rng.randint(1, 90) for _ in range(7)])
    for size in rng.sample(range(len(leaves) + 1), min(30, len(leaves))):
        assert merkle.root(size, lambda *at: store[at]) == naive_root(leaves[:size])
        assert set(merkle.frontier(size)) <= set(store)


def test_every_inclusion_proof_of_every_tree_up_to_40():
    leaves = hashes(41)
    store = grown(leaves, [7])
    for size in range(1, 41):
        root = naive_root(leaves[:size])
        for index in range(size):
            path = merkle.inclusion(index, size, lambda *at: store[at])
            assert merkle.verify_inclusion(leaves[index], index, size, path, root)
            assert not merkle.verify_inclusion(leaves[index], index + 1, size, path, root) or size == 1
            assert not merkle.verify_inclusion(leaves[index + 1], index, size, path, root)
            assert not merkle.verify_inclusion(leaves[index], index, size, [*path, root], root)
            if path:
                assert not merkle.verify_inclusion(leaves[index], index, size, path[:-1], root)


def test_every_consistency_proof_of_every_tree_up_to_40():
    leaves = hashes(40)
    store, other = grown(leaves), naive_root(hashes(50))
    for size in range(1, 41):
        for old in range(size + 1):
            first, second = naive_root(leaves[:old]), naive_root(leaves[:size])
            path = merkle.consistency(old, size, lambda *at: store[at])
            assert merkle.verify_consistency(old, size, first, second, path)
            assert not merkle.verify_consistency(old, size, first, other, path) or old == 0
            if 0 < old < size:
                assert not merkle.verify_consistency(old, size, other, second, path)
                assert not merkle.verify_consistency(old, size, first, second, path[:-1])
                assert not merkle.verify_consistency(old, size, first, second, [*path, other])


@pytest.mark.parametrize(("old", "size"), [(3, 2), (-1, 2), (5, 4)])
def test_impossible_proofs_are_refused(old, size):
    with pytest.raises(ValueError, match="no consistency"):
        merkle.consistency(old, size, lambda *at: b"")
    with pytest.raises(ValueError, match="not in a tree"):
        merkle.inclusion(size, size, lambda *at: b"")
