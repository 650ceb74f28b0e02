import { code, type Difference, diff, escapeMarkdown, folded } from '@tenant-delivery/action-kit/markdown';
import type { PlannedStack } from '@tenant-delivery/provisioning/plan/plan';

/** What an import leaves as it is, though the contract names its surroundings. */
const LEFT = {
  network:
    'Routes, gateways, endpoints, flow logs, rules of security groups, listeners and tags stay as they are. No stack has them.',
  services:
    'Listener rules, task definitions, roles, images, scaling policies and tags stay as they are. No stack has them.',
} as const;

/** What is taken in, what the change after it would do, and what nobody takes in. Nothing where a plan imports nothing. */
export function importSection(
  part: 'foundation' | 'network' | 'services',
  stacks: readonly PlannedStack[],
): readonly string[] {
  const importing = stacks.filter(({ action }) => action === 'import');
  if (importing.length === 0 || part === 'foundation') return [];
  return [
    `**Imports:** ${importing.map(({ name }) => code(name)).join(', ')} ${importing.length === 1 ? 'takes' : 'take'} in what is there. Nothing of it is changed by this plan, and all of it stays when the part is withdrawn. ${LEFT[part]}`,
    ...importing.flatMap(importOf),
  ];
}

function importOf({ name, changes, afterImport }: PlannedStack): readonly string[] {
  const imported = changes.filter(({ action }) => action === 'import');
  const rows = imported.map(
    ({ logicalId, type, id }) =>
      `- ${code(logicalId)} ${escapeMarkdown(type)}${id === null ? '' : ` ${code(id)}`}`,
  );
  const { differences = [], made = [] } = afterImport ?? {};
  const lines = differences.map(
    ({ logicalId, path, live, agreed }): Difference => ({
      path: `${logicalId}${path}`,
      from: live,
      to: agreed,
    }),
  );
  return [
    folded(`${name}: ${imported.length} imported`, '', rows.join('\n')),
    ...(lines.length > 0
      ? [
          `**${escapeMarkdown(name)}: not as the contract says.** The change after this one would set it so. If what is there is right, change the contract.`,
          diff(lines),
        ]
      : []),
    ...(made.length > 0
      ? [
          `**${escapeMarkdown(name)}: not there.** The change after this one makes it: ${made.map(({ logicalId, type }) => `${code(logicalId)} ${escapeMarkdown(type)}`).join(', ')}.`,
        ]
      : []),
  ];
}
