// Passkeys: asks the browser for one, or to make one, and sends what it answers as a form. Without this the other
// factors work.
const bytes = (text) =>
  Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), (c) => c.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, '-')
    .replace(/\//g, '_')
    .replace(/=+$/, '');
const withBytes = (list) => list?.map((each) => ({ ...each, id: bytes(each.id) }));

async function ask(options) {
  const publicKey = {
    ...options,
    challenge: bytes(options.challenge),
    allowCredentials: withBytes(options.allowCredentials),
    excludeCredentials: withBytes(options.excludeCredentials),
  };
  if (!options.user) return navigator.credentials.get({ publicKey });
  publicKey.user = { ...options.user, id: bytes(options.user.id) };
  return navigator.credentials.create({ publicKey });
}

function answerOf({ id, rawId, type, response }) {
  const answer = { clientDataJSON: text(response.clientDataJSON) };
  for (const name of ['attestationObject', 'authenticatorData', 'signature', 'userHandle']) {
    if (response[name]) answer[name] = text(response[name]);
  }
  if (response.getTransports) answer.transports = response.getTransports();
  return JSON.stringify({ id, rawId: text(rawId), type, response: answer });
}

for (const form of document.querySelectorAll('form[data-passkey]')) {
  const button = form.querySelector('button[type=button]');
  if (!window.PublicKeyCredential || !button) continue;
  form.hidden = false;
  button.hidden = false;
  button.addEventListener('click', async () => {
    const failed = form.querySelector('[data-failed]');
    failed.textContent = '';
    if (!form.reportValidity()) return;
    try {
      form.elements.response.value = answerOf(await ask(JSON.parse(form.dataset.options)));
      form.requestSubmit();
    } catch {
      failed.textContent = failed.dataset.failed;
    }
  });
}
