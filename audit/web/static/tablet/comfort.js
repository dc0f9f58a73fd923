/** What somebody likes on this tablet. Remembered here, never sent. */

const PLACE = "clinic-audit.comfort";
const DEFAULTS = { advance: true, keys: true };

/** @returns {{advance: boolean, keys: boolean}} */
export function comfort() {
  try {
    return { ...DEFAULTS, ...JSON.parse(localStorage.getItem(PLACE) ?? "{}") };
  } catch {
    return { ...DEFAULTS }; // no storage, or something else's words in it
  }
}

/** @param {string} name @param {boolean} on */
export function like(name, on) {
  try {
    localStorage.setItem(PLACE, JSON.stringify({ ...comfort(), [name]: on }));
  } catch {
    return; // kept until the page is left
  }
}

/** The dialog with the settings and the keys, adopted at its first opening. @param {HTMLDialogElement | null} dialog */
export function openComfort(dialog) {
  if (dialog && !("adopted" in dialog.dataset)) adopt(dialog);
  dialog?.showModal();
}

/** @param {HTMLDialogElement} dialog */
function adopt(dialog) {
  dialog.dataset.adopted = "";
  const now = comfort();
  for (const box of /** @type {NodeListOf<HTMLInputElement>} */ (dialog.querySelectorAll("[data-like]"))) {
    const name = /** @type {"advance" | "keys"} */ (box.dataset.like);
    box.checked = now[name];
    box.addEventListener("change", () => like(name, box.checked));
  }
  dialog.querySelector("[data-close]")?.addEventListener("click", () => dialog.close());
}
