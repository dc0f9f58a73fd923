// Comfort only: every page works without this file.

const place = document.querySelector("[data-focus]");
if (place) place.focus();

// A ready phrase goes into the words at once, and out again.
document.addEventListener("change", (event) => {
  const chip = event.target.closest("[data-phrase]");
  if (!chip) return;
  const note = document.getElementById(chip.dataset.phrase);
  const phrase = chip.parentElement.textContent.trim();
  const lines = note.value.split("\n").filter((line) => line.trim() && line.trim() !== phrase);
  if (chip.checked) lines.push(phrase);
  note.value = lines.join("\n");
  note.dispatchEvent(new Event("input", { bubbles: true }));
});

// What the clinic's papers say goes into its field once somebody has looked, and out again.
document.addEventListener("change", (event) => {
  const seen = event.target.closest("[data-fill]");
  const field = seen && document.getElementById(seen.dataset.fill);
  if (!field || (seen.checked ? field.value : field.value !== seen.value)) return;
  field.value = seen.checked ? seen.value : "";
  field.dispatchEvent(new Event("change", { bubbles: true }));
});

// Letters left, once a text grows long.
document.addEventListener("input", (event) => {
  const area = event.target;
  const limit = Number(area.dataset?.limit);
  if (!limit) return;
  let counter = area.nextElementSibling;
  if (!counter) {
    counter = document.createElement("p");
    counter.className = "small quiet";
    counter.setAttribute("aria-live", "polite");
    area.after(counter);
  }
  const left = limit - area.value.length;
  counter.textContent = left > 500 ? "" : left >= 0 ? `${left} characters left` : `${-left} characters too many`;
});

// Leaving with unsaved words is asked about; pressing twice sends once.
let changed = false;
for (const form of document.querySelectorAll("[data-guard]")) {
  form.addEventListener("input", () => { changed = true; });
}
window.addEventListener("beforeunload", (event) => { if (changed && document.querySelector("[data-guard]")) event.preventDefault(); });
document.addEventListener("submit", (event) => {
  changed = false;
  const form = event.target;
  if (form.method !== "post") return;
  if (form.dataset.sent) { event.preventDefault(); return; }
  form.dataset.sent = "yes";
});
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("[data-sent]")) delete form.dataset.sent;
});
