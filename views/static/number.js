// Help with a number: copies it, prints it, sees when it is paid, and sets the barcode so that its bars are whole pixels of the screen.
const part = document.querySelector('#number');
const { copy, copied, print: toPrint } = part.dataset;

function makeButton(text, act) {
  const button = document.createElement('button');
  Object.assign(button, { type: 'button', className: 'plain-button', textContent: text });
  button.addEventListener('click', () => act(button));
  return button;
}

// Paid at the register: the page says so.
const look = async () => {
  if (document.hidden) return;
  try {
    const answer = await fetch(`${document.body.dataset.page.split('?')[0]}/state`, { cache: 'no-store' });
    if (answer.ok && (await answer.json()).version !== part.dataset.version)
      location.replace(document.body.dataset.page);
  } catch {}
};
setInterval(look, 20_000);
document.addEventListener('visibilitychange', look);

// Said aloud where the screen is read; the button shows it for a while.
const status = document.createElement('p');
status.className = 'hidden';
status.setAttribute('role', 'status');
part.append(status);

for (const shown of part.querySelectorAll('.digits')) {
  const button = makeButton(copy, async () => {
    try {
      await navigator.clipboard.writeText(shown.dataset.digits);
    } catch {
      return getSelection().selectAllChildren(shown);
    }
    status.textContent = `${copied}: ${shown.textContent}`;
    button.textContent = copied;
    setTimeout(() => {
      button.textContent = copy;
      status.textContent = '';
    }, 3000);
  });
  button.setAttribute('aria-describedby', shown.id.replace('digits', 'part'));
  shown.after(button);
}
part.after(makeButton(toPrint, () => print()));

const bars = part.querySelector('.bars');
if (bars) {
  const modules = bars.viewBox.baseVal.width;
  const setBars = () => {
    const dots = Math.floor((bars.parentElement.clientWidth * devicePixelRatio) / modules);
    bars.style.width = dots > 0 ? `${(dots * modules) / devicePixelRatio}px` : '';
  };
  addEventListener('resize', setBars);
  setBars();
}
