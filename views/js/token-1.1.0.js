/*
 * PayResort+ card fields, 1.1.0. The card is typed into a frame of ours: no script of the page around it, this one
 * included, can read it. What comes out is a token. Types: token.d.ts. Guide: docs/token.md.
 */
(() => {
  if (window.PayResort) return;
  const { currentScript } = document;
  if (!(currentScript instanceof HTMLScriptElement) || !currentScript.src) {
    throw new Error('PayResort: load token.js by a script element of its own, from our address.');
  }
  const { origin } = new URL(currentScript.src);
  const KEY = /^pk_(test|live)_[0-9a-z]{32}$/;
  const EVENTS = ['ready', 'change', 'submit'];
  const BRANDS = ['visa', 'mastercard', 'jcb', 'amex', 'diners'];
  const CODES = ['invalid_fields', 'invalid_key', 'rate_limited', 'unavailable'];
  const READY_MS = 15000;
  const LAST_MS = 1000;
  const ANSWER_MS = 30000;
  const MOST_PX = 4000;
  const TEXTS = {
    ja: {
      title: 'カード情報の入力',
      unavailable: 'ただいまカード情報を受け付けられません。少し待ってから、もう一度お試しください。',
    },
    en: {
      title: 'Card details',
      unavailable: 'Card details cannot be taken at the moment. Please try again in a little while.',
    },
    'zh-Hans': {
      title: '填写银行卡信息',
      unavailable: '暂时无法受理银行卡信息，请稍候再试。',
    },
    'zh-Hant': {
      title: '輸入卡片資料',
      unavailable: '目前無法受理卡片資料，請稍候再試。',
    },
    ko: {
      title: '카드 정보 입력',
      unavailable: '지금은 카드 정보를 접수할 수 없습니다. 잠시 후 다시 시도해 주세요.',
    },
  };

  class CardError extends Error {
    constructor(code, message, errors = []) {
      super(message);
      this.name = 'PayResortError';
      this.code = code;
      this.errors = errors;
    }
  }

  function PayResort(publishableKey) {
    if (!KEY.test(publishableKey)) {
      throw new CardError('invalid_key', 'PayResort: give your publishable key, pk_test_… or pk_live_….');
    }
    return Object.freeze({ cardFields: (options) => new CardFields(publishableKey, options ?? {}) });
  }

  class CardFields {
    #frame;
    #texts;
    #style;
    #listeners = Object.fromEntries(EVENTS.map((type) => [type, new Set()]));
    // To our frame, and to nothing else.
    #port = null;
    // Whether the frame has said that it is there, and what it refused.
    #ready = false;
    #mountedAt = 0;
    #refusal = null;
    // The token that is being made: { id, promise, resolve, reject, timer, sent, name }.
    #asked = null;
    #count = 0;
    #ended = false;

    constructor(key, { locale, style = {}, askName = true }) {
      const lang = languageOf(locale);
      this.#texts = TEXTS[lang];
      this.#style = style;
      this.#frame = makeFrame(
        `${new URLSearchParams({ key, lang, name: askName ? '1' : '0' })}`,
        this.#texts.title,
      );
      showScheme(this.#frame, style);
      this.#frame.addEventListener('load', () => this.#connect());
    }

    mount(target) {
      if (this.#ended) throw this.#destroyed();
      const place = typeof target === 'string' ? document.querySelector(target) : target;
      if (!(place instanceof Element)) throw new TypeError(`PayResort: there is no element ${target}.`);
      this.#mountedAt = performance.now();
      place.append(this.#frame);
    }

    // Asked again before the answer is there, it gives the same promise: a double click makes one token.
    createToken(details) {
      if (this.#ended) return Promise.reject(this.#destroyed());
      if (!this.#frame.isConnected) {
        return Promise.reject(new CardError('not_mounted', 'PayResort: mount the fields first.'));
      }
      if (this.#asked !== null) return this.#asked.promise;
      this.#count += 1;
      const asked = { id: this.#count, sent: false, name: String(details?.name ?? '') };
      asked.promise = new Promise((resolve, reject) => Object.assign(asked, { resolve, reject }));
      // A frame that has not come by now will hardly come: the shopper need not wait as long again.
      const left = READY_MS - (performance.now() - this.#mountedAt);
      asked.timer = setTimeout(() => this.#giveUp(), Math.max(left, LAST_MS));
      this.#asked = asked;
      this.#send();
      return asked.promise;
    }

    on(type, listener) {
      if (!EVENTS.includes(type)) throw new TypeError(`PayResort: there is no event ${type}.`);
      this.#listeners[type].add(listener);
      return () => this.#listeners[type].delete(listener);
    }

    update({ style = {} }) {
      this.#style = { ...this.#style, ...style };
      showScheme(this.#frame, this.#style);
      this.#port?.postMessage({ type: 'style', style: this.#style });
    }

    // The frame first, then the field in it: some browsers let no frame take the focus by itself.
    focus() {
      this.#frame.focus();
      this.#port?.postMessage({ type: 'focus' });
    }

    clear() {
      this.#port?.postMessage({ type: 'clear' });
    }

    destroy() {
      this.#ended = true;
      this.#settle(this.#destroyed());
      this.#port?.close();
      this.#frame.remove();
      for (const type of EVENTS) this.#listeners[type].clear();
    }

    // The port goes to our origin alone: the browser drops it if the frame shows anything else. A frame that was moved
    // in the page has been loaded anew, and gets another.
    #connect() {
      if (this.#ended) return;
      this.#port?.close();
      this.#ready = false;
      if (this.#asked?.sent) this.#settle(this.#unavailable());
      const { port1, port2 } = new MessageChannel();
      this.#port = port1;
      port1.onmessage = ({ data }) => this.#take(data ?? {});
      const hello = { payresort: 'card-fields', style: this.#style };
      this.#frame.contentWindow.postMessage(hello, origin, [port2]);
    }

    #take(data) {
      if (data.type === 'ready') this.#beReady(null);
      if (data.type === 'refused') this.#beReady(new CardError('invalid_key', String(data.message)));
      if (data.type === 'height' && data.height > 0 && data.height < MOST_PX) {
        this.#frame.style.height = `${data.height}px`;
      }
      if (data.type === 'change') {
        const brand = BRANDS.includes(data.brand) ? data.brand : null;
        this.#emit('change', { brand, complete: data.complete === true, empty: data.empty === true });
      }
      if (data.type === 'submit') this.#emit('submit', {});
      if (data.type === 'style') console.warn(`PayResort: style options left out: ${data.refused}`);
      if (this.#asked === null || data.id !== this.#asked.id) return;
      if (data.type === 'token') {
        this.#settle(null, { token: String(data.token), expiresAt: String(data.expiresAt) });
      }
      if (data.type === 'failed') this.#fail(data);
    }

    #beReady(refusal) {
      if (refusal) console.error('PayResort: this publishable key does not exist, or was revoked.');
      this.#ready = true;
      this.#refusal = refusal;
      this.#send();
      if (!refusal) this.#emit('ready', {});
    }

    #send() {
      const asked = this.#asked;
      if (!this.#ready || asked === null || asked.sent) return;
      if (this.#refusal) return this.#settle(this.#refusal);
      clearTimeout(asked.timer);
      asked.timer = setTimeout(() => this.#settle(this.#unavailable()), ANSWER_MS);
      asked.sent = true;
      this.#port.postMessage({ type: 'tokenize', id: asked.id, name: asked.name });
    }

    #giveUp() {
      console.error(
        `PayResort: no answer from ${origin}. Does frame-src allow it, and is this origin registered?`,
      );
      this.#settle(this.#unavailable());
    }

    #fail({ code, message, errors, focus }) {
      const known = CODES.includes(code) ? code : 'unavailable';
      this.#settle(new CardError(known, String(message), errors));
      if (focus === true) this.focus();
    }

    #settle(error, token) {
      const asked = this.#asked;
      this.#asked = null;
      if (asked === null) return;
      clearTimeout(asked.timer);
      if (error) asked.reject(error);
      else asked.resolve(token);
    }

    // A listener's fault is the shop's own: told in its console, and no hindrance to the rest.
    #emit(type, event) {
      for (const listener of [...this.#listeners[type]]) {
        try {
          listener(event);
        } catch (error) {
          console.error(error);
        }
      }
    }

    #unavailable() {
      return new CardError('unavailable', this.#texts.unavailable);
    }

    #destroyed() {
      return new CardError('destroyed', 'PayResort: these fields were destroyed. Make new ones.');
    }
  }

  // The wish, else the language of the page, else the browser's.
  function languageOf(wish) {
    const asked = wish && wish !== 'auto' ? wish : document.documentElement.lang || navigator.language;
    const [primary, ...subtags] = asked.toLowerCase().split('-');
    if (primary !== 'zh') return Object.hasOwn(TEXTS, primary) ? primary : 'en';
    const traditional = subtags.some((subtag) => ['hant', 'tw', 'hk', 'mo'].includes(subtag));
    return traditional && !subtags.includes('hans') ? 'zh-Hant' : 'zh-Hans';
  }

  // By properties only: a policy that forbids inline styles forbids nothing of this.
  function makeFrame(query, title) {
    const frame = document.createElement('iframe');
    Object.assign(frame, { src: `${origin}/fields/card?${query}`, title, referrerPolicy: 'no-referrer' });
    Object.assign(frame.style, { display: 'block', width: '100%', height: '360px', border: '0' });
    return frame;
  }

  // The same on both sides of the frame, or browsers paint a ground of their own behind it.
  function showScheme(frame, { scheme }) {
    frame.style.colorScheme = scheme === 'dark' ? 'dark' : scheme === 'auto' ? 'light dark' : 'light';
  }

  PayResort.CardError = CardError;
  PayResort.version = '1.1.0';
  Object.defineProperty(window, 'PayResort', { value: Object.freeze(PayResort) });
})();
