import { canonicalJson } from '@tenant-delivery/domain';
import { contractChanges, type StackChange } from '@tenant-delivery/provisioning/plan/contract-changes';
import { thisRelease } from '@tenant-delivery/release/this-release';
import type { TenantContract } from '@tenant-delivery/tenancy/contract';

const MOST_DIFFERENCES = 12; // of one resource: `contract render` of both has the rest
const LONGEST_VALUE = 160;

/** What a change of the contract means for the stacks of the account, a line each. */
export function accountChanges(before: TenantContract | undefined, after: TenantContract): readonly string[] {
  const stacks = contractChanges(before, after, thisRelease().repository);
  if (stacks.length === 0) return ['In the account: nothing changes.'];
  return [
    'In the account, as the templates say (the plan of provision.yml also knows what is replaced):',
    ...stacks.flatMap(linesOf),
  ];
}

const HOW = {
  administrator: 'an administrator applies it by hand',
  foundation: 'provision.yml, part foundation',
  network: 'provision.yml, part network',
  services: 'provision.yml, part services',
} as const;

function linesOf({ name, region, part, action, resources }: StackChange): readonly string[] {
  const stack = `  ${name} in ${region}`;
  if (action === 'left')
    return [
      `${stack}: the contract does not ask for it any more. It stays until withdraw.yml takes it away.`,
    ];
  if (action === 'adopted')
    return [
      `${stack}: it is adopted. Only the plan of provision.yml says what changes, because it looks at the account.`,
    ];
  const count = (done: string) => resources.filter((resource) => resource.action === done).length;
  const counted = (['made', 'changed', 'deleted'] as const)
    .map((done) => `${count(done)} ${done}`)
    .filter((said) => !said.startsWith('0 '));
  return [
    `${stack} (${HOW[part]}): ${action === 'made' ? 'a new stack, ' : ''}${counted.join(', ')}`,
    ...(action === 'made' ? [] : resources).flatMap(({ logicalId, type, action, differences }) => [
      `    ${action} ${logicalId} (${type})`,
      ...differences
        .slice(0, MOST_DIFFERENCES)
        .map(
          ({ path, before, after }) => `      ${path.join('.')}: ${shown(after)} instead of ${shown(before)}`,
        ),
      ...(differences.length > MOST_DIFFERENCES
        ? [
            `      and ${differences.length - MOST_DIFFERENCES} more, which \`contract render\` of both contracts shows`,
          ]
        : []),
    ]),
  ];
}

function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = typeof value === 'string' ? value : canonicalJson(value);
  return text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE)}…` : text;
}
