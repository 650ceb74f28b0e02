import type { ChangeSet, ResourceChange } from '../ports.ts';
import type { Template } from '../stacks/template.ts';
import type { PlannedChange } from './plan.ts';

/** What a change set does, in one form for one meaning: two descriptions of it compare as text. */
export function plannedChanges({ changes }: ChangeSet, template: Template): readonly PlannedChange[] {
  return changes
    .map((change) => plannedChange(change, template))
    .toSorted((a, b) => compare(a.logicalId, b.logicalId));
}

function plannedChange(change: ResourceChange, template: Template): PlannedChange {
  const action = actionOf(change);
  const { logicalId, type, id } = change;
  return {
    logicalId,
    type,
    id: id ?? null,
    action,
    properties: [...(action === 'add' ? madeWith(logicalId, template) : changed(change))],
  };
}

/** What CloudFormation can't tell yet counts as the worst that it may be. */
function actionOf({ action, replacement, policyAction }: ResourceChange): PlannedChange['action'] {
  switch (action) {
    case 'Add':
      return 'add';
    case 'Import':
      return 'import';
    case 'Remove':
      return policyAction === 'Retain' ? 'keep' : 'remove';
    case 'Modify':
      return replacement === 'False' ? 'modify' : 'replace';
    default:
      return 'replace';
  }
}

/** The template says what a new resource has; references to others stay as they are written. */
function madeWith(logicalId: string, { Resources }: Template): PlannedChange['properties'] {
  return Object.entries(Resources[logicalId]?.Properties ?? {})
    .map(([name, value]) => ({ path: `/${name}`, before: null, after: textOf(value) }))
    .toSorted((a, b) => compare(a.path, b.path));
}

/** A property that changes for two reasons has two details that say the same. */
function changed({ properties }: ResourceChange): PlannedChange['properties'] {
  const rows = properties.map(({ path, before, after }) => ({
    path: path.startsWith('/') ? path : `/${path}`,
    before: before ?? null,
    after: after ?? null,
  }));
  return [...new Map(rows.map((row) => [JSON.stringify(row), row]))]
    .toSorted(([a], [b]) => compare(a, b)) // by path, and by values where a path comes twice
    .map(([, row]) => row);
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
