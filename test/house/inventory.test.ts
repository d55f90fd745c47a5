import { expect, test } from 'vitest';
import { inventoryFaults } from '../../src/web/integrity/inventory.ts';

test('every script and style sheet is in the inventory, unchanged and with its purpose', () => {
  const faults = inventoryFaults();
  expect(faults, 'after a change on purpose: node dist/src/main.js integrity inventory --write').toEqual([]);
});
