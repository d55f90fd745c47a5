// What the shopper's pages do by themselves. Without this file everything still works, by hand.
const { body } = document;
const find = (selector) => document.querySelector(selector);
const show = () => location.replace(body.dataset.page);

// The server's state decides, not a page from the cache.
addEventListener('pageshow', (event) => {
  if (event.persisted) show();
});

// Once is enough: the button says that it is under way and takes no second press.
document.addEventListener('submit', (event) => {
  const form = event.target;
  if (event.defaultPrevented) return;
  if (form.dataset.sent) return event.preventDefault();
  form.dataset.sent = '1';
  fillBrowser(form);
  const button = form.querySelector('button');
  button?.setAttribute('aria-disabled', 'true');
  if (button?.dataset.busy) button.textContent = button.dataset.busy;
});

// EMV 3DS asks for these (2.2.0, table A.1), for each payment anew.
function fillBrowser(form) {
  if (!form.elements.js) return;
  const values = {
    js: 1,
    java: navigator.javaEnabled?.() ? 1 : 0,
    lang: navigator.language,
    depth: screen.colorDepth,
    width: screen.width,
    height: screen.height,
    tz: new Date().getTimezoneOffset(),
  };
  for (const name in values) form.elements[name].value = values[name];
}

// A frame for the issuer (EMV 3DS, tables A.23 and A.24): no more rights than it needs.
function makeFrame(name, rights) {
  const frame = document.createElement('iframe');
  frame.name = name;
  frame.setAttribute('sandbox', `allow-forms allow-scripts allow-same-origin${rights}`);
  return frame;
}

// Our own notification page, in the frame or in a frame of the issuer's inside it, tells that the issuer is done.
function onSignal(signal, act) {
  addEventListener('message', ({ origin, data }) => {
    if (origin === location.origin && data?.payresort === signal) act();
  });
}

function post(action, target, fields) {
  const form = document.createElement('form');
  Object.assign(form, { method: 'post', action, target, hidden: true });
  for (const name in fields)
    form.append(Object.assign(document.createElement('input'), { name, value: fields[name] }));
  body.append(form);
  form.submit();
  form.remove();
}

// Asks whether the page is still the right one, first after `ms`, then ever less often, and seldom while nobody looks.
function watch(version, ms, act) {
  let changed = false;
  const ask = async () => {
    try {
      const answer = await fetch(`${body.dataset.page.split('?')[0]}/state`, { cache: 'no-store' });
      changed = answer.ok && (await answer.json()).version !== version;
    } catch {}
    ms = Math.min(ms * 1.2, 5000);
    if (changed) act();
    else setTimeout(ask, document.hidden ? 5000 : ms);
  };
  setTimeout(ask, ms);
}

// 3DS Method: a hidden page of the issuer looks at the browser; then on, at the latest when its time is over. Where an
// address is asked for, the shopper goes on.
const preparing = find('#continue');
if (preparing) {
  const { methodUrl, methodData, timeout } = preparing.dataset;
  const go = () => preparing.elements.email || preparing.dataset.sent || preparing.requestSubmit();
  if (methodUrl) {
    const frame = makeFrame('method', '');
    Object.assign(frame, {
      className: 'method-frame',
      tabIndex: -1,
      title: 'card verification',
      ariaHidden: 'true',
    });
    body.append(frame);
    onSignal('method', go);
    setTimeout(go, timeout);
    post(methodUrl, 'method', { threeDSMethodData: methodData });
  } else go();
}

// The challenge: the issuer's page below our header; the same form still opens it on a full page.
const challenge = find('#challenge');
if (challenge) {
  const { framed, title, fullPage, version } = challenge.dataset;
  const frame = makeFrame('challenge', ' allow-pointer-lock');
  Object.assign(frame, { className: 'frame', title, allow: 'payment *; publickey-credentials-get *' });
  challenge.before(frame);
  onSignal('challenge', show);
  post(challenge.action, 'challenge', { creq: challenge.elements.creq.value, threeDSSessionData: framed });
  challenge.querySelector('button').textContent = fullPage;
  challenge.classList.add('framed');
  // The issuer may tell us before it tells the frame, which then has a moment to finish.
  watch(version, 2000, () => setTimeout(show, 2000));
}

const waiting = find('#waiting');
if (waiting) watch(waiting.dataset.version, 1000, show);

// The end: home after five seconds, unless the shopper stays or has come back from there.
const home = find('#return');
const soon = find('#soon');
const gentle = soon && 'gentle' in soon.dataset;
const cameBack =
  performance.getEntriesByType('navigation')[0]?.type === 'back_forward' || (gentle && wasHere());
if (home && soon && !cameBack) {
  soon.hidden = false;
  const timer = setTimeout(
    () => (home.requestSubmit ? home.requestSubmit() : location.assign(home.href)),
    5000,
  );
  const stay = () => {
    clearTimeout(timer);
    soon.setAttribute('role', 'status');
    soon.textContent = soon.dataset.staying;
  };
  soon.querySelector('a').addEventListener('click', (event) => {
    event.preventDefault();
    stay();
  });
  // Who is reading off a number is not taken away from it.
  if (gentle)
    for (const sign of ['pointerdown', 'keydown', 'wheel', 'scroll', 'visibilitychange'])
      document.addEventListener(sign, stay, { once: true });
}
if (cameBack && soon) soon.hidden = true;

// A page that is looked up again, by reload or by the way back, stays.
function wasHere() {
  try {
    const was = sessionStorage.getItem(location.pathname);
    sessionStorage.setItem(location.pathname, '1');
    return was;
  } catch {}
}
