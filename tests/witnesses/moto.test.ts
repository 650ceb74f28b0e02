import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { type LocalAws, startLocalAws } from '@tenant-delivery/local-aws';
import { counted } from '@tenant-delivery/testkit/counts';
import { describeWith } from '@tenant-delivery/testkit/optional-tool';
import { DISAGREEMENTS } from './moto/disagreements.ts';
import { IMAGES } from './moto/images.ts';
import { NETWORKS } from './moto/networks.ts';
import { ACCOUNT, placeAt } from './moto/place.ts';
import { SECRETS } from './moto/secrets.ts';
import { startMoto } from './moto/server.ts';
import { STACKS } from './moto/stacks.ts';
import { TASKS } from './moto/tasks.ts';
import { WATCHING } from './moto/watching.ts';

jest.setTimeout(180_000); // moto loads slowly where much else runs

/** In order: later ones use what earlier ones have made. */
const EXCHANGES = [...NETWORKS, ...IMAGES, ...TASKS, ...SECRETS, ...WATCHING, ...STACKS];

/** Every exchange in order, each with what was said: the answer, or the name of the refusal. */
async function saidBy(place: ReturnType<typeof placeAt>): Promise<ReadonlyMap<string, string>> {
  const said = new Map<string, string>();
  for (const [name, ask] of EXCHANGES)
    said.set(
      name,
      await ask(place).then(
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

describeWith('moto', 'moto, a double of AWS that nobody here wrote', (python) => {
  let here: LocalAws;
  let ours: ReadonlyMap<string, string>;
  let theirs: ReadonlyMap<string, string>;

  beforeAll(async () => {
    here = await startLocalAws({ scale: 1000 });
    ours = await saidBy(placeAt(here.url, here.addAccount(ACCOUNT)));
    const moto = await startMoto(python);
    theirs = await saidBy(placeAt(moto.url, { accessKeyId: 'AKIA', secretAccessKey: 'x' }));
    await moto.close();
  });
  afterAll(() => here.close());

  test('says what the local AWS says, but for a list with the page that decides', () => {
    const differ = [...ours].filter(([name, said]) => said !== theirs.get(name));
    const found = differ.map(([name, said]) => [name, { here: said, moto: theirs.get(name) }]);
    const known = DISAGREEMENTS.map(({ exchange, here: said, moto }) => [exchange, { here: said, moto }]);
    expect(Object.fromEntries(found)).toEqual(Object.fromEntries(known));
  });

  test('is asked as much as before, and agrees as often', () => {
    counted('moto', { exchanges: EXCHANGES.length, alike: EXCHANGES.length - DISAGREEMENTS.length });
  });
});
