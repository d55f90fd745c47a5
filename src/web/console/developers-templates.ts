import type { ConformanceData } from './developers-conformance.ts';
import type { DebuggerData } from './developers-debugger.ts';
import type { DeliveriesData, DeliveryData } from './developers-deliveries.ts';
import type { EndpointData, EndpointsData } from './developers-endpoints.ts';
import type { EventData, EventsData } from './developers-events.ts';
import type { ChangeData, KeysData, ShownData } from './developers-keys.ts';
import type { StartData } from './developers-start.ts';
import type { TestingData } from './developers-testing.ts';

export interface DeveloperTemplates {
  'developers-keys': KeysData;
  'developers-shown': ShownData;
  'developers-change': ChangeData;
  'developers-endpoints': EndpointsData;
  'developers-endpoint': EndpointData;
  'developers-deliveries': DeliveriesData;
  'developers-delivery': DeliveryData;
  'developers-events': EventsData;
  'developers-event': EventData;
  'developers-conformance': ConformanceData;
  'developers-testing': TestingData;
  'developers-start': StartData;
  'developers-debugger': DebuggerData;
}
