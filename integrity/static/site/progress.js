/* Keeps the progress of an import up to date; without it the page's link does the same. */
(function () {
  "use strict";
  var box = document.querySelector("[data-progress]");
  if (!box || !window.fetch) { return; }
  var bar = box.querySelector("progress");
  var words = box.querySelector("[role=status]");
  function ask() {
    fetch(box.getAttribute("data-progress"), { credentials: "same-origin" }).then(function (answer) {
      return answer.json();
    }).then(function (now) {
      if (now.state !== box.getAttribute("data-state")) { window.location.reload(); return; }
      bar.value = now.percent;
      if (now.done) { words.textContent = "已完成 " + now.done + " 行" + (now.total ? "\uFF0C共 " + now.total + " 行。" : "。"); }
      window.setTimeout(ask, 2000);
    }).catch(function () { window.setTimeout(ask, 5000); });
  }
  window.setTimeout(ask, 1000);
})();
