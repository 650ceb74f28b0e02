import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { cloneKeyRepository } from '../stage/clone-key-repository.ts';
import { appKeyStory } from '../stage/crash-stories/github-app-key.ts';
import { deployKeyStory } from '../stage/crash-stories/github-deploy-key.ts';
import { accessKeyStory } from '../stage/crash-stories/iam-access-key.ts';
import { pullThroughStory } from '../stage/crash-stories/pull-through.ts';
import { vpnStory } from '../stage/crash-stories/vpn-psk.ts';
import { playCrash, type Story } from '../stage/crashed-rotation.ts';
import type { Death } from '../stage/dying-door.ts';

/*
 * The process of a rotation dies at a call that changes something: before it is sent, or before its answer comes. Played
 * over the shipped adapters and real requests; the thousands of schedules over models are those of packages/rotation.
 */
const full = process.env['PROOF'] === 'full';

let folder: string;
let sha: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rotation-crashes-'));
  if (full) ({ sha } = await cloneKeyRepository(folder));
});
afterAll(() => rm(folder, { recursive: true }));

interface Kind {
  readonly begin: () => Promise<Story>;
  /** Besides the first request of each name: every how many calls the process dies at one. */
  readonly every: number;
}

const KINDS: Readonly<Record<string, Kind>> = {
  'pull-through': { begin: pullThroughStory, every: 1 },
  'vpn-psk': { begin: vpnStory, every: 1 },
  'iam-access-key': { begin: accessKeyStory, every: 2 },
  'github-deploy-key': { begin: () => deployKeyStory(folder, sha), every: 11 }, // a second each, and days of the same
  'github-app-key': { begin: () => appKeyStory(folder), every: 1 },
};

async function liesOf(begin: Kind['begin'], death: Death): Promise<readonly string[]> {
  const { calls, lies } = await playCrash(begin, death);
  return lies.map((lie) => `dead ${death.when} call ${death.nth}, ${calls[death.nth]}: ${lie}`);
}

if (full)
  test.each(Object.entries(KINDS))(
    'wherever the process that rotates a credential of the kind %s dies once, later runs end it and nobody goes without',
    async (kind, { begin, every }) => {
      const { calls, lies: untroubled } = await playCrash(begin);
      const first = (call: string, nth: number) => !call.startsWith('vault') && calls.indexOf(call) === nth;
      const deaths = calls.flatMap((call, nth): readonly Death[] =>
        nth % every === 0 || first(call, nth)
          ? [
              { nth, when: 'before' },
              { nth, when: 'after' },
            ]
          : [],
      );
      const lies = [...untroubled];
      for (const death of deaths) lies.push(...(await liesOf(begin, death)));
      process.stdout.write(`${kind}: ${deaths.length} of ${2 * calls.length} deaths were played\n`);
      expect(lies).toEqual([]);
    },
    600_000,
  );
else
  test('a rotation whose process died when the new token had become current, or before it let the old one go, is ended by later runs', async () => {
    expect(await liesOf(pullThroughStory, { nth: 2, when: 'after' })).toEqual([]);
    expect(await liesOf(pullThroughStory, { nth: 13, when: 'before' })).toEqual([]);
  });
