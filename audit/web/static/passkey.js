// A passkey is made or used where the page asks for one: what it says goes into the form, and the form goes on.
// A tablet's own pages take only use(asked): what it says, as JSON.
const form = document.querySelector("form[data-passkey]");
const button = form?.querySelector("[data-use]"), trouble = form?.querySelector("[data-trouble]");

const bytes = (text) => {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
};
const words = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)))
  .replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
const listed = (ones = []) => ones.map((one) => ({ ...one, id: bytes(one.id) }));

async function make(asked) {
  const user = { ...asked.user, id: bytes(asked.user.id) };
  const publicKey = { ...asked, challenge: bytes(asked.challenge), user, excludeCredentials: listed(asked.excludeCredentials) };
  const made = await navigator.credentials.create({ publicKey });
  const { attestationObject, clientDataJSON } = made.response;
  return said(made, { attestationObject: words(attestationObject), clientDataJSON: words(clientDataJSON) });
}

export async function use(asked) {
  const publicKey = { ...asked, challenge: bytes(asked.challenge), allowCredentials: listed(asked.allowCredentials) };
  const used = await navigator.credentials.get({ publicKey });
  const { authenticatorData, clientDataJSON, signature } = used.response;
  return said(used, {
    authenticatorData: words(authenticatorData), clientDataJSON: words(clientDataJSON), signature: words(signature),
  });
}

const said = (one, response) => JSON.stringify({
  id: one.id, rawId: words(one.rawId), type: one.type, response, clientExtensionResults: {},
});

if (form && globalThis.PublicKeyCredential) {
  const asked = JSON.parse(form.dataset.passkey);
  button.hidden = false;
  form.querySelector("[data-without]")?.remove();
  button.addEventListener("click", async () => {
    trouble.hidden = true;
    try {
      form.elements.passkey.value = await (asked.user ? make(asked) : use(asked));
    } catch {
      trouble.hidden = false;
      return;
    }
    HTMLFormElement.prototype.submit.call(form);
  });
}
