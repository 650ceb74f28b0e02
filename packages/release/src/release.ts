import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildActions } from './build.ts';
import { branchOf, commitRelease } from './commit-release.ts';
import { nextStep, output } from './next.ts';
import { againstRelease, againstVersion } from './obstacles.ts';
import { onGithub } from './on-github.ts';
import { pack } from './pack.ts';
import { propose } from './propose.ts';
import { publish } from './publish.ts';
import { stampAll } from './stamp.ts';
import { changesets, majorOf, read, repositoryName, root, versionHere } from './this-repository.ts';

const USAGE = `Usage: npm run release -- version | tag
  version  takes in the changesets: the next version, the changelog, and every reference to a release
  tag      builds dist/ and commits what is released on its branch, with its tags, in this clone; pushes nothing
The workflow release.yml also uses next, propose, pack and publish.`;

const PACKED = join(root, '.release');

/** Takes in the changesets. Answers what stands in the way, and has then done nothing. */
export function version(): readonly string[] {
  const obstacles = againstVersion();
  if (obstacles.length > 0) return obstacles;
  const taken = changesets();
  const before = versionHere();
  execFileSync('npx', ['--no-install', 'changeset', 'version'], { cwd: root, stdio: 'inherit' });
  const after = versionHere();
  lock(after);
  console.log(`${before} → ${after}, with ${taken.length} changesets: ${taken.join(', ')}`);
  for (const file of stampAll(root, repositoryName(), after)) console.log(`stamped ${file}`);
  return [];
}

/** The version of a workspace stands in the lockfile too. npm itself would look at every other package again. */
function lock(version: string): void {
  const file = 'package-lock.json';
  const text = read(file);
  const place = /("packages\/release": \{\s+"name": "[^"]+",\s+"version": ")[^"]+/;
  if (!place.test(text)) throw new Error(`${file} does not say which version packages/release has`);
  writeFileSync(join(root, file), text.replace(place, `$1${version}`));
}

/** Makes the released commit in this clone. Answers what stands in the way, and has then done nothing. */
export async function tag(): Promise<readonly string[]> {
  const obstacles = againstRelease();
  if (obstacles.length > 0) return obstacles;
  const version = versionHere();
  await buildActions();
  const commit = commitRelease(version);
  console.log(
    `${commit} is v${version} on ${branchOf(version)}; ${majorOf(version)} is moved to it. Nothing is pushed.`,
  );
  return [];
}

type Verb = () => readonly string[] | Promise<readonly string[]>;

/** Of `release.yml`; each needs what the job before it has made. */
const OF_THE_WORKFLOW: Readonly<Record<string, Verb>> = {
  next: async () => {
    output('next', await nextStep(onGithub()));
    return [];
  },
  propose: async () => {
    console.log(`proposed in pull request ${await propose(onGithub())}`);
    return [];
  },
  pack: async () => {
    output('sums', await pack(PACKED));
    return [];
  },
  publish: async () => {
    const { ATTESTED_SUMS: attested } = process.env;
    if (!attested) return ['ATTESTED_SUMS is not set; the workflow release.yml gives it to this step'];
    const published = await publish(PACKED, attested, onGithub());
    if (!('commit' in published)) return published;
    output('commit', published.commit);
    output('url', published.url);
    return [];
  },
};

async function carriedOut(verb: Verb): Promise<readonly string[]> {
  try {
    return await verb();
  } catch (thrown) {
    return [(thrown as Error).message]; // of git, npm or GitHub
  }
}

if (import.meta.main) {
  const verbs: Readonly<Record<string, Verb>> = { version, tag, ...OF_THE_WORKFLOW };
  const verb = verbs[process.argv[2] ?? ''];
  if (verb === undefined || process.argv.length > 3) {
    console.error(USAGE);
    process.exitCode = 2;
  } else {
    const obstacles = await carriedOut(verb);
    for (const obstacle of obstacles) console.error(`Not done: ${obstacle}.`);
    process.exitCode = obstacles.length > 0 ? 1 : 0;
  }
}
