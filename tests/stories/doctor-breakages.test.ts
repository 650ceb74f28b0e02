import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type LocalPlatform, startLocalPlatform } from '@tenant-delivery/local-platform';
import { ruleBranches } from '@tenant-delivery/local-platform/branch-rules';
import { OF_THE_FOUNDATION } from '../stage/breakages/foundation.ts';
import { OF_GITHUB } from '../stage/breakages/github.ts';
import { OF_THE_WORKLOAD } from '../stage/breakages/workload.ts';
import { examined } from '../stage/examined.ts';

const BREAKAGES = [...OF_THE_FOUNDATION, ...OF_THE_WORKLOAD, ...OF_GITHUB];

let platform: LocalPlatform;
beforeAll(async () => {
  platform = await startLocalPlatform();
  const acme = platform.tenants['acme'];
  if (acme) ruleBranches(platform.github, acme.contract);
});
afterAll(() => platform?.close());

/** One of each area, such as the vault; `npm run proof` plays all. */
function played(): typeof BREAKAGES {
  if (process.env['PROOF'] === 'full') return BREAKAGES;
  const areaOf = ({ wrong }: (typeof BREAKAGES)[number]) => Object.keys(wrong)[0]?.split('/')[0];
  return [...new Map(BREAKAGES.map((each) => [areaOf(each), each])).values()];
}

describe('what was broken by hand turns its own line wrong, with the command that mends it:', () => {
  test.each(played().map((each) => [each.what, each] as const))('%s', async (_, { breaks, ...expected }) => {
    const { wrong, unknown = [] } = expected;
    const mend = breaks(platform);
    try {
      const { lines: all } = await examined(platform);
      const lines = all.filter(({ result }) => result !== 'ok');
      expect(Object.fromEntries(lines.map(({ id, result }) => [id, result]))).toEqual({
        ...Object.fromEntries(Object.keys(wrong).map((id) => [id, 'wrong'])),
        ...Object.fromEntries(unknown.map((id) => [id, 'unknown'])),
      });
      for (const [id, command] of Object.entries(wrong))
        expect(lines.find((line) => line.id === id)?.mend).toContain(command);
    } finally {
      mend();
    }
  });
});

/** Lines that tests of their own turn wrong: below, by name. */
const ELSEWHERE = [
  'account',
  'contract/expiry',
  'contract/published',
  'contract/releases',
  'contract/seen',
  'github/*/plan',
  'github/*/releases', // in doctor-door
  'stack/*',
];

test('no kind of line is left that nothing turns wrong', async () => {
  const { lines } = await examined(platform);
  const kinds = new Set(lines.map(({ id }) => kindOf(id)));
  const broken = new Set(BREAKAGES.flatMap(({ wrong }) => Object.keys(wrong).map(kindOf)));
  expect([...kinds].filter((kind) => !broken.has(kind)).sort()).toEqual(ELSEWHERE);
});

/** `role/*\/trust` of `role/td-prod-gate/trust`. */
function kindOf(id: string): string {
  return id
    .replace(/^github\/[^/]+\/[^/]+/, 'github/*')
    .replace(/^github\/\*\/acme-prod(-approval)?$/, 'github/*/environment')
    .replace(/^(role|boundary|key|layer|service|stack|quota)\/[^/]+/, '$1/*');
}
