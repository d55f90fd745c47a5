import type { ChangeData, KeysData, ShownData } from './developers-keys.ts';

export interface DeveloperTemplates {
  'developers-keys': KeysData;
  'developers-shown': ShownData;
  'developers-change': ChangeData;
}
