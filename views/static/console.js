// The console works without this. What it adds: a form is sent once, filters apply when they are
// changed, and what is to be copied has a button for it.
for (const form of document.querySelectorAll('form[method=post]')) {
  form.addEventListener('submit', (event) => {
    if (event.submitter?.formTarget) return;
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = '1';
  });
}
addEventListener('pageshow', () => {
  for (const form of document.querySelectorAll('form[data-sent]')) delete form.dataset.sent;
});
for (const field of document.querySelectorAll(
  'form[data-live] :is(select, input[type=date], input[type=checkbox])',
)) {
  field.addEventListener('change', () => field.form.requestSubmit());
}
// A preview follows what is typed; without this its button does.
for (const button of document.querySelectorAll('button[data-preview]')) {
  let waiting;
  button.form.addEventListener('input', () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      delete button.form.dataset.sent;
      button.form.requestSubmit(button);
    }, 400);
  });
}
for (const button of document.querySelectorAll('button[data-copy]')) {
  const field = document.getElementById(button.dataset.copy);
  button.hidden = !navigator.clipboard;
  button.addEventListener('click', async () => {
    await navigator.clipboard.writeText(field.value ?? field.textContent);
    button.textContent = button.dataset.copied;
  });
}
for (const button of document.querySelectorAll('button[data-print]')) {
  button.hidden = false;
  button.addEventListener('click', () => print());
}
for (const button of document.querySelectorAll('button[data-preview=now]')) button.form.requestSubmit(button);
