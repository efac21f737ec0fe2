// Improves pages that work without it.
"use strict";

// htmx posts carry the token of the session.
document.addEventListener("htmx:configRequest", (event) => {
  const field = document.querySelector("input[name=csrf]");
  if (field) event.detail.headers["X-CSRF-Token"] = field.value;
});

// A menu that was opened closes when one looks elsewhere.
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.me[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

// A form is sent once, however often one presses.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.sent) event.preventDefault();
  else if (form.method === "post") form.dataset.sent = "yes";
});
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});

// Lists with boxes: one box for all of the page, and how many are chosen.
for (const all of document.querySelectorAll("[data-pick-all]")) {
  const form = all.closest("form");
  const boxes = [...form.querySelectorAll("tbody input[type=checkbox]")];
  const told = form.querySelector("[data-picked]");
  const count = () => {
    const picked = boxes.filter((box) => box.checked).length;
    all.checked = picked > 0 && picked === boxes.length;
    all.indeterminate = picked > 0 && picked < boxes.length;
    told.hidden = picked === 0;
    told.textContent = String(picked) + "/" + String(boxes.length);
  };
  all.closest("[data-pick-label]").hidden = false;
  all.addEventListener("change", () => { for (const box of boxes) box.checked = all.checked; count(); });
  form.addEventListener("change", (event) => { if (event.target !== all) count(); });
}
