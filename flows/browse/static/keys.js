// Keys (/, j, k) and search as one types. Pages work without this file.
"use strict";

const field = document.querySelector("[data-search]") || document.querySelector("input[type=search]");
const links = () => [...document.querySelectorAll(".title a")];

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, select, textarea");
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape" && typing) typing.blur();
  if (typing) return;
  if (event.key === "/" && field) {
    event.preventDefault();
    field.focus();
    field.select();
  }
  if (event.key !== "j" && event.key !== "k") return;
  const all = links();
  const at = all.indexOf(document.activeElement);
  const next = all[event.key === "j" ? at + 1 : Math.max(at - 1, 0)];
  if (next) next.focus();
});

const form = document.querySelector("form[data-live]");
let timer, asked;

async function refresh() {
  const values = [...new FormData(form)].filter(([, value]) => value);
  const url = `${form.getAttribute("action")}?${new URLSearchParams(values)}`;
  if (asked) asked.abort();
  asked = new AbortController();
  try {
    const answer = await fetch(url, { headers: { accept: "text/html" }, signal: asked.signal });
    if (answer.status === 503) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const found = page.querySelector("#results") || page.querySelector("main");
    document.querySelector("#results").replaceChildren(...found.childNodes);
    history.replaceState(null, "", url);
  } catch (fault) {
    if (fault.name !== "AbortError") throw fault;
  }
}

if (form) {
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(refresh, 250);
  });
}
