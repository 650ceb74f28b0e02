import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it, test } from '@jest/globals';
import { bootAction } from '@tenant-delivery/local-platform/boot-action';

const root = join(import.meta.dirname, '../..');
const actions = globSync('actions/*/action.yml', { cwd: root }).map((file) => file.split('/')[1] ?? '');
const PLACE = { tenant: 'acme', environment: 'prod', account: '000011112222', region: 'eu-west-1' };

/** The clients of the SDK whose code an action loads, by what Node says that it ran. */
async function loaded(action: string, given: Parameters<typeof bootAction>[1]): Promise<readonly string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'lazy-clients-'));
  try {
    await bootAction(action, { ...given, env: { ...given?.env, NODE_V8_COVERAGE: folder } });
    const reports = globSync('*.json', { cwd: folder }).map((file) =>
      readFileSync(join(folder, file), 'utf8'),
    );
    const urls = reports.flatMap((report) =>
      (JSON.parse(report) as { result: { url: string }[] }).result.map(({ url }) => url),
    ); // as V8 writes it
    const files = urls
      .filter((url) => url.startsWith('file:') && url.endsWith('.mjs'))
      .map((url) => fileURLToPath(url));
    expect(files.length).toBeGreaterThan(0);
    const clients = files.flatMap((file) => [
      ...readFileSync(file, 'utf8').matchAll(/^\/\/ node_modules\/@aws-sdk\/(client-[\w-]+)\//gm),
    ]);
    return [...new Set(clients.map(([, client = '']) => client))].sort();
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test.each(actions)('a wrong input of %s loads no client', async (action) => {
  expect(await loaded(action, { inputs: { ...PLACE, account: '12' } })).toEqual([]);
});

it('loads the client of STS for the first request, and no other one', async () => {
  const inputs = {
    ...PLACE,
    service: 'orders',
    contract: 'signed',
    change: 'chg_01ARZ3NDEKTSV4RRFFQ69G5FAV',
    'scan-minutes': '1',
  };
  const env = { AWS_ENDPOINT_URL: 'http://127.0.0.1:1' };
  expect(await loaded('gate-on-ecr-findings', { inputs, env })).toEqual(['client-sts']);
});
