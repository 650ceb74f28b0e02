import type { ProvisioningKind } from '@tenant-delivery/domain';
import { isFreeType, isKeptType, isServingType } from './kept-types.ts';
import type { PlannedStack } from './plan.ts';

/** What cannot be undone by a later change, a sentence each: it comes first in what people approve. */
export function irreversible(kind: ProvisioningKind, stacks: readonly PlannedStack[]): readonly string[] {
  return stacks.flatMap(({ name, changes }) => {
    const of = (action: (typeof changes)[number]['action']) =>
      changes.filter((change) => change.action === action);
    const [added, removed, kept, replaced] = [of('add'), of('remove'), of('keep'), of('replace')];
    const vaults = added.filter(({ type }) => type === 'AWS::S3::Bucket');
    const keys = added.filter(({ type }) => type === 'AWS::KMS::Key');
    const stays = added.filter(({ type }) => isKeptType(type));
    const costly = stays.filter(({ type }) => !isFreeType(type));
    const serving = removed.filter(({ type }) => isServingType(type));
    return [
      ...say(serving, (list) => `${name}: ${list} ${goes(serving)}, and what it serves stops.`),
      ...(kind === 'withdrawal' && removed.length > serving.length
        ? [
            `${name}: ${removed.length - serving.length} more resources are deleted. What is made anew later has other ids and addresses.`,
          ]
        : say(removed, (list) => `${name}: ${list} ${goes(removed)}.`)),
      ...say(replaced, (list) => `${name}: ${list} ${replaced.length === 1 ? 'gets' : 'get'} another id.`),
      ...say(kept, () => `${name}: ${counted(kept.length)} in the account, in no stack.`),
      ...say(
        vaults,
        (list) => `${name}: what is written into ${list} cannot be deleted before its retention ends.`,
      ),
      ...say(
        keys,
        (list) => `${name}: ${list} can only be scheduled for deletion, which takes seven days at least.`,
      ),
      ...say(stays, () => `${name}: ${counted(stays.length)} when the part is withdrawn${goOn(costly)}.`),
    ];
  });
}

function say(
  changes: readonly { readonly logicalId: string }[],
  sentence: (list: string) => string,
): readonly string[] {
  return changes.length === 0 ? [] : [sentence(changes.map(({ logicalId }) => logicalId).join(', '))];
}

/** Which of those that stay are still paid for. */
function goOn(costly: readonly { readonly logicalId: string }[]): string {
  const list = costly.map(({ logicalId }) => logicalId).join(', ');
  return costly.length === 0 ? '' : `, and ${list} ${costly.length === 1 ? 'goes' : 'go'} on costing money`;
}

const goes = ({ length }: readonly unknown[]) => (length === 1 ? 'is deleted' : 'are deleted');
const counted = (count: number) => (count === 1 ? '1 resource stays' : `${count} resources stay`);
