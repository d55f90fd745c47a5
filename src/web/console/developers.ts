import { conformanceRoutes } from './developers-conformance.ts';
import { debuggerRoutes } from './developers-debugger.ts';
import { deliveryRoutes } from './developers-deliveries.ts';
import { endpointRoutes } from './developers-endpoints.ts';
import { eventRoutes } from './developers-events.ts';
import { keyRoutes } from './developers-keys.ts';
import { secretRoutes } from './developers-secrets.ts';
import { startRoutes } from './developers-start.ts';
import { testingRoutes } from './developers-testing.ts';
import type { ConsoleRoute } from './route.ts';

/** The developers' corner, `/console/developers`. */
export const developerRoutes: ConsoleRoute[] = [
  ...keyRoutes,
  ...secretRoutes,
  ...endpointRoutes,
  ...conformanceRoutes,
  ...deliveryRoutes,
  ...eventRoutes,
  ...debuggerRoutes,
  ...testingRoutes,
  ...startRoutes,
];
