"""RFC 6962 Merkle tree: hashes, roots, inclusion and consistency proofs over stored complete subtrees."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable

Node = Callable[[int, int], bytes]  # (level, index) -> hash of that complete subtree


def leaf_hash(leaf: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


EMPTY_ROOT = hashlib.sha256(b"").digest()


def _ranges(start: int, end: int) -> list[tuple[int, int]]:
    """The complete subtrees (level, index) that cover leaves [start, end), left to right; start aligned as RFC 6962 needs."""
    found = []
    while start < end:
        level = (start & -start).bit_length() - 1 if start else (end - start).bit_length() - 1
        while (1 << level) > end - start:
            level -= 1
        found.append((level, start >> level))
        start += 1 << level
    return found


def range_hash(start: int, end: int, node: Node) -> bytes:
    """MTH of leaves [start, end) where start is a multiple of the largest power of two below the length."""
    parts = [node(level, index) for level, index in _ranges(start, end)]
    if not parts:
        return EMPTY_ROOT
    result = parts.pop()
    while parts:
        result = node_hash(parts.pop(), result)
    return result


def frontier(size: int) -> list[tuple[int, int]]:
    """The complete subtrees (level, index) that make up a tree of `size` leaves."""
    return _ranges(0, size)


def root(size: int, node: Node) -> bytes:
    """Root of the first `size` leaves."""
    return range_hash(0, size, node)


def _split(n: int) -> int:
    return 1 << ((n - 1).bit_length() - 1)


def inclusion(index: int, size: int, node: Node) -> list[bytes]:
    """Audit path of a leaf in the tree of `size` leaves; ValueError when index lies outside."""
    if not 0 <= index < size:
        raise ValueError(f"leaf {index} is not in a tree of {size}")

    def path(m: int, start: int, end: int) -> list[bytes]:
        if end - start == 1:
            return []
        k = start + _split(end - start)
        if m < k:
            return [*path(m, start, k), range_hash(k, end, node)]
        return [*path(m, k, end), range_hash(start, k, node)]

    return path(index, 0, size)


def consistency(old: int, size: int, node: Node) -> list[bytes]:
    """Proof that the tree of `old` leaves is a prefix of the tree of `size`; empty for 0 or equal sizes."""
    if not 0 <= old <= size:
        raise ValueError(f"no consistency from {old} to {size}")
    if old in (0, size):
        return []

    def sub(m: int, start: int, end: int, whole: bool) -> list[bytes]:
        if m == end:
            return [] if whole else [range_hash(start, end, node)]
        k = start + _split(end - start)
        if m <= k:
            return [*sub(m, start, k, whole), range_hash(k, end, node)]
        return [*sub(m, k, end, False), range_hash(start, k, node)]

    return sub(old, 0, size, True)


def verify_inclusion(leaf: bytes, index: int, size: int, proof: list[bytes], root_hash: bytes) -> bool:
    """Whether the leaf hash stands at index in the tree with this root (RFC 9162, 2.1.3.2)."""
    if index >= size or index < 0:
        return False
    fn, sn, result = index, size - 1, leaf
    for step in proof:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            result = node_hash(step, result)
            while not fn & 1 and fn:
                fn >>= 1
                sn >>= 1
        else:
            result = node_hash(result, step)
        fn >>= 1
        sn >>= 1
    return sn == 0 and result == root_hash


def verify_consistency(old: int, size: int, old_root: bytes, new_root: bytes, proof: list[bytes]) -> bool:
    """Whether the old tree is a prefix of the new one (RFC 9162, 2.1.4.2)."""
    if old == size:
        return old_root == new_root and not proof
    if old == 0:
        return not proof
    if old > size or not proof:
        return False
    path = [old_root, *proof] if old & (old - 1) == 0 else list(proof)
    fn, sn = old - 1, size - 1
    while fn & 1:
        fn >>= 1
        sn >>= 1
    first = second = path[0]
    for step in path[1:]:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            first, second = node_hash(step, first), node_hash(step, second)
            while not fn & 1 and fn:
                fn >>= 1
                sn >>= 1
        else:
            second = node_hash(second, step)
        fn >>= 1
        sn >>= 1
    return sn == 0 and first == old_root and second == new_root


def grow(size: int, leaf_hashes: Iterable[bytes], node: Node) -> list[tuple[int, int, bytes]]:
    """New complete subtrees (level, index, hash) that arise when leaves are appended to a tree of `size`."""
    made: list[tuple[int, int, bytes]] = []
    fresh: dict[tuple[int, int], bytes] = {}
    for position, value in enumerate(leaf_hashes, size):
        level, index, current = 0, position, value
        made.append((level, index, current))
        fresh[level, index] = current
        while index & 1:
            left = fresh.get((level, index - 1)) or node(level, index - 1)
            current = node_hash(left, current)
            level, index = level + 1, index >> 1
            made.append((level, index, current))
            fresh[level, index] = current
    return made
