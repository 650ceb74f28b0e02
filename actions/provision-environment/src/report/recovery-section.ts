import { code, escapeMarkdown, folded, table } from '@tenant-delivery/action-kit/markdown';
import type { RecoveryStack } from '@tenant-delivery/provisioning/plan/plan';
import { changeDiff } from './change-diff.ts';

/** What recovers the environment, whether it is there, and what the administrator runs. Nothing where no contract asks for it. */
export function recoverySection(stacks: readonly RecoveryStack[]): readonly string[] {
  if (stacks.length === 0) return [];
  const missing = stacks.filter(({ state }) => state !== 'ready');
  const rows = stacks.map(({ name, region, state, why }) => [
    code(name),
    region,
    escapeMarkdown(why === null ? state : `${state}: ${why}`),
  ]);
  const apply = missing.filter(({ state }) => state !== 'behind');
  const details = apply.flatMap(({ name, changes, command }) => [
    ...(changes.length > 0
      ? [folded(`${name}: ${changes.length} differ from what the contract asks`, '', changeDiff(changes))]
      : []),
    `For ${code(name)} the account's administrator runs:\n\n\`\`\`sh\n${command}\n\`\`\``,
  ]);
  const until = missing.length > 0 ? ' Until all of it is ready, the foundation is not verified.' : '';
  return [
    `**Recovery:** the account's administrator makes it.${until}`,
    table(['stack', 'region', 'state'], rows),
    ...details,
  ];
}
