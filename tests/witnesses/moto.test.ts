import { globSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout as passed } from 'node:timers/promises';
import { CreateUserCommand } from '@aws-sdk/client-iam';
import { CreateKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { type LocalAws, startLocalAws } from '@tenant-delivery/local-aws';
import { counted } from '@tenant-delivery/testkit/counts';
import { describeWith } from '@tenant-delivery/testkit/optional-tool';
import { SUITES } from '../adapters/suites/all.ts';
import { KEY_POLICY } from '../adapters/suites/ground.ts';
import { ACCOUNT, type Double, doubleAt } from '../stage/a-double.ts';
import { BROKEN } from './moto/broken-promises.ts';
import { DISAGREEMENTS } from './moto/disagreements.ts';
import { HERE_ALONE } from './moto/here-alone.ts';
import { IMAGES } from './moto/images.ts';
import { NETWORKS } from './moto/networks.ts';
import { SECRETS } from './moto/secrets.ts';
import { startMoto } from './moto/server.ts';
import { STACKS } from './moto/stacks.ts';
import { TASKS } from './moto/tasks.ts';
import { WATCHING } from './moto/watching.ts';

jest.setTimeout(180_000); // moto loads slowly where much else runs

/** In order: later ones use what earlier ones have made. */
const EXCHANGES = [...NETWORKS, ...IMAGES, ...TASKS, ...SECRETS, ...WATCHING, ...STACKS];

/** Every exchange in order, each with what was said: the answer, or the name of the refusal. */
async function saidBy(double: Double): Promise<ReadonlyMap<string, string>> {
  const said = new Map<string, string>();
  for (const [name, ask] of EXCHANGES)
    said.set(
      name,
      await ask(double).then(
        (answer) => (isWhole(answer) ? 'done' : (JSON.stringify(answer) ?? 'done')),
        (cause: Error & { readonly code?: string }) => `refused: ${cause.code ?? cause.name}`,
      ),
    );
  return said;
}

/** A whole answer, of which nothing is compared. */
function isWhole(answer: unknown): boolean {
  return typeof answer === 'object' && answer !== null && '$metadata' in answer;
}

/** moto as our adapters see it. It makes users and keys by calls, and is never late. */
function motoAt(url: string): Double {
  const double = doubleAt(
    url,
    { accessKeyId: 'AKIA', secretAccessKey: 'x' },
    {
      sleep: () => passed(1),
      user: async (UserName, Path) => void (await double.iam.send(new CreateUserCommand({ UserName, Path }))),
      signingKey: async () => {
        const Policy = JSON.stringify(KEY_POLICY);
        const asked = { KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY', Policy } as const;
        const { KeyMetadata } = await new KMSClient(double.once).send(new CreateKeyCommand(asked));
        return KeyMetadata?.KeyId ?? '';
      },
    },
  );
  return double;
}

test('each suite of an adapter is played on moto, or says why not', () => {
  const suites = globSync('*.test.ts', { cwd: join(import.meta.dirname, '../adapters') });
  const names = suites.map((file) => basename(file, '.test.ts')).filter((name) => name !== 'suites');
  expect(Object.keys(HERE_ALONE).sort()).toEqual(names.sort());
});

describeWith('moto', 'moto, a double of AWS that nobody here wrote', (python) => {
  let here: LocalAws;
  let moto: Awaited<ReturnType<typeof startMoto>>;
  let there: Double;
  beforeAll(async () => {
    here = await startLocalAws({ scale: 1000 });
    moto = await startMoto(python);
    there = motoAt(moto.url);
  });
  afterAll(async () => {
    await here.close();
    await moto.close();
  });

  describe.each(SUITES)('what adapters keep there: $what', ({ suite }) => {
    test.each([...suite])('$promise', async ({ promise, keep }) => {
      const broken = BROKEN[promise];
      if (broken) await expect(keep(there)).rejects.toThrow(broken.ends);
      else await keep(there);
    });
  });

  test('says what the local AWS says, but for a list with the page that decides', async () => {
    const ours = await saidBy(
      doubleAt(here.url, here.addAccount(ACCOUNT), {
        sleep: (milliseconds) => here.clock.sleep(milliseconds),
        user: () => Promise.reject(new Error('no exchange makes a user')),
        signingKey: () => Promise.reject(new Error('no exchange signs')),
      }),
    );
    const theirs = await saidBy(there);
    const differ = [...ours].filter(([name, said]) => said !== theirs.get(name));
    const found = differ.map(([name, said]) => [name, { here: said, moto: theirs.get(name) }]);
    const known = DISAGREEMENTS.map(({ exchange, here: said, moto }) => [exchange, { here: said, moto }]);
    expect(Object.fromEntries(found)).toEqual(Object.fromEntries(known));
  });

  test('is asked as much as before, and agrees as often', () => {
    const promises = SUITES.flatMap(({ suite }) => suite.map(({ promise }) => promise));
    expect(Object.keys(BROKEN).filter((promise) => !promises.includes(promise))).toEqual([]);
    counted('moto', {
      exchanges: EXCHANGES.length,
      alike: EXCHANGES.length - DISAGREEMENTS.length,
      'promises of adapters': promises.length,
      kept: promises.length - Object.keys(BROKEN).length,
    });
  });
});
