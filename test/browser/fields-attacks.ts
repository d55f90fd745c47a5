/**
 * What a hostile script in the shop's own page can try against the card fields. `early` runs before our script is
 * loaded, `collect` while the card stands in the fields. All of it puts what it gets into `loot`, by `take` and `probe`.
 */
export interface Attack {
  name: string;
  early: string;
  collect: string;
  /** Must be found in the loot: that the attack was alive. */
  alive: RegExp;
  /** The shop has no Trusted Types: they would stop the attack before it begins. */
  loose?: true;
}

/** Before every attack. */
export const TOOLS = `
  window.loot = [];
  const show = (value) => typeof value === 'string' ? value : value instanceof Element ? value.outerHTML
    : (() => { try { return JSON.stringify(value) ?? String(value); } catch { return String(value); } })();
  window.take = (what, ...values) => { loot.push(what + ': ' + values.map(show).join(' ')); };
  window.probe = async (what, read) => {
    try { take(what, await read()); } catch (error) { take(what, error.name); }
  };`;

export const ATTACKS: readonly Attack[] = [
  {
    name: 'reaching into the frame',
    early: '',
    collect: `const frame = document.querySelector('iframe');
      const inner = window.frames[0];
      await probe('contentDocument', () => frame.contentDocument === null ? 'nothing' : frame.contentDocument.body);
      for (const read of ['document', 'location.href', 'form', 'port', 'field', 'localStorage', 'history.length', 'name',
        'performance', 'navigator', 'eval', 'digitsOf', 'getSelection', 'Object'])
        await probe(read, () => read.split('.').reduce((value, step) => value[step], inner));
      await probe('own keys', () => Reflect.ownKeys(inner).map((each) => inner[each]));
      await probe('set', () => { inner.fetch = () => {}; return 'set'; });
      await probe('length', () => inner.length);
      await probe('top of it', () => inner.parent === window && inner.top === window);
      await probe('svg', () => frame.getSVGDocument());
      await probe('javascript:', () => { inner.location = 'javascript:parent.take(document.forms[0].number.value)'; });
      await probe('opened', () => window.open('', frame.name || 'card')?.document.body.outerHTML);`,
    alive: /document: SecurityError/,
  },
  {
    name: 'listening to every message and port',
    early: `addEventListener('message', ({ data, origin }) => take('message', data, origin), true);
      const { postMessage } = MessagePort.prototype;
      MessagePort.prototype.postMessage = function (...args) { take('to the frame', args); return postMessage.apply(this, args); };
      const { set } = Object.getOwnPropertyDescriptor(MessagePort.prototype, 'onmessage');
      Object.defineProperty(MessagePort.prototype, 'onmessage', {
        set(listener) {
          set.call(this, (event) => { take('from the frame', event.data); listener(event); });
          window.stolen = this;
        },
      });`,
    collect: `for (const type of ['read', 'value', 'dump', 'tokenize', 'style', 'focus', 'eval', 'constructor'])
        stolen.postMessage({ type, id: 7, name: 'number', style: { font: 'number', scheme: {} }, field: 'number' });
      await new Promise((done) => setTimeout(done, 300));`,
    alive: /from the frame: .*tok_/,
  },
  {
    name: 'patched prototypes, fetch, forms and JSON',
    early: `const wrap = (owner, name) => {
        const own = owner?.[name];
        if (typeof own !== 'function') return;
        try { owner[name] = function (...args) { take(name, args); return Reflect.apply(own, this, args); }; } catch {}
      };
      for (const name of ['fetch', 'open']) wrap(window, name);
      for (const name of ['append', 'set', 'get']) for (const owner of [FormData, Headers, URLSearchParams]) wrap(owner.prototype, name);
      for (const name of ['open', 'send', 'setRequestHeader']) wrap(XMLHttpRequest.prototype, name);
      wrap(Navigator.prototype, 'sendBeacon');
      for (const owner of [HTMLInputElement, HTMLTextAreaElement]) {
        const value = Object.getOwnPropertyDescriptor(owner.prototype, 'value');
        Object.defineProperty(owner.prototype, 'value', { ...value, get() { const read = value.get.call(this); take('value', read); return read; } });
      }
      const { addEventListener: listen } = EventTarget.prototype;
      EventTarget.prototype.addEventListener = function (type, listener, options) {
        return listen.call(this, type, typeof listener !== 'function' ? listener : function (event) {
          take(type, event.key ?? '', event.data ?? '', event.target?.value ?? '');
          return listener.call(this, event);
        }, options);
      };
      const { stringify } = JSON;
      window.jsons = 0;
      JSON.stringify = (...args) => { jsons += 1; return stringify(...args); };
      for (const name of ['normalize', 'replace', 'split']) {
        const own = String.prototype[name];
        String.prototype[name] = function (...args) { loot.push(name + ': ' + this); return own.apply(this, args); };
      }`,
    collect: `take('json', jsons); document.querySelector('#pay').click();`,
    alive: /click/,
  },
  {
    name: 'listening to keys, input, clipboard and focus, in every phase',
    early: `for (const type of ['keydown', 'keypress', 'keyup', 'beforeinput', 'input', 'change', 'compositionend', 'textInput',
        'paste', 'copy', 'cut', 'focusin', 'focusout', 'blur', 'focus', 'selectionchange', 'pointerdown', 'drop'])
        for (const target of [window, document]) for (const capture of [true, false])
          target.addEventListener(type, (event) => take(type, event.key ?? '', event.data ?? '', event.target?.value ?? ''), capture);`,
    collect: `await probe('selection', () => getSelection().toString());
      await probe('find', () => { const found = []; for (const text of ['3782 822463', '9137']) found.push(text.length + ' ' + window.find(text)); return found; });
      await probe('select all', () => { document.execCommand('selectAll'); return getSelection().toString(); });
      await probe('clipboard', () => navigator.clipboard.readText());`,
    alive: /blur/,
  },
  {
    name: 'an overlay that is not seen',
    early: `addEventListener('load', () => {
        for (const events of ['none', 'none']) {
          const over = document.createElement('input');
          over.id = 'over'; over.tabIndex = -1; over.autocomplete = 'cc-number';
          Object.assign(over.style, { position: 'fixed', inset: '0', width: '100%', height: '70%', opacity: '0', pointerEvents: events });
          for (const type of ['input', 'keydown', 'pointermove']) over.addEventListener(type, ({ key }) => take('overlay', key ?? '', over.value));
          document.body.append(over);
        }
        take('overlay', 'is there');
      });`,
    collect: `for (const over of document.querySelectorAll('#over')) take('overlay holds', over.value);`,
    alive: /is there/,
  },
  {
    name: 'a form around the fields, sent to the shop, with bait for autofill in it',
    early: `addEventListener('DOMContentLoaded', () => {
        const form = document.createElement('form');
        Object.assign(form, { method: 'post', action: '/stolen', target: 'sink' });
        const sink = document.createElement('iframe');
        sink.name = 'sink'; sink.hidden = true;
        for (const name of ['cc-number', 'cc-exp', 'cc-csc', 'cc-name']) {
          const bait = Object.assign(document.createElement('input'), { name, autocomplete: name });
          Object.assign(bait.style, { position: 'absolute', left: '-999px' });
          bait.tabIndex = -1;
          form.append(bait);
        }
        form.addEventListener('formdata', ({ formData }) => take('formdata', [...formData]));
        document.querySelector('main').append(form);
        form.append(document.querySelector('#card'));
      });`,
    collect: `const form = document.querySelector('form');
      take('elements', [...form.elements].map(({ name, value }) => name + '=' + value));
      take('entries', [...new FormData(form)]);
      form.requestSubmit();`,
    alive: /cc-number=/,
  },
  {
    name: 'watching the document, its sizes and its attributes',
    early: `addEventListener('DOMContentLoaded', () => {
        new MutationObserver((records) => { for (const { type, attributeName, target, addedNodes, oldValue } of records)
          take('mutation', type, attributeName ?? '', target, [...addedNodes].map(String), oldValue ?? ''); })
          .observe(document, { subtree: true, childList: true, attributes: true, attributeOldValue: true, characterData: true });
        new ResizeObserver((entries) => take('resize', entries.map(({ contentRect }) => contentRect.height))).observe(document.querySelector('#card'));
        new IntersectionObserver((entries) => take('seen', entries.length)).observe(document.querySelector('#card'));
      });`,
    collect: `const frame = document.querySelector('iframe');
      take('attributes', frame.getAttributeNames().map((name) => frame.getAttribute(name)));
      for (const name in frame) await probe(name, () => String(frame[name]));`,
    alive: /mutation: attributes style/,
  },
  {
    name: 'history, performance, referrer, storage and every channel of the browser',
    early: `window.channel = new BroadcastChannel('payresort');
      channel.onmessage = ({ data }) => take('broadcast', data);
      addEventListener('storage', (event) => take('storage', event.key, event.newValue));
      new PerformanceObserver((list) => take('entries', list.getEntries())).observe({ entryTypes: PerformanceObserver.supportedEntryTypes });
      for (const type of ['error', 'unhandledrejection', 'securitypolicyviolation', 'hashchange', 'popstate'])
        addEventListener(type, (event) => take(type, event.message ?? event.reason ?? event.blockedURI ?? location.href));
      new ReportingObserver((reports) => take('reports', reports), { buffered: true }).observe();`,
    collect: `take('performance', performance.getEntries());
      take('places', location.href, document.referrer, document.cookie, document.title, window.name, history.length, history.state);
      take('navigation', navigation?.entries().map(({ url }) => url) ?? '');
      take('frame', document.querySelector('iframe').src);
      await probe('storage', () => [JSON.stringify(localStorage), JSON.stringify(sessionStorage)]);
      await probe('databases', () => indexedDB.databases());
      await probe('caches', () => caches.keys());
      await probe('memory', () => performance.measureUserAgentSpecificMemory());
      await probe('token address', async () => (await fetch(new URL('/v1/tokens', document.querySelector('iframe').src))).text());`,
    alive: /performance: .*\/fields\/card/,
  },
  {
    name: 'a service worker of the shop’s',
    loose: true,
    early: `const { serviceWorker } = navigator;
      serviceWorker.addEventListener('message', ({ data }) => take('worker saw', data));
      window.installed = serviceWorker.register('/worker.js').then(() => serviceWorker.ready);`,
    collect: `await probe('worker', async () => (await installed).active.state);
      await fetch('/alive');
      await new Promise((done) => setTimeout(done, 200));`,
    alive: /worker saw: GET .*\/alive/,
  },
  {
    name: 'speaking to the frame before us, from a frame of its own and from a window',
    early: `addEventListener('load', () => {
        const { src } = document.querySelector('iframe');
        const speak = (target, what) => {
          const { port1, port2 } = new MessageChannel();
          port1.onmessage = ({ data }) => take('said to ' + what, data);
          target.postMessage({ payresort: 'card-fields', style: { colorText: 'url(/leak)', font: 'x;}' } }, '*', [port2]);
          for (const type of ['read', 'tokenize', 'style', '__proto__', 'constructor', 'port'])
            port1.postMessage({ type, id: 1, name: { toString: null }, style: { fontSize: '1e9', radius: -1 } });
        };
        const second = Object.assign(document.createElement('iframe'), { src });
        second.addEventListener('load', () => { speak(second.contentWindow, 'a second frame'); speak(frames[0], 'ours'); });
        document.body.append(second);
        const opened = window.open(src);
        take('window', opened ? 'opened' : 'blocked');
        setInterval(() => opened && speak(opened, 'a window'), 200);
      });`,
    collect: `await new Promise((done) => setTimeout(done, 600));`,
    alive: /said to a second frame/,
  },
];
