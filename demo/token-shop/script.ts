import { createHash } from 'node:crypto';

/**
 * The checkout page's own script. The card fields are a frame of PayResort+'s: nothing here, or anywhere in this page,
 * can read them. Out of them comes a token, which our form takes to our server.
 */
export const SCRIPT = `
const checkout = document.querySelector('#checkout');
const button = checkout.querySelector('button');
const problem = document.querySelector('#problem');
const place = document.querySelector('#card');
const fields = PayResort(place.dataset.key).cardFields({
  style: { scheme: 'auto', colorAccent: '#a8451f', radius: 10 },
});
fields.mount(place);
fields.on('submit', () => checkout.requestSubmit());

function beBusy(busy) {
  button.setAttribute('aria-disabled', String(busy));
  button.textContent = busy ? button.dataset.busy : button.dataset.label;
}

checkout.addEventListener('submit', async (event) => {
  event.preventDefault();
  if (button.getAttribute('aria-disabled') === 'true') return;
  beBusy(true);
  problem.hidden = true;
  try {
    const { token } = await fields.createToken();
    checkout.elements.token.value = token;
    checkout.submit();
  } catch (error) {
    beBusy(false);
    if (!(error instanceof PayResort.CardError)) throw error;
    // Faults of the fields stand in the fields.
    if (error.code === 'invalid_fields') return;
    problem.textContent = error.message;
    problem.hidden = false;
  }
});

// Back from the payment page: as at the beginning.
addEventListener('pageshow', ({ persisted }) => persisted && location.reload());
`;

/** Its address holds a hash of the content, so that it may be kept for ever. */
export const SCRIPT_HREF = `/checkout.${createHash('sha256').update(SCRIPT).digest('hex').slice(0, 12)}.js`;
