// Of a paper's fields only those that its kind needs are shown.
"use strict";

const form = document.querySelector("[data-kinds]");
if (form) {
  const kind = form.elements.kind;
  const always = new Set(["kind", "profile"]);
  const show = () => {
    const needs = new Set(kind.selectedOptions[0].dataset.needs.split(" "));
    for (const field of form.querySelectorAll("input, select")) {
      field.closest("label").hidden = !always.has(field.name) && !needs.has(field.name);
    }
  };
  kind.addEventListener("change", show);
  show();
}
