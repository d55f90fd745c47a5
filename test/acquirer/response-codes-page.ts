import { CODE_CLASSES, type CodeMeaning, RETRY_ADVICE } from '../../src/acquirer/code-classes.ts';
import { JAPAN_CODES } from '../../src/acquirer/japan-codes.ts';
import { RESPONSE_CODES } from '../../src/acquirer/response-codes.ts';
import { TEXTS } from '../../src/i18n/language.ts';
import { failureMessage, shownAs } from '../../src/web/pay/pages.ts';

/** docs/response-codes.md, whole, from the tables. */
export function responseCodesPage(): string {
  return `${HEAD}
## Advice

| \`failure.advice\` | what to do | 対処 |
|---|---|---|
${Object.entries(RETRY_ADVICE)
  .map(([advice, { en, ja }]) => `| \`${advice}\` | ${en} | ${ja} |`)
  .join('\n')}

## What the shopper reads

Every no to a card reads the same, whatever the code: the page does not tell somebody who tries numbers what was wrong with one. After an attempt that was not
to be a lump sum the sentence also proposes one, again whatever the code.

| \`failure.code\` | the shopper reads | |
|---|---|---|
${[...new Set(Object.values(CODE_CLASSES).map(({ failure }) => failure))]
  .map((failure) => {
    const [ja, en] = [TEXTS.ja, TEXTS.en].map((t) => failureMessage(t, shownAs(failure)).title);
    return `| \`${failure}\` | ${ja} | ${en} |`;
  })
  .join('\n')}

## ISO codes (DE39)

${table(RESPONSE_CODES)}

## Japanese codes (DE44)

\`G\`: the issuer or the card centre refused. \`C\`: a line or a centre failed. Where the acquirer gives one that stands here, it decides and
DE39 beside it does not count. A \`G\` or \`C\` code that does not stand here is shown in \`network.japan_code\` and decides nothing.

${table(JAPAN_CODES)}
`;
}

const HEAD = `# Response codes

What a decline by the card network becomes. This page is made of the tables in \`src/acquirer\` (\`code-classes.ts\`, \`response-codes.ts\`, \`japan-codes.ts\`):
change those and run \`npm run codes\`; a test holds the page to them.

The API and the events say \`failure.code\`, of which there are few, and where the network gave a code also \`failure.reason\` (what it means) and
\`failure.advice\` (whether and how to try again). The codes themselves stand in \`network.response_code\` (DE39) and \`network.japan_code\` (DE44). **Reasons are for
you, not for shoppers**: somebody who tries stolen cards learns from them.

A DE39 that is not listed counts as \`card_declined\`. Approvals (\`00\`; for a reversal also \`25\` and \`79\`) never come here. \`10\` and \`94\` decide nothing: the
outcome stays unknown until an authorisation was reversed, or another message was repeated and answered. In test mode every code can be had: the \`decline\`
fault of [simulator.md](simulator.md).
`;

function table(codes: Readonly<Record<string, CodeMeaning>>): string {
  const rows = Object.entries(codes)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([code, { class: name, reason }]) => {
      const { failure, advice } = CODE_CLASSES[name];
      return `| ${code} | ${name} | \`${failure}\` | \`${advice}\` | ${reason.en} | ${reason.ja} |`;
    });
  return ['| code | class | failure | advice | meaning | 意味 |', '|---|---|---|---|---|---|', ...rows].join(
    '\n',
  );
}
