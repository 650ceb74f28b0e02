import { git, gitText } from './git.ts';

export interface FileChange {
  readonly path: string;
  readonly previousPath?: string;
  readonly status: 'added' | 'removed' | 'modified' | 'renamed' | 'changed';
  /** The blob after the change, or the one removed. */
  readonly blob: string;
  readonly additions: number;
  readonly deletions: number;
  /** Hunks without their file header; absent for a binary file or an empty change. */
  readonly patch?: string;
}

const STATUS: Readonly<Record<string, FileChange['status']>> = {
  A: 'added',
  D: 'removed',
  M: 'modified',
  R: 'renamed',
  T: 'changed',
};

const DIFF = ['diff', '--no-color', '--no-ext-diff', '-M'];

/** What differs between two trees, in git's order. */
export async function diffTrees(path: string, base: string, head: string): Promise<readonly FileChange[]> {
  const [raw, counts, patches] = await Promise.all([
    gitText(path, [...DIFF, '--raw', '-z', '--no-abbrev', base, head]),
    gitText(path, [...DIFF, '--numstat', '-z', base, head]),
    git(path, [...DIFF, '--patch', base, head]),
  ]);
  const counted = countsOf(counts);
  const patched = patches.output
    .toString()
    .split(/^diff --git /m)
    .slice(1);
  return changesOf(raw).map((change, index) => {
    const patch = patched[index]?.match(/^@@[\s\S]*/m)?.[0].replace(/\n$/, '');
    return { ...change, ...counted[index], ...(patch === undefined ? {} : { patch }) };
  });
}

function changesOf(raw: string): readonly Omit<FileChange, 'patch'>[] {
  const fields = raw.split('\0');
  const changes: Omit<FileChange, 'patch'>[] = [];
  for (let at = 0; at < fields.length; ) {
    const header = fields[at];
    if (!header?.startsWith(':')) break;
    const [, , before = '', after = '', letters = ''] = header.split(' ');
    const renamed = letters.startsWith('R');
    const first = fields[at + 1] ?? '';
    changes.push({
      path: renamed ? (fields[at + 2] ?? '') : first,
      ...(renamed ? { previousPath: first } : {}),
      status: STATUS[letters.slice(0, 1)] ?? 'changed',
      blob: letters === 'D' ? before : after,
      additions: 0,
      deletions: 0,
    });
    at += renamed ? 3 : 2;
  }
  return changes;
}

/** Lines added and deleted, in the same order. A binary file has `-`. */
function countsOf(numstat: string): readonly Pick<FileChange, 'additions' | 'deletions'>[] {
  return numstat
    .split('\0')
    .map((field) => field.match(/^(\d+|-)\t(\d+|-)\t/))
    .filter((match) => match !== null)
    .map(([, added, deleted]) => ({ additions: Number(added) || 0, deletions: Number(deleted) || 0 }));
}
