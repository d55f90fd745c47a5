import { change } from '../../users/change.ts';
import { changeLogin, endLogin } from '../../users/logins.ts';
import { type ConsoleRoute, redirect } from './route.ts';

/** What the frame of every page posts: which mode is looked at, and that one leaves. */
export const sessionRoutes: ConsoleRoute[] = [
  {
    method: 'post',
    path: '/console/mode',
    permission: 'account.own',
    run: async (deps, { login, form }) => {
      const mode = form.get('mode');
      if (mode === 'test' || mode === 'live') await changeLogin(deps.db, login, { mode });
      return redirect('/console');
    },
  },
  {
    method: 'post',
    path: '/console/logout',
    permission: 'account.own',
    run: async (deps, { merchant, user, login }) => {
      await change(deps, merchant, async (tx, say) => {
        await endLogin({ db: tx, clock: deps.clock }, user, login.id);
        say({ action: 'login.ended', target: user.id });
      });
      return { ...redirect('/console/login?done=out'), capability: null };
    },
  },
];
