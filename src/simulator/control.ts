import { FaultRule, type Faults } from './faults.ts';
import { type HttpReply, type HttpRequest, json } from './http.ts';
import type { Ledger } from './ledger.ts';

/** The control port: contract, section 8. Null where the address is not one of its own. */
export function handleControl(
  world: { ledger: Ledger; faults: Faults },
  request: HttpRequest,
): HttpReply | null {
  switch (`${request.method} ${request.url.pathname}`) {
    case 'GET /healthz':
      return json({ status: 'ok' });
    case 'GET /ledger': {
      const orderId = request.url.searchParams.get('order_id') ?? undefined;
      return json({ entries: world.ledger.entries(orderId), balances: world.ledger.balances(orderId) });
    }
    case 'GET /faults':
      return json({ faults: world.faults.list() });
    case 'POST /faults':
      return addFault(world.faults, request);
    case 'DELETE /faults':
      world.faults.clear();
      return { status: 204 };
    default:
      return null;
  }
}

/** JSON only: a page somewhere else in the browser could not send that without asking first. */
function addFault(faults: Faults, request: HttpRequest): HttpReply {
  if (!request.contentType.toLowerCase().startsWith('application/json')) {
    return json({ error: 'the body must be application/json' }, 415);
  }
  const parsed = FaultRule.safeParse(parseJson(request.body));
  if (!parsed.success) {
    const errors = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    return json({ errors }, 422);
  }
  faults.add(parsed.data);
  return json(parsed.data, 201);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
