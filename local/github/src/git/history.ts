import { git, gitText } from './git.ts';

/** The best common ancestor; undefined for unrelated histories. */
export async function mergeBase(path: string, a: string, b: string): Promise<string | undefined> {
  const found = await gitText(path, ['merge-base', a, b], { allow: [1] });
  return found === '' ? undefined : found;
}

export async function isAncestor(path: string, ancestor: string, descendant: string): Promise<boolean> {
  const args = ['merge-base', '--is-ancestor', ancestor, descendant];
  return (await git(path, args, { allow: [1] })).code === 0;
}

/** How many commits each of two has that the other hasn't. */
export async function divergence(
  path: string,
  base: string,
  head: string,
): Promise<{ readonly behind: number; readonly ahead: number }> {
  const counts = await gitText(path, ['rev-list', '--left-right', '--count', `${base}...${head}`]);
  const [behind, ahead] = counts.split('\t').map(Number);
  return { behind: behind ?? 0, ahead: ahead ?? 0 };
}
