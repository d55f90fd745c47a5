// Shows, while a name is typed, how a terminal will print it. What can be printed is the server's to say.
const typing = {};
document.addEventListener('input', ({ target }) => {
  const [, kind] = /_(name|kana)$/.exec(target.name) ?? [];
  if (!kind) return;
  clearTimeout(typing[target.name]);
  typing[target.name] = setTimeout(showPrinted, 300, target, kind);
});

async function showPrinted(input, kind) {
  const { value } = input;
  const line = input.closest('.field').querySelector('.printed');
  try {
    const body = new URLSearchParams({ [kind]: value });
    const answer = await fetch(`${document.body.dataset.page.split('?')[0]}/printed`, {
      method: 'POST',
      body,
    });
    if (!answer.ok || input.value !== value) return;
    const printed = document.createElement('b');
    printed.lang = 'ja';
    printed.textContent = (await answer.json())[kind];
    line.replaceChildren(...(printed.textContent ? [`${line.dataset.label}: `, printed] : []));
  } catch {}
}
