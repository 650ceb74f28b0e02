import {
  adoptedTemplate,
  adoptionDifferences,
  importTemplate,
  toImport,
} from '@tenant-delivery/provisioning/adopt/adoption-templates';
import { keepPlaceholders } from '@tenant-delivery/provisioning/plan/placeholder';
import type { PlannedStack } from '@tenant-delivery/provisioning/plan/plan';
import type { ImportRequest } from '@tenant-delivery/provisioning/ports';
import type { Template } from '@tenant-delivery/provisioning/stacks/template';
import type { ObservedStack } from './observe-stacks.ts';

/** What CloudFormation is asked for a stack. */
interface AskedStack {
  readonly type: 'CREATE' | 'UPDATE' | 'IMPORT';
  readonly template: Template;
  readonly imports?: readonly ImportRequest[];
  readonly afterImport?: NonNullable<PlannedStack['afterImport']>;
}

/**
 * As long as something is there that the stack adopts and does not have, nothing but that is done. A stack whose first import
 * was taken back has nothing yet; assumes cloudformation-failed-first-import.
 */
export function asked(
  isNew: boolean,
  { wanted, template: read, found }: Pick<ObservedStack, 'wanted' | 'template' | 'found'>,
): AskedStack {
  const live = read === 'unreadable' ? undefined : read;
  const { template, adopts } = wanted;
  if (!adopts) return { type: isNew ? 'CREATE' : 'UPDATE', template: keepPlaceholders(template, live) };
  const ids = toImport(adopts, live, found);
  if (ids.length === 0)
    return { type: isNew ? 'CREATE' : 'UPDATE', template: adoptedTemplate(template, adopts, live) };
  const made = Object.entries(adopts).filter(([id]) => !live?.Resources[id] && !ids.includes(id));
  return {
    type: 'IMPORT',
    template: importTemplate(template, adopts, live, found),
    imports: ids.flatMap((logicalId) => {
      const there = found[logicalId];
      const type = adopts[logicalId]?.type ?? '';
      return there?.kind === 'found' ? [{ logicalId, type, identifier: there.identifier }] : [];
    }),
    afterImport: {
      differences: [...adoptionDifferences(adopts, live, found)],
      made: made.map(([logicalId, { type }]) => ({ logicalId, type })),
    },
  };
}
