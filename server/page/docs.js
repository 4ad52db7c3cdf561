// Sends a form as its operation wants it (any method, names in the path, no empty fields) and shows
// what came back. Without it, forms that need neither work as forms do.
"use strict";

const kShown = 20000;  // characters of an answer

function pathOf(form) {
  let path = form.getAttribute("action");
  for (const input of form.querySelectorAll("[data-in-path]"))
    path = path.replace(`{${input.name}}`, encodeURIComponent(input.value));
  return path;
}

function given(form) {
  return [...new FormData(form)].filter(([name, value]) =>
    !form.querySelector(`[data-in-path][name="${name}"]`) && (value.size ?? value.length) > 0);
}

function requestOf(form) {
  const method = form.dataset.method;
  const values = given(form);
  if (method !== "POST") return [`${pathOf(form)}?${new URLSearchParams(values)}`, { method }];
  const body = new FormData();
  for (const [name, value] of values) body.append(name, value);
  return [pathOf(form), { method, body: values.length ? body : null }];
}

async function send(form) {
  const output = form.parentElement.querySelector("output");
  const shown = document.createElement("pre");
  output.replaceChildren(shown);
  try {
    const [url, request] = requestOf(form);
    const answer = await fetch(url, request);
    const type = answer.headers.get("Content-Type") ?? "";
    const head = `${answer.status} ${type}\n${answer.redirected ? `from ${answer.url}\n` : ""}\n`;
    if (type.startsWith("text/") || type.includes("json") || type.includes("xml")) {
      shown.textContent = head + (await answer.text()).slice(0, kShown);
      return;
    }
    const link = document.createElement("a");
    link.href = URL.createObjectURL(await answer.blob());
    link.textContent = "Open what came";
    shown.append(head, link);
  } catch (error) {
    shown.textContent = `Nothing came: ${error.message}`;
  }
}

for (const form of document.querySelectorAll("form[data-method]"))
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send(form);
  });
