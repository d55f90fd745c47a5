import { note } from '../../audit/note.ts';
import type { Deps } from '../../deps.ts';
import { amendRequest } from '../../requests/create.ts';
import { loadRequest } from '../../requests/queries.ts';
import { japanDate } from '../../requests/rules.ts';
import type { PaymentRequest } from '../../requests/write.ts';
import { faultsOf, orderFault, readForm, showForm } from './requests-new.ts';
import { customerOf, REQUESTS } from './requests-words.ts';
import { type ConsoleAnswer, type ConsoleCall, type ConsoleRoute, redirect } from './route.ts';

const common = { path: `${REQUESTS}/:id/edit`, permission: 'requests.write' } as const;

/** A draft is changed with the form that made it. */
export const editRequestRoutes: ConsoleRoute[] = [
  { ...common, method: 'get', run: show },
  { ...common, method: 'post', run: amend },
];

async function show(deps: Deps, call: ConsoleCall): Promise<ConsoleAnswer> {
  const { request } = await loadRequest(deps, call.merchant, call.params.id ?? '');
  if (request.status !== 'draft') return redirect(`${REQUESTS}/${request.id}?refused=invalid_state`);
  await note(deps, call.merchant, { action: 'request.seen', target: request.id });
  return showForm(deps, call, formOf(call, request), {}, request);
}

async function amend(deps: Deps, call: ConsoleCall): Promise<ConsoleAnswer> {
  const { merchant, form } = call;
  const { request } = await loadRequest(deps, merchant, call.params.id ?? '');
  if (request.status !== 'draft') return redirect(`${REQUESTS}/${request.id}?refused=invalid_state`);
  const { row, faults } = await readForm(deps, { ...call, form: unmasked(call, request) });
  if (faults.length > 0) return showForm(deps, call, form, faultsOf(call, faults), request);
  const { dueAt, sendAt: _, ...rest } = row;
  const subject = (form.get('template') ?? '') === '' ? request.subject : row.subject;
  try {
    await amendRequest(deps, merchant, request.id, { ...rest, subject, dueAt: new Date(dueAt) });
  } catch (error) {
    return showForm(deps, call, form, orderFault(call, error), request);
  }
  return redirect(`${REQUESTS}/${request.id}?done=saved`);
}

function formOf(call: ConsoleCall, request: PaymentRequest): URLSearchParams {
  const { name, email } = customerOf(call, request);
  return new URLSearchParams([
    ['order', request.orderId],
    ['amount', String(request.amount)],
    ['name', name ?? ''],
    ['email', email ?? ''],
    ['description', request.description ?? ''],
    ['due', japanDate(request.dueAt)],
    ['message', request.message ?? ''],
    ['language', request.language],
    ...request.remindDays.map((days): [string, string] => ['remind', String(days)]),
  ]);
}

/** A masked name or address that comes back as it was shown is the one that the request has. */
function unmasked(call: ConsoleCall, request: PaymentRequest): URLSearchParams {
  const form = new URLSearchParams(call.form);
  const shown = customerOf(call, request);
  if (form.get('name') === shown.name) form.set('name', request.customerName ?? '');
  if (form.get('email') === shown.email) form.set('email', request.email ?? '');
  return form;
}
