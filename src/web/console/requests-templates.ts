import type { Deps } from '../../deps.ts';
import { REQUESTS_TEXTS, type RequestsTexts } from '../../i18n/console/requests.ts';
import { LANGUAGES, TEXTS } from '../../i18n/language.ts';
import type { Language } from '../../i18n/texts.ts';
import { dueAfter, USUAL_DUE_DAYS } from '../../requests/create.ts';
import {
  listTemplates,
  loadTemplate,
  removeTemplate,
  saveTemplate,
  type TemplateTexts,
} from '../../requests/templates.ts';
import { type Stamp, stamp } from './payments-words.ts';
import { previewOf, shownAs } from './requests-new.ts';
import { REQUESTS, type Tabs, tabsOf } from './requests-words.ts';
import { type ConsoleAnswer, type ConsoleCall, type ConsoleRoute, page, redirect } from './route.ts';

export interface TemplatesData {
  t: RequestsTexts;
  tabs: Tabs;
  said: string | null;
  make: string | null;
  rows: { href: string; name: string; languages: string; at: Stamp }[];
}

export interface TemplateData {
  t: RequestsTexts;
  tabs: Tabs;
  action: string;
  remove: string | null;
  name: string;
  fault: string | null;
  languages: { language: Language; name: string; subject: string; message: string }[];
  write: boolean;
}

const TEMPLATES = `${REQUESTS}/templates`;
const LONGEST = { subject: 150, message: 2000 } as const;

export const requestTemplateRoutes: ConsoleRoute[] = [
  { method: 'get', path: TEMPLATES, permission: 'requests.read', run: list },
  {
    method: 'get',
    path: `${TEMPLATES}/new`,
    permission: 'requests.write',
    run: async (_, call) => form(call, null, '', {}, null),
  },
  {
    method: 'post',
    path: `${TEMPLATES}/new`,
    permission: 'requests.write',
    run: (deps, call) => save(deps, call, null),
  },
  {
    method: 'post',
    path: `${TEMPLATES}/preview`,
    permission: 'requests.write',
    run: async (deps, call) => preview(deps, call),
  },
  {
    method: 'get',
    path: `${TEMPLATES}/:id`,
    permission: 'requests.read',
    run: async (deps, call) => {
      const { id, name, texts } = await loadTemplate(deps, call.merchant, call.params.id ?? '');
      return form(call, id, name, texts, null);
    },
  },
  {
    method: 'post',
    path: `${TEMPLATES}/:id`,
    permission: 'requests.write',
    run: (deps, call) => save(deps, call, call.params.id ?? ''),
  },
  {
    method: 'post',
    path: `${TEMPLATES}/:id/remove`,
    permission: 'requests.write',
    run: async (deps, { merchant, params }) => {
      await removeTemplate(deps, merchant, params.id ?? '');
      return redirect(`${TEMPLATES}?done=removed`);
    },
  },
];

async function list(deps: Deps, { language, merchant, may, query }: ConsoleCall): Promise<ConsoleAnswer> {
  const t = REQUESTS_TEXTS[language];
  const done = query.get('done');
  const data: TemplatesData = {
    t,
    tabs: tabsOf(t, 'templates'),
    said: done === 'template' || done === 'removed' ? t.done[done] : null,
    make: may('requests.write') ? `${TEMPLATES}/new` : null,
    rows: (await listTemplates(deps, merchant)).map(({ id, name, texts, changedAt }) => ({
      href: `${TEMPLATES}/${id}`,
      name,
      languages: LANGUAGES.filter((each) => texts[each] !== undefined)
        .map((each) => TEXTS[each].languageName)
        .join(', '),
      at: stamp(changedAt),
    })),
  };
  return page('requests-templates', { title: t.tabs.templates, place: 'requests', data });
}

function form(
  { language, may }: ConsoleCall,
  id: string | null,
  name: string,
  texts: TemplateTexts,
  fault: string | null,
): ConsoleAnswer {
  const t = REQUESTS_TEXTS[language];
  const data: TemplateData = {
    t,
    tabs: tabsOf(t, 'templates'),
    action: `${TEMPLATES}/${id ?? 'new'}`,
    remove: id === null || !may('requests.write') ? null : `${TEMPLATES}/${id}/remove`,
    name,
    fault,
    languages: LANGUAGES.map((each) => ({
      language: each,
      name: TEXTS[each].languageName,
      subject: texts[each]?.subject ?? '',
      message: texts[each]?.message ?? '',
    })),
    write: may('requests.write'),
  };
  const title = id === null ? t.template.make : name;
  return page('requests-template', {
    title,
    place: 'requests',
    data,
    ...(fault === null ? {} : { status: 422 }),
  });
}

async function save(deps: Deps, call: ConsoleCall, id: string | null): Promise<ConsoleAnswer> {
  if (id !== null) await loadTemplate(deps, call.merchant, id);
  const t = REQUESTS_TEXTS[call.language];
  const name = (call.form.get('name') ?? '').trim().slice(0, 100);
  const texts = textsOf(call.form);
  if (name === '') return form(call, id, name, texts, `${t.template.name}: ${t.faults.required}`);
  const long = Object.values(texts).some(
    ({ subject, message }) => [...subject].length > LONGEST.subject || [...message].length > LONGEST.message,
  );
  if (long) return form(call, id, name, texts, t.template.longest);
  const saved = await saveTemplate(deps, call.merchant, { id, name, texts });
  return saved === null
    ? form(call, id, name, texts, t.template.taken)
    : redirect(`${TEMPLATES}?done=template`);
}

/** Languages in which something is written. */
function textsOf(form: URLSearchParams): TemplateTexts {
  const texts: TemplateTexts = {};
  for (const language of LANGUAGES) {
    const subject = (form.get(`subject_${language}`) ?? '').replace(/\p{Cc}+/gu, ' ').trim();
    const message = (form.get(`message_${language}`) ?? '').trim();
    if (subject !== '' || message !== '') texts[language] = { subject, message };
  }
  return texts;
}

/** With what is typed, about a request that stands for any. */
function preview(deps: Deps, call: ConsoleCall): ConsoleAnswer {
  const { merchant, form: typed } = call;
  const language = LANGUAGES.find((each) => each === typed.get('language')) ?? 'ja';
  const words = textsOf(typed)[language];
  const sample = shownAs(call, {
    orderId: 'L-001',
    amount: 8_800,
    description: null,
    name: language === 'ja' ? '山田 花子' : 'Hanako Yamada',
    email: 'hanako@example.com',
    language,
    subject: words?.subject || null,
    message: words?.message || null,
    dueAt: dueAfter(merchant, USUAL_DUE_DAYS).toISOString(),
    sendAt: null,
    remindDays: [],
  });
  return previewOf(deps, call, sample, 'mail');
}
