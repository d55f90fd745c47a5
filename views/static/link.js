// The total follows what is chosen. Without this the next page shows it; the server reckons it in any case.
const form = document.querySelector('#order');
const sum = document.querySelector('#sum');

function unitAmount() {
  const chosen = form.querySelector('[name=choice]:checked');
  if (chosen) return Number(chosen.dataset.yen);
  const typed = form.querySelector('[name=amount]');
  if (!typed) return Number(form.dataset.yen);
  const digits = typed.value.normalize('NFKC').replace(/[,¥円\s]/g, '');
  return /^\d{1,8}$/.test(digits) ? Number(digits) : 0;
}

function showSum() {
  const quantity = form.querySelector('[name=quantity]');
  const pieces = quantity ? Number(quantity.value) : 1;
  const total = unitAmount() * (Number.isInteger(pieces) && pieces > 0 ? pieces : 0);
  const before = document.documentElement.lang === 'en' ? '¥' : '';
  const after =
    { ja: '円', 'zh-Hans': '日元', 'zh-Hant': '日圓', ko: '엔' }[document.documentElement.lang] ?? '';
  sum.hidden = total === 0;
  const money = document.createElement('span');
  money.className = 'money';
  money.textContent = `${before}${total.toLocaleString('en-US')}${after}`;
  document.querySelector('#sum-money').replaceChildren(money);
}

if (form) {
  form.addEventListener('input', showSum);
  if (form.querySelector('[name=choice], [name=amount], [name=quantity]')) showSum();
}
