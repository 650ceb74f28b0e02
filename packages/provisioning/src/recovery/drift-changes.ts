import type { PlannedChange } from '../plan/plan.ts';
import type { ResourceDrift } from '../ports.ts';

/** What would bring resources back to their template, by resource and property. What could not be compared is not among it. */
export function driftChanges(resources: readonly ResourceDrift[]): readonly PlannedChange[] {
  return resources.flatMap(({ logicalId, type, id = null, status, properties }): readonly PlannedChange[] => {
    const change = { logicalId, type, id };
    if (status === 'DELETED') return [{ ...change, action: 'add', properties: [] }];
    if (status !== 'MODIFIED') return [];
    const rows = properties.map(({ path, actual, expected }) => ({
      ...{ path, before: actual === '' ? null : actual, after: expected === '' ? null : expected },
    }));
    return [{ ...change, action: 'modify', properties: rows }];
  });
}
