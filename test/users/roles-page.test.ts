import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT } from '../../src/lib/root.ts';
import { PERMISSIONS, ROLES } from '../../src/users/policy.ts';

test('docs/users.md shows the roles as the policy has them', () => {
  const rows = Object.entries(PERMISSIONS).map(([permission, allowed]) => {
    const roles: readonly string[] = allowed;
    return `| \`${permission}\` | ${ROLES.map((role) => (roles.includes(role) ? 'yes' : '')).join(' | ')} |`;
  });
  const table = [`| | ${ROLES.join(' | ')} |`, `|---|${ROLES.map(() => '---|').join('')}`, ...rows].join(
    '\n',
  );
  expect(readFileSync(join(ROOT, 'docs/users.md'), 'utf8')).toContain(table);
});
