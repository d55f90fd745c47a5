import { DEVELOPERS_TEXTS } from '../../i18n/console/developers.ts';
import type { ConsoleCall } from './route.ts';

/** The pages of the developers' corner, in the order of its navigation. */
const TABS = {
  keys: '/console/developers',
  endpoints: '/console/developers/endpoints',
  deliveries: '/console/developers/deliveries',
  events: '/console/developers/events',
  debugger: '/console/developers/debugger',
  testing: '/console/developers/testing',
  start: '/console/developers/start',
} as const;

export type DeveloperTab = keyof typeof TABS;

/** What every page of the corner is given besides its own data. */
export interface Corner {
  areas: string;
  tabs: { text: string; href: string; current: boolean }[];
  /** Whether the user may change something here. */
  mayWrite: boolean;
}

export function cornerOf(
  { language, merchant, may }: Pick<ConsoleCall, 'language' | 'merchant' | 'may'>,
  current: DeveloperTab,
): Corner {
  const t = DEVELOPERS_TEXTS[language];
  const shown = Object.entries(TABS).filter(([tab]) => tab !== 'testing' || merchant.mode === 'test');
  return {
    areas: t.areas,
    tabs: shown.map(([tab, href]) => ({
      text: t.tabs[tab as DeveloperTab],
      href,
      current: tab === current,
    })),
    mayWrite: may('developer.write'),
  };
}

/** A moment as developers read it, Japan Standard Time to the second. */
export interface Stamp {
  iso: string;
  text: string;
}

const JAPAN = new Intl.DateTimeFormat('sv-SE', {
  timeZone: 'Asia/Tokyo',
  dateStyle: 'short',
  timeStyle: 'medium',
});

export function stamp(at: Date): Stamp {
  return { iso: at.toISOString(), text: JAPAN.format(at) };
}

export function stampOf(at: Date | null): Stamp | null {
  return at === null ? null : stamp(at);
}
