// Live check of the entry form: advice only. Without this script the same checks run on submission.
(function () {
  "use strict";
  var form = document.querySelector("form[data-check]");
  var panel = document.getElementById("check");
  if (!form || !panel) { return; }
  var timer = 0, asked = 0;

  function ask() {
    var turn = ++asked, data = new FormData(form);
    data.delete("files");
    fetch(form.dataset.check, { method: "POST", body: data, credentials: "same-origin" })
      .then(function (answer) { if (!answer.ok) { throw new Error(String(answer.status)); } return answer.text(); })
      .then(function (html) { if (turn === asked) { panel.innerHTML = html; } })
      .catch(function () { if (turn === asked) { panel.textContent = "暂时无法实时核对，提交时由服务器核对。"; } });
  }

  form.addEventListener("input", function () { clearTimeout(timer); timer = setTimeout(ask, 600); });
  panel.addEventListener("click", function (event) {
    var button = event.target.closest("button[data-field]");
    var field = button && form.elements[button.dataset.field];
    if (field) { field.value = button.dataset.value; field.focus(); ask(); }
  });
})();
