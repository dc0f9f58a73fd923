// The file stays where it is: its fingerprint is computed here, and sent in its place. Dropping it on the page will do.
const form = document.querySelector("form[data-verify]");
const file = form?.elements.file, hint = document.getElementById("file-hint");
// The reason of a seal stands in the file as plain text; its hyphens may be spelled by their number.
const NUMBER = /Report ([0-9A-HJKMNP-TV-Z]{9}(?:(?:-|\\055)[0-9A-HJKMNP-TV-Z]{9}){2})/;

async function ask(chosen) {
  const bytes = await chosen.arrayBuffer();
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  form.elements.sha256.value = [...hash].map((one) => one.toString(16).padStart(2, "0")).join("");
  const number = new TextDecoder("latin1").decode(bytes).match(NUMBER);
  if (number) form.elements.number.value = number[1].replaceAll("\\055", "-");
  file.disabled = true;
  HTMLFormElement.prototype.submit.call(form);
}

// Without a safe origin a browser computes nothing; the file is then sent, as without scripts.
if (form && globalThis.crypto?.subtle) {
  hint.textContent = hint.dataset.hashed;
  file.addEventListener("change", () => { if (file.files.length) ask(file.files[0]); });
  addEventListener("dragover", (event) => event.preventDefault());
  addEventListener("drop", (event) => {
    event.preventDefault();
    const dropped = event.dataTransfer?.files;
    if (dropped?.length) ask(dropped[0]);
  });
  addEventListener("pageshow", () => { file.disabled = false; });
}
