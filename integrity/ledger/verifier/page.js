"use strict";
// Verifies a C2SP tlog-proof@v1 against a policy, in this page alone: no network, no library.
const utf8 = (text) => new TextEncoder().encode(text);
const join = (...parts) => { const all = new Uint8Array(parts.reduce((n, p) => n + p.length, 0)); let at = 0;
  for (const p of parts) { all.set(p, at); at += p.length; } return all; };
const hex = (bytes) => Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");
const unhex = (text) => Uint8Array.from(text.match(/../g) || [], (h) => parseInt(h, 16));
const bad = (why) => { throw new Error(why); };
const same = (a, b) => hex(a) === hex(b);
function unbase64(text) {
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text)) bad("不是 base64：" + text.slice(0, 40));
  return Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
}
const sha256 = async (bytes) => new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));

function sm3(message) { // GB/T 32905
  const turn = (x, n) => ((x << (n & 31)) | (x >>> (32 - (n & 31)))) >>> 0, p0 = (x) => x ^ turn(x, 9) ^ turn(x, 17), p1 = (x) => x ^ turn(x, 15) ^ turn(x, 23);
  const padded = new Uint8Array(((message.length + 72) >> 6) << 6), view = new DataView(padded.buffer);
  padded.set(message); padded[message.length] = 0x80;
  view.setUint32(padded.length - 8, Math.floor(message.length / 0x20000000)); view.setUint32(padded.length - 4, message.length << 3);
  const state = [0x7380166f, 0x4914b2b9, 0x172442d7, 0xda8a0600, 0xa96f30bc, 0x163138aa, 0xe38dee4d, 0xb0fb0e4e];
  for (let block = 0; block < padded.length; block += 64) {
    const w = Array.from({ length: 16 }, (_, j) => view.getUint32(block + 4 * j));
    for (let j = 16; j < 68; j++) w[j] = (p1(w[j - 16] ^ w[j - 9] ^ turn(w[j - 3], 15)) ^ turn(w[j - 13], 7) ^ w[j - 6]) >>> 0;
    let [a, b, c, d, e, f, g, h] = state;
    for (let j = 0; j < 64; j++) {
      const s1 = turn((turn(a, 12) + e + turn(j < 16 ? 0x79cc4519 : 0x7a879d8a, j)) >>> 0, 7), s2 = s1 ^ turn(a, 12);
      const t1 = ((j < 16 ? a ^ b ^ c : (a & b) | (a & c) | (b & c)) + d + s2 + (w[j] ^ w[j + 4])) >>> 0;
      const t2 = ((j < 16 ? e ^ f ^ g : (e & f) | (~e & g)) + h + s1 + w[j]) >>> 0;
      [a, b, c, d, e, f, g, h] = [t1, a, turn(b, 9), c, p0(t2) >>> 0, e, turn(f, 19), g];
    }
    [a, b, c, d, e, f, g, h].forEach((v, i) => { state[i] = (state[i] ^ v) >>> 0; });
  }
  const out = new DataView(new ArrayBuffer(32));
  state.forEach((v, i) => out.setUint32(4 * i, v));
  return new Uint8Array(out.buffer);
}
const digest = async (name, bytes) => name === "sha256" ? sha256(bytes) : name === "sm3" ? sm3(bytes) : bad("不认识的摘要算法：" + name);

async function ed25519(key, signature, message) {
  let imported;
  try { imported = await crypto.subtle.importKey("raw", key, { name: "Ed25519" }, false, ["verify"]); } catch (fault) {
    bad("本浏览器不支持 Ed25519 签名核验（需要 Chromium 137、Firefox 129、Safari 17 或者更新的版本）。没有得出结论，请换用较新的浏览器，或者用 gi_verify.py 核验");
  }
  return signature.length === 64 && crypto.subtle.verify({ name: "Ed25519" }, imported, signature, message);
}

