// The ceremony in the browser: shows the text out of the very bytes it digests, and asks the key for a signature over that digest.
(function () {
  "use strict";
  var form = document.querySelector("form[data-options]");
  if (!form) { return; }
  var status = document.querySelector("[data-status]"), button = form.querySelector("button");
  var options = JSON.parse(form.dataset.options), signing = "sign" in form.dataset;

  function say(text) { status.textContent = text; }
  function bytes(text) {
    var raw = atob(text.replace(/-/g, "+").replace(/_/g, "/")), out = new Uint8Array(raw.length);
    for (var i = 0; i < raw.length; i += 1) { out[i] = raw.charCodeAt(i); }
    return out;
  }
  function text64(buffer) {
    var raw = "", view = new Uint8Array(buffer);
    for (var i = 0; i < view.length; i += 1) { raw += String.fromCharCode(view[i]); }
    return btoa(raw).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  }
  function known(list) { return (list || []).map(function (k) { return { type: k.type, id: bytes(k.id), transports: k.transports }; }); }
  function put(name, value) { document.querySelector("[data-show=" + name + "]").textContent = value; }

  if (!window.PublicKeyCredential || !window.crypto || !crypto.subtle) {
    say("此浏览器或者此地址不支持通行密钥。请换用较新的浏览器，或者返回选择其他签署方式。");
    return;
  }

  function show(raw) { // the paper on the page is filled from the bytes that are digested, whatever the server wrote around them
    var doc = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(raw)), body = document.querySelector("[data-show=text]");
    body.textContent = "";
    doc.text.split("\n").forEach(function (line) { body.appendChild(document.createElement("p")).textContent = line; });
    put("title", doc.title); put("signer", doc.signer.name); put("post", doc.agency.name + doc.position); put("date", doc.date);
  }

  function ready() {
    if (!signing) { button.disabled = false; return; }
    var raw = bytes(form.dataset.document);
    crypto.subtle.digest("SHA-256", raw).then(function (digest) {
      var hex = Array.from(new Uint8Array(digest), function (b) { return b.toString(16).padStart(2, "0"); }).join("");
      if (text64(digest) !== options.challenge) { throw new Error("digest"); }
      show(raw);
      document.querySelector("[data-digest]").textContent = hex.replace(/(.{4})/g, "$1 ").trim();
      button.disabled = false;
    }).catch(function () { say("所显示的文本与待签摘要不一致，已停止。请不要签署，并告知平台运维人员。"); });
  }

  function ask() {
    options.challenge = bytes(options.challenge);
    if (signing) {
      options.allowCredentials = known(options.allowCredentials);
      return navigator.credentials.get({ publicKey: options });
    }
    options.user.id = bytes(options.user.id);
    options.excludeCredentials = known(options.excludeCredentials);
    return navigator.credentials.create({ publicKey: options });
  }

  function answer(found) {
    var r = found.response, told = { clientDataJSON: text64(r.clientDataJSON) };
    if (signing) {
      told.authenticatorData = text64(r.authenticatorData);
      told.signature = text64(r.signature);
    } else { told.attestationObject = text64(r.attestationObject); }
    return { id: found.id, rawId: text64(found.rawId), type: found.type, response: told };
  }

  form.addEventListener("submit", function (event) {
    event.preventDefault();
    if (signing && !form.elements.read.checked) { say("请先阅读并勾选确认。"); form.elements.read.focus(); return; }
    button.disabled = true;
    say("请按浏览器提示操作。");
    var plain = form.dataset.options;
    ask().then(function (found) {
      form.elements.credential.value = JSON.stringify(answer(found));
      form.submit();
    }).catch(function (fault) {
      options = JSON.parse(plain);
      button.disabled = false;
      say(fault.name === "InvalidStateError" ? "这把密钥已经登记过。" : "签署未完成，您可以再试一次。内容没有提交。");
    });
  });
  ready();
})();
