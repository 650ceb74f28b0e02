import { appendFileSync } from 'node:fs';
import { notSetUp } from './obstacles.ts';
import type { OnGithub } from './on-github.ts';
import { changesets, versionHere } from './this-repository.ts';

export type Next = 'nothing' | 'propose' | 'release';

/** What a push to main leads to: a version is proposed while there are changesets, and released once it has taken them in. */
export async function nextStep(github: OnGithub): Promise<Next> {
  const missing = notSetUp();
  for (const each of missing) console.log(`::notice::No release yet: ${each}.`);
  if (missing.length > 0) return 'nothing';
  if (changesets().length > 0) return 'propose';
  const tag = `v${versionHere()}`;
  if ((await github.refAt(`tags/${tag}`)) === undefined) return 'release';
  console.log(`${tag} has its tag already. If no release is behind it, find out who made it.`);
  return 'nothing';
}

/** Gives a value to later steps and jobs, where there are any. Ours alone: nothing that others wrote, and one line. */
export function output(name: string, value: string): void {
  console.log(`${name}: ${value}`);
  const file = process.env['GITHUB_OUTPUT'];
  if (file) appendFileSync(file, `${name}=${value}\n`);
}
