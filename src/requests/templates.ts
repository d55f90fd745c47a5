import { and, asc, eq } from 'drizzle-orm';
import { record } from '../audit/record.ts';
import { inTransaction } from '../db/client.ts';
import { requestTemplates } from '../db/schema.ts';
import type { Deps } from '../deps.ts';
import type { Language } from '../i18n/texts.ts';
import { newId } from '../lib/ids.ts';
import { Problem } from '../lib/problem.ts';
import type { Merchant } from '../merchants/merchant.ts';

export type Template = typeof requestTemplates.$inferSelect;
export type TemplateTexts = Template['texts'];

export async function listTemplates(deps: Pick<Deps, 'db'>, { merchantId }: Merchant): Promise<Template[]> {
  return deps.db
    .select()
    .from(requestTemplates)
    .where(eq(requestTemplates.merchantId, merchantId))
    .orderBy(asc(requestTemplates.name));
}

/** One template. Throws `not_found`. */
export async function loadTemplate(
  deps: Pick<Deps, 'db'>,
  merchant: Merchant,
  id: string,
): Promise<Template> {
  const [template] = await deps.db.select().from(requestTemplates).where(isTemplate(merchant, id));
  if (template === undefined) throw new Problem('not_found', `There is no template ${id}.`);
  return template;
}

/** Its words in a language; those of none are ours. */
export function wordsOf(
  template: Template | null,
  language: Language,
): { subject: string | null; message: string | null } {
  const { subject = '', message = '' } = template?.texts[language] ?? {};
  return { subject: subject.trim() || null, message: message.trim() || null };
}

/** Makes a template or changes it (`id`). Answers null when another one has this name. */
export async function saveTemplate(
  deps: Deps,
  merchant: Merchant,
  { id, name, texts }: { id: string | null; name: string; texts: TemplateTexts },
): Promise<string | null> {
  const { merchantId, clock } = merchant;
  const at = clock.now();
  return inTransaction(deps.db, 'requests.save_template', async (tx) => {
    const [taken] = await tx
      .select({ id: requestTemplates.id })
      .from(requestTemplates)
      .where(and(eq(requestTemplates.merchantId, merchantId), eq(requestTemplates.name, name)));
    if (taken !== undefined && taken.id !== id) return null;
    const target = id ?? newId('tmpl', at);
    if (id === null) {
      await tx
        .insert(requestTemplates)
        .values({ merchantId, id: target, name, texts, createdAt: at, changedAt: at });
    } else {
      const changed = await tx
        .update(requestTemplates)
        .set({ name, texts, changedAt: at })
        .where(isTemplate(merchant, id))
        .returning({ id: requestTemplates.id });
      if (changed.length === 0) throw new Problem('not_found', `There is no template ${id}.`);
    }
    await record(tx, deps, merchant, {
      action: 'template.changed',
      target,
      details: { name, made: id === null },
    });
    return target;
  });
}

/** Removes a template; requests keep the words that they got from it. */
export async function removeTemplate(deps: Deps, merchant: Merchant, id: string): Promise<void> {
  await inTransaction(deps.db, 'requests.remove_template', async (tx) => {
    const gone = await tx
      .delete(requestTemplates)
      .where(isTemplate(merchant, id))
      .returning({ name: requestTemplates.name });
    const [template] = gone;
    if (template === undefined) return;
    const details = { name: template.name, removed: true };
    await record(tx, deps, merchant, { action: 'template.changed', target: id, details });
  });
}

function isTemplate({ merchantId }: Merchant, id: string) {
  return and(eq(requestTemplates.merchantId, merchantId), eq(requestTemplates.id, id));
}
