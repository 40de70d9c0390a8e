#!/usr/bin/env python3
"""政务诚信存证核验程序：只用 Python 标准库，不联网也能核验。

  python gi_verify.py proof 证明文件 --policy 策略文件          核验一条信息，并列出其中公开的内容
  python gi_verify.py growth 旧检查点 新检查点 证明 --policy …    核验新日志包含旧日志，没有改写
  python gi_verify.py log 文件夹或者网址 --policy 策略文件        重算整个日志，与检查点比对

策略文件（公钥和见证要求）在平台的 /log/policy 下载，应当从两个以上渠道取得并核对。
核验通过退出码为 0，不通过为 1，用法错误为 2。格式：c2sp.org 的 signed-note、tlog-proof、tlog-tiles、tlog-policy，RFC 6962。
"""

import argparse
import base64
import hashlib
import json
import sys
import urllib.request
from pathlib import Path


class Bad(Exception):
    """核验不通过，或者文件不合格式。"""


# ---- Ed25519 (RFC 8032), verification only ----
P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P


def decompress(data):
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & (1 << 255) - 1
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    if (x * x - square) % P or (x == 0 and sign):
        return None
    x = P - x if x & 1 != sign else x
    return x, y, 1, x * y % P


def add(p, q):
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % P, (p[1] + p[0]) * (q[1] + q[0]) % P
    c, d = 2 * p[3] * q[3] * D % P, 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def multiply(scalar, point):
    result = (0, 1, 1, 0)
    while scalar:
        if scalar & 1:
            result = add(result, point)
        point, scalar = add(point, point), scalar >> 1
    return result


