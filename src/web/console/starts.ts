import type { ConsoleCall } from './route.ts';

/** Where selling without code begins: at the form itself, for whoever may fill it in. */
export interface Starts {
  link: string;
  request: string;
}

export function startsOf({ may }: Pick<ConsoleCall, 'may'>): Starts {
  return {
    link: may('links.write') ? '/console/links/new' : '/console/links',
    request: may('requests.write') ? '/console/requests/new' : '/console/requests',
  };
}
