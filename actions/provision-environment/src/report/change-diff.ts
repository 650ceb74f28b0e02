import { type Difference, diff } from '@tenant-delivery/action-kit/markdown';
import type { PlannedChange } from '@tenant-delivery/provisioning/plan/plan';

const SHOWN = 200; // characters of a value; the whole one is in the plan document

/** Each property of some resources before and after. */
export function changeDiff(changes: readonly PlannedChange[]): string {
  return diff(
    changes.flatMap(({ action, logicalId, type, properties }): readonly Difference[] => {
      const title = `${logicalId} (${type})`;
      if (properties.length === 0) return [{ path: title, from: null, to: null }];
      return [
        { path: title, from: null, to: null },
        ...properties.map(({ path, before, after }) =>
          action === 'add'
            ? { path: `  ${path}: ${short(after ?? '')}`, from: null, to: null } // all of it is new
            : {
                path: `  ${path}`,
                from: before === null ? null : short(before),
                to: after === null ? null : short(after),
              },
        ),
      ];
    }),
  );
}

/** What stands in a change set for a value that CloudFormation does not have before it acts. */
const LATER = /\{\{changeSet:KNOWN_AFTER_APPLY\}\}/g;

function short(value: string): string {
  const text = value.replaceAll(LATER, '(known once it is applied)');
  return text.length > SHOWN ? `${text.slice(0, SHOWN - 1).toWellFormed()}…` : text;
}