async function parseKey(vkey) {
  const [name, id, ...rest] = vkey.split("+"), raw = unbase64(rest.join("+"));
  if (hex((await sha256(join(utf8(name + "\n"), raw))).slice(0, 4)) !== id || raw.length !== 33 || (raw[0] !== 1 && raw[0] !== 4)) bad("公钥与其编号不符：" + name);
  return { id: name + " " + id, key: raw.slice(1) };
}
async function parsePolicy(text) {
  const policy = { logs: {}, witnesses: {}, groups: {}, quorum: null };
  for (const line of text.split("\n")) {
    const words = line.trim().split(/[ \t]+/);
    if (!words[0] || words[0][0] === "#") continue;
    if (words[0] === "log") { const k = await parseKey(words[1]); policy.logs[k.id] = k.key; }
    else if (words[0] === "witness") { const k = await parseKey(words[2]); policy.witnesses[k.id] = { name: words[1], key: k.key }; }
    else if (words[0] === "group") policy.groups[words[1]] = { least: { any: 1, all: words.length - 3 }[words[2]] || Number(words[2]), members: words.slice(3) };
    else if (words[0] === "quorum") policy.quorum = words[1];
    else bad("核验策略中有不认识的行：" + line);
  }
  if (!Object.keys(policy.logs).length || !policy.quorum) bad("核验策略缺少 log 或者 quorum 行");
  return policy;
}
const satisfied = (name, signed, groups) => name in groups
  ? groups[name].members.filter((m) => satisfied(m, signed, groups)).length >= groups[name].least : name === "none" || name in signed;

async function checkNote(note, policy) {
  const cut = note.lastIndexOf("\n\n"), text = note.slice(0, cut + 1), lines = text.split("\n"), signed = {};
  let byLog = false;
  if (cut < 0 || lines.length < 4 || !/^(0|[1-9]\d{0,14})$/.test(lines[1])) bad("检查点不合格式");
  for (const row of note.slice(cut + 2).split("\n")) {
    const parts = row.split(" ");
    if (parts.length !== 3) continue;
    const blob = unbase64(parts[2]), id = parts[1] + " " + hex(blob.slice(0, 4)), witness = policy.witnesses[id];
    if (id in policy.logs) {
      if (parts[1] !== lines[0] || !(await ed25519(policy.logs[id], blob.slice(4), utf8(text)))) bad("日志签名不正确");
      byLog = true;
    } else if (witness) {
      const at = Number(new DataView(blob.buffer).getBigUint64(4));
      if (!(await ed25519(witness.key, blob.slice(12), utf8("cosignature/v1\ntime " + at + "\n" + text)))) bad("见证签名不正确：" + parts[1]);
      signed[witness.name] = { who: parts[1], at: new Date(at * 1000) };
    }
  }
  if (!byLog) bad("检查点没有受信公钥的签名");
  if (!satisfied(policy.quorum, signed, policy.groups)) bad("见证签名不足");
  return { origin: lines[0], size: Number(lines[1]), root: unbase64(lines[2]), signed };
}

async function included(hash, index, size, path, root) {
  let fn = index, sn = size - 1;
  if (!(index >= 0 && index < size)) return false;
  const half = (x) => Math.floor(x / 2);
  for (const step of path) {
    if (sn === 0) return false;
    if (fn % 2 || fn === sn) {
      hash = await sha256(join([1], step, hash));
      while (fn % 2 === 0 && fn) { fn = half(fn); sn = half(sn); }
    } else hash = await sha256(join([1], hash, step));
    fn = half(fn); sn = half(sn);
  }
  return sn === 0 && same(hash, root);
}
const sorted = (value) => Array.isArray(value) ? value.map(sorted) : value && typeof value === "object"
  ? Object.fromEntries(Object.keys(value).sort().map((k) => [k, sorted(value[k])])) : value;

