// Help while a card is typed: groups, marks, and faults as soon as a field is left. The server checks everything again.
// On our own page, and in the fields of a shop's page, where fields.js stands on it.
const form = document.querySelector('#card');
const texts = JSON.parse(form.dataset.texts);
const [backHint, frontHint, eitherHint] = JSON.parse(form.dataset.hints);
const field = (name) => form.elements[name];
const names = ['number', 'exp', 'csc', 'name', 'email'].filter(field);
const digitsOf = (text) => text.normalize('NFKC').replace(/[\s\u2010-\u2015\u2212\u30fc-]/g, '');

const BRANDS = [
  ['visa', /^4/, [16, 18, 19], [4, 8, 12]],
  ['mastercard', /^(5[1-5]|2(2(2[1-9]|[3-9])|[3-6]|7([01]|20)))/, [16], [4, 8, 12]],
  ['jcb', /^35(2[89]|[3-8])/, [16, 17, 18, 19], [4, 8, 12]],
  ['amex', /^3[47]/, [15], [4, 10]],
  ['diners', /^3(0[0-5]|095|[689])/, [14, 16, 19], [4, 10]],
];
const brandOf = (digits) => BRANDS.find(([, prefix]) => prefix.test(digits));

function passesLuhn(digits) {
  let sum = 0;
  [...digits].reverse().forEach((digit, index) => {
    const value = index % 2 ? digit * 2 : +digit;
    sum += value > 9 ? value - 9 : value;
  });
  return sum % 10 === 0;
}

// Month and year as they were typed, with the usual separators; nothing where it is no date.
function readExpiry(value) {
  const text = value.normalize('NFKC').replace(/\s/g, '');
  const [, year, month] = /^(\d{4})-(\d\d?)$/.exec(text) ?? [];
  return year ? [month, year] : (/^(\d\d?)[/-]?(\d\d|\d{4})$/.exec(text) ?? []).slice(1);
}

// Each returns the code of a fault, or nothing.
const checks = {
  number(value) {
    const digits = digitsOf(value);
    if (/\D/.test(digits)) return 'invalid_characters';
    if (digits.length < 12) return 'wrong_length';
    const brand = brandOf(digits);
    if (!brand) return 'unknown_brand';
    if (!brand[2].includes(digits.length)) return 'wrong_length';
    return passesLuhn(digits) ? '' : 'check_digit';
  },
  exp(value) {
    const [month, year] = readExpiry(value);
    if (!(month >= 1 && month <= 12)) return 'invalid';
    return new Date(2000 + (year % 100), month, 1) <= new Date() ? 'expired' : '';
  },
  csc(value) {
    const digits = digitsOf(value);
    if (/\D/.test(digits)) return 'invalid_characters';
    const brand = brandOf(digitsOf(field('number').value));
    const wanted = brand ? (brand[0] === 'amex' ? [4] : [3]) : [3, 4];
    return wanted.includes(digits.length) ? '' : 'wrong_length';
  },
  name(value) {
    const text = value
      .normalize('NFKD')
      .replace(/\p{M}/gu, '')
      .replace(/[\u2018\u2019\u02bc]/g, "'")
      .replace(/[\u2010-\u2015\u2212]/g, '-')
      .trim();
    if (!/^[a-z .'/-]+$/i.test(text)) return 'invalid_characters';
    if (text.length < 2 || text.length > 45) return 'wrong_length';
    return /[a-z]/i.test(text) ? '' : 'invalid';
  },
  email: (value) => (/^[^\s@]+@[^\s@]+\.[^\s@.]+$/.test(value.normalize('NFKC').trim()) ? '' : 'invalid'),
};

// What a stored card makes needless is hidden, and not looked at.
function faultOf(name) {
  const { value, offsetParent } = field(name);
  if (!offsetParent) return '';
  return value.trim() === '' ? 'missing' : checks[name](value);
}

function tell(name, code) {
  const line = document.getElementById(`${name}-error`);
  if (code) field(name).setAttribute('aria-invalid', 'true');
  else field(name).removeAttribute('aria-invalid');
  line.hidden = !code;
  line.dataset.code = code;
  line.textContent = code ? (texts[name][code] ?? texts[name].missing) : '';
}

// Writes a field anew without losing the place of the caret, which is counted in digits.
function rewrite(input, text) {
  if (text === input.value) return;
  const atEnd = input.selectionStart === input.value.length;
  const before = input.value.slice(0, input.selectionStart).replace(/\D/g, '').length;
  input.value = text;
  let at = 0;
  for (let seen = 0; seen < before && at < text.length; at += 1) if (/\d/.test(text[at])) seen += 1;
  if (atEnd) at = text.length;
  if (document.activeElement === input) input.setSelectionRange(at, at);
}

function groupNumber() {
  const input = field('number');
  const digits = digitsOf(input.value);
  if (/\D/.test(digits)) return;
  const gaps = brandOf(digits)?.[3] ?? [4, 8, 12];
  const text = [...digits.slice(0, 19)]
    .map((digit, index) => (gaps.includes(index) ? ` ${digit}` : digit))
    .join('');
  rewrite(input, text);
}

function showBrand() {
  const id = brandOf(digitsOf(field('number').value))?.[0];
  const marks = form.querySelector('.marks');
  if (id) marks.dataset.brand = id;
  else delete marks.dataset.brand;
  for (const mark of marks.children) mark.classList.toggle('on', mark.dataset.brand === id);
  const use = (name, symbol) => form.querySelector(`.${name} use`).setAttribute('href', `#${symbol}`);
  use('number', id ?? 'card-any');
  use('csc', id === 'amex' ? 'csc-front' : 'csc-back');
  document.getElementById('csc-hint').textContent = id ? (id === 'amex' ? frontHint : backHint) : eitherHint;
}

function slashExpiry(event) {
  if (event.inputType?.startsWith('delete')) return;
  const input = field('exp');
  let text = input.value.normalize('NFKC').replace(/[^\d/]/g, '');
  if (/^[2-9]$/.test(text)) text = `0${text}`;
  text = text.replace(/^(\d)\//, '0$1/').replace(/^(\d\d)\/?(\d{0,4}).*$/, '$1/$2');
  if (input.value.search(/^\d{4}-/) < 0) rewrite(input, text);
}

form.addEventListener('input', (event) => {
  if (event.isComposing) return;
  const { name } = event.target;
  if (name === 'number') {
    groupNumber();
    showBrand();
  }
  if (name === 'exp') slashExpiry(event);
  if (event.target.getAttribute('aria-invalid') && !faultOf(name)) tell(name, '');
  if (!form.querySelector('[aria-invalid]')) document.getElementById('faults').hidden = true;
});
form.addEventListener('compositionend', () => {
  groupNumber();
  showBrand();
});

// Left empty is not wrong yet; that is said when the button is pressed.
form.addEventListener('focusout', ({ target }) => {
  if (names.includes(target.name) && target.value.trim() !== '') tell(target.name, faultOf(target.name));
});

// Tells every fault there is. Gives the name of the first field that has one.
function tellAll() {
  for (const name of names) tell(name, faultOf(name));
  const first = names.find((name) => faultOf(name));
  const faults = document.getElementById('faults');
  faults.hidden = !first;
  faults.querySelector('p').textContent = first ? texts.all : '';
  return first;
}

form.addEventListener(
  'submit',
  (event) => {
    const first = tellAll();
    if (!first) return;
    event.preventDefault();
    field(first).focus();
  },
  true,
);

// Nothing of the card stays behind in a page that is kept for the way back.
addEventListener('pagehide', () => {
  for (const name of ['number', 'csc']) field(name).value = '';
});

showBrand();
