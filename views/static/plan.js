// Of the payment types only those that the card's brand takes are left; one that goes away is told. Stands on card.js,
// whose `form`, `field`, `brandOf` and `digitsOf` it uses. The server checks the choice again.
const plan = field('payment_type');
const plans = [...plan.options];
let wanted = plan.selectedOptions[0];
let shownFor;

function showPlans() {
  const id = brandOf(digitsOf(field('number').value))?.[0];
  if (id === shownFor) return;
  shownFor = id;
  const fitting = plans.filter((option) => !id || option.dataset.brands.split(' ').includes(id));
  plan.replaceChildren(...fitting);
  const fits = fitting.includes(wanted);
  (fits ? wanted : fitting[0]).selected = true;
  const mark = form.querySelector(`.marks [data-brand=${id}]`);
  tellPlan(
    fits
      ? ''
      : plan.dataset.refused
          .replace('{brand}', mark.getAttribute('aria-label'))
          .replace('{type}', wanted.text),
  );
}

function tellPlan(text) {
  const line = document.getElementById('payment_type-error');
  plan.removeAttribute('aria-invalid');
  line.hidden = !text;
  line.textContent = text;
}

plan.addEventListener('input', () => {
  wanted = plan.selectedOptions[0];
  tellPlan('');
});
form.addEventListener('input', showPlans);
form.addEventListener('compositionend', showPlans);
showPlans();