async function opened(leaf, fields, withheld) {
  const commit = JSON.parse(leaf).commit, name = commit.split(":")[0], found = withheld.slice();
  for (const [field, [salt, value]] of Object.entries(fields))
    found.push(hex(await digest(name, join(utf8("gi-field/v1\n"), unbase64(salt), utf8(JSON.stringify([field, sorted(value)]))))));
  return commit === name + ":" + hex(await digest(name, join(utf8("gi-commit/v1\n"), ...found.sort().map(unhex))));
}

async function checkProof(text, policy) {
  if (!globalThis.crypto || !crypto.subtle) bad("本页需要安全环境：请把本页保存到电脑后直接打开，或者通过 https 访问。没有得出结论");
  const cut = text.indexOf("\n\n"), lines = text.slice(0, cut).split("\n");
  if (cut < 0 || lines.shift() !== "c2sp.org/tlog-proof@v1") bad("不是存证证明文件（应以 c2sp.org/tlog-proof@v1 开头）");
  const extra = (lines[0] || "").startsWith("extra ") ? JSON.parse(new TextDecoder().decode(unbase64(lines.shift().slice(6)))) : {};
  if (!extra.leaf || !/^index (0|[1-9]\d{0,14})$/.test(lines[0] || "")) bad("证明文件缺少日志条目或者序号");
  const index = Number(lines.shift().slice(6)), head = await checkNote(text.slice(cut + 2), policy);
  if (!(await included(await sha256(join([0], utf8(extra.leaf))), index, head.size, lines.map(unbase64), head.root))) bad("条目不在检查点所签的日志中");
  if (extra.fields && !(await opened(extra.leaf, extra.fields, extra.withheld || []))) bad("内容与日志条目的摘要不一致");
  return { head, index, leaf: JSON.parse(extra.leaf), fields: extra.fields || {}, withheld: (extra.withheld || []).length };
}

// ---- the page ----
const $ = (id) => document.getElementById(id), words = JSON.parse($("words").textContent), order = Object.keys(words.names);
function show(good, title, rows) {
  const box = $("result"), list = document.createElement("dl"), heading = document.createElement("h2");
  heading.textContent = title;
  for (const [term, value] of rows) {
    const dt = document.createElement("dt"), dd = document.createElement("dd");
    dt.textContent = term; dd.textContent = value;
    list.append(dt, dd);
  }
  box.className = good ? "good" : "bad";
  box.replaceChildren(heading, list);
  box.hidden = false;
  box.focus();
}
const plain = (value, codes = {}) => value in codes ? codes[value] : value === null || value === "" ? "（空）" : typeof value === "object" ? JSON.stringify(value) : value === true ? "是" : value === false ? "否" : String(value);
const label = (name) => words.names[name] || name, place = (name) => (order.indexOf(name) + order.length + 1) % (order.length + 1);
async function verify() {
  try {
    const found = await checkProof($("proof").value.replace(/\r\n/g, "\n"), await parsePolicy($("policy").value));
    const witnesses = Object.values(found.head.signed).map((w) => w.who + "（" + w.at.toLocaleString("zh-CN") + "）");
    show(true, "核验通过：内容与日志一致，没有改动", [
      ["日志", found.head.origin], ["条目", "第 " + found.index + " 条（共 " + found.head.size + " 条）"], ["事项", label(found.leaf.type)], ["写入时间", found.leaf.at],
      ["见证单位", witnesses.join("、") || "无（策略不要求）"],
      ...Object.entries(found.fields).sort((a, b) => place(a[0]) - place(b[0])).map(([name, [, value]]) => [label(name), plain(value, words.codes[name])]),
      ...(found.withheld ? [["未公开的字段", found.withheld + " 项，只给出摘要"]] : []),
    ]);
  } catch (fault) { show(false, "核验未通过", [["原因", fault.message]]); }
}
$("check").addEventListener("submit", (event) => { event.preventDefault(); verify(); });
$("file").addEventListener("change", async () => { if ($("file").files[0]) { $("proof").value = await $("file").files[0].text(); verify(); } });