BASE = decompress((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def ed25519(public, signature, message):
    a, r = decompress(public), decompress(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if len(public) != 32 or len(signature) != 64 or a is None or r is None or s >= L:
        return False
    k = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % L
    left, right = multiply(s, BASE), add(r, multiply(k, a))
    return (left[0] * right[2] - right[0] * left[2]) % P == 0 == (left[1] * right[2] - right[1] * left[2]) % P


# ---- hashes and the Merkle tree (RFC 6962, RFC 9162 2.1) ----
def digest(name, data):
    if name not in ("sha256", "sm3") or name not in hashlib.algorithms_available:
        raise Bad(f"本机的 Python 不支持摘要算法 {name}，请改用离线核验页")
    return hashlib.new(name, data).digest()


def node_hash(left, right):
    return digest("sha256", b"\1" + left + right)


def included(hash_, index, size, path, root):
    fn, sn = index, size - 1
    for step in path:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            hash_ = node_hash(step, hash_)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            hash_ = node_hash(hash_, step)
        fn, sn = fn >> 1, sn >> 1
    return 0 <= index < size and sn == 0 and hash_ == root


def grown(old, size, old_root, root, path):
    if old in (0, size):
        return not path and (old == 0 or old_root == root)
    if old > size or not path:
        return False
    path = [old_root, *path] if old & (old - 1) == 0 else path
    fn, sn = old - 1, size - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    first = second = path[0]
    for step in path[1:]:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            first, second = node_hash(step, first), node_hash(step, second)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            second = node_hash(second, step)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and first == old_root and second == root


# ---- signed notes and policy ----
def unbase64(text):
    try:
        return base64.b64decode(text, validate=True)
    except ValueError as fault:
        raise Bad(f"不是 base64：{text[:40]}") from fault


def parse_key(vkey):
    name, key_id, body = vkey.split("+", 2)
    raw = unbase64(body)
    if digest("sha256", name.encode() + b"\n" + raw)[:4].hex() != key_id or len(raw) != 33 or raw[0] not in (1, 4):
        raise Bad(f"公钥与其编号不符：{name}")
    return {(name, bytes.fromhex(key_id)): raw[1:]}


def parse_policy(text):
    logs, witnesses, groups, quorum = {}, {}, {}, None
    for line in text.splitlines():
        words = line.split()
        if not words or words[0].startswith("#"):
            continue
        if words[0] == "log":
            logs |= parse_key(words[1])
        elif words[0] == "witness":
            witnesses |= {key: (words[1], public) for key, public in parse_key(words[2]).items()}
        elif words[0] == "group":
            groups[words[1]] = ({"any": 1, "all": len(words) - 3}.get(words[2]) or int(words[2]), words[3:])
        elif words[0] == "quorum":
            quorum = words[1]
        else:
            raise Bad(f"策略文件中有不认识的行：{line}")
    if not logs or quorum is None:
        raise Bad("策略文件缺少 log 或者 quorum 行")
    return logs, witnesses, groups, quorum


def satisfied(name, signed, groups):
    if name in groups:
        least, members = groups[name]
        return sum(satisfied(m, signed, groups) for m in members) >= least
    return name == "none" or name in signed


def check_note(note, policy):
    """Text, origin, size, root and witnesses of a checkpoint that satisfies the policy."""
    logs, witnesses, groups, quorum = policy
    body, mark, tail = note.rpartition("\n\n")
    text = body + "\n"
    lines = text.split("\n")
    if not mark or len(lines) < 4 or not lines[1].isdigit():
        raise Bad("检查点不合格式")
    by_log, by_witness = False, {}
    for row in tail.splitlines():
        parts = row.split(" ")
        blob = unbase64(parts[2]) if len(parts) == 3 else b""
        key = (parts[1], blob[:4]) if len(parts) == 3 else None
        if key in logs:
            if parts[1] != lines[0] or not ed25519(logs[key], blob[4:], text.encode()):
                raise Bad("日志签名不正确")
            by_log = True
        elif key in witnesses:
            stamp, name = int.from_bytes(blob[4:12], "big"), witnesses[key][0]
            if not ed25519(witnesses[key][1], blob[12:], f"cosignature/v1\ntime {stamp}\n{text}".encode()):
                raise Bad(f"见证签名不正确：{parts[1]}")
            by_witness[name] = stamp
    if not by_log:
        raise Bad("检查点没有受信公钥的签名")
    if not satisfied(quorum, by_witness, groups):
        raise Bad("见证签名不足")
    return lines[0], int(lines[1]), unbase64(lines[2]), by_witness


def opened(leaf, fields, withheld):
    """Whether fields with salts, and digests of withheld fields, are what the leaf committed to."""
    commit = json.loads(leaf)["commit"]
    name = commit.partition(":")[0]
    found = [bytes.fromhex(d) for d in withheld]
    for field, (salt, value) in fields.items():
        plain = json.dumps([field, value], ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()
        found.append(digest(name, b"gi-field/v1\n" + unbase64(salt) + plain))
    return commit == f"{name}:" + digest(name, b"gi-commit/v1\n" + b"".join(sorted(found))).hex()


def check_proof(text, policy):
    head, mark, checkpoint = text.partition("\n\n")
    lines = head.split("\n")
    if not mark or lines.pop(0) != "c2sp.org/tlog-proof@v1":
        raise Bad("不是存证证明文件（应以 c2sp.org/tlog-proof@v1 开头）")
    extra = json.loads(unbase64(lines.pop(0)[6:])) if lines and lines[0].startswith("extra ") else {}
    if "leaf" not in extra or not lines or not lines[0].startswith("index "):
        raise Bad("证明文件缺少日志条目或者序号")
    index, path = int(lines[0][6:]), [unbase64(line) for line in lines[1:]]
    origin, size, root, by = check_note(checkpoint, policy)
    leaf = extra["leaf"].encode()
    if not included(digest("sha256", b"\0" + leaf), index, size, path, root):
        raise Bad("条目不在检查点所签的日志中")
    fields = extra.get("fields", {})
    if "fields" in extra and not opened(leaf, fields, extra.get("withheld", [])):
        raise Bad("内容与日志条目的摘要不一致")
    return {
        "origin": origin, "index": index, "size": size, "witnesses": by, "leaf": json.loads(leaf),
        "fields": {k: v[1] for k, v in fields.items()}, "withheld": len(extra.get("withheld", [])),
    }  # fmt: skip


def tile_name(level, index, width):
    number = f"{index % 1000:03d}"
    while index := index // 1000:
        number = f"x{index % 1000:03d}/{number}"
    return f"tile/{level}/{number}" + (f".p/{width}" if width < 256 else "")


def fetch(base, name):
    if base.startswith(("http://", "https://")):
        with urllib.request.urlopen(f"{base.rstrip('/')}/{name}", timeout=30) as answer:  # noqa: S310
            return answer.read()
    return (Path(base) / name).read_bytes()


def check_log(base, policy):
    origin, size, root, by = check_note(fetch(base, "checkpoint").decode(), policy)
    stack = []  # roots of complete subtrees, left to right: (level, hash)
    for index in range((size + 255) // 256):
        width = min(256, size - index * 256)
        data, tile = fetch(base, tile_name("entries", index, width)), fetch(base, tile_name(0, index, width))
        for i in range(width):
            length = int.from_bytes(data[:2], "big")
            hash_, data = digest("sha256", b"\0" + data[2 : 2 + length]), data[2 + length :]
            if tile[32 * i : 32 * i + 32] != hash_:
                raise Bad(f"第 {index * 256 + i} 条与树的叶不一致")
            stack.append((0, hash_))
            while len(stack) > 1 and stack[-1][0] == stack[-2][0]:
                level, right = stack.pop()
                stack[-1] = (level + 1, node_hash(stack[-1][1], right))
        if data:
            raise Bad(f"第 {index} 个条目包长度不符")
    result = stack.pop()[1] if stack else digest("sha256", b"")
    while stack:
        result = node_hash(stack.pop()[1], result)
    if result != root:
        raise Bad("重算的根与检查点不一致")
    return {"origin": origin, "size": size, "root": base64.b64encode(root).decode(), "witnesses": by}


def check_growth(old_note, new_note, path, policy):
    old, new = check_note(old_note, policy), check_note(new_note, policy)
    if old[0] != new[0] or not grown(old[1], new[1], old[2], new[2], [unbase64(line) for line in path.split()]):
        raise Bad("新日志不包含旧日志：历史被改写，请保存两个检查点并向监督机关反映")
    return {"origin": new[0], "old": old[1], "size": new[1]}


def main(argv=None):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["proof", "growth", "log"])
    parser.add_argument("files", nargs="+")
    parser.add_argument("--policy", required=True)
    args = parser.parse_args(argv)
    if len(args.files) != (3 if args.what == "growth" else 1):
        parser.error("proof 和 log 需要 1 个文件，growth 需要 3 个文件")
    try:
        policy = parse_policy(Path(args.policy).read_text(encoding="utf-8"))
        if args.what == "log":
            found = check_log(args.files[0], policy)
        else:
            work = check_proof if args.what == "proof" else check_growth
            found = work(*[Path(f).read_bytes().decode() for f in args.files], policy)
    except (Bad, ValueError, KeyError, TypeError, IndexError, OSError) as fault:
        print(f"核验不通过：{fault}")
        return 1
    print("核验通过")
    print(json.dumps(found, ensure_ascii=False, indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
