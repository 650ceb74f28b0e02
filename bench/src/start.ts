import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { localRelease } from '@tenant-delivery/local-platform/local-release';
import { type Figure, median, round } from './figure.ts';
import { timeProcess } from './spawned.ts';

const RUNS = 15;
const INPUTS = {
  INPUT_CONTRACT: 'signed',
  INPUT_TENANT: 'acme',
  INPUT_ENVIRONMENT: 'prod',
  INPUT_ACCOUNT: '000011112222',
  INPUT_REGION: 'eu-west-1',
  INPUT_SERVICE: 'orders',
  INPUT_CHANGE: 'chg_01ARZ3NDEKTSV4RRFFQ69G5FAV',
  'INPUT_SCAN-MINUTES': '1',
};

/** An action's start to its first AWS request, and a wrong input's answer, each against a bare Node in turn. */
export async function start(): Promise<readonly Figure[]> {
  const gate = join(localRelease(), 'dist/gate-on-ecr-findings.mjs');
  const rotate = join(localRelease(), 'dist/rotate-access.mjs');
  let asked = 0;
  const server = createServer((request, response) => {
    if (request.url?.startsWith('/token')) {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ value: TOKEN }));
      return;
    }
    asked ||= performance.now();
    response.writeHead(403, { 'content-type': 'text/xml' });
    response.end(
      '<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>no</Message></Error></ErrorResponse>',
    );
  });
  const { promise, resolve } = Promise.withResolvers<void>();
  server.listen(0, '127.0.0.1', resolve);
  await promise;
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`; // a TCP server that listens has one
  const env = {
    ...INPUTS,
    AWS_ENDPOINT_URL: url,
    ACTIONS_ID_TOKEN_REQUEST_URL: `${url}/token?a=b`,
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'bench',
  };
  const toFirstRequest = async (bundle: string, given: Readonly<Record<string, string>>) => {
    asked = 0;
    const at = performance.now();
    await timeProcess([bundle], given);
    if (asked === 0) throw new Error(`${bundle} ended before it asked AWS`);
    return asked - at;
  };
  const { 'INPUT_SCAN-MINUTES': _, INPUT_CHANGE: __, INPUT_SERVICE: ___, ...place } = env;
  const rotating = { ...place, INPUT_MODE: 'run', INPUT_CREDENTIAL: 'ci-legacy' };
  const first: number[] = [];
  const rotated: number[] = [];
  const wrong: number[] = [];
  for (let i = 0; i <= RUNS; i += 1) {
    const bare = await timeProcess(['-e', '0']);
    const request = await toFirstRequest(gate, env);
    const rotation = await toFirstRequest(rotate, rotating);
    const answered = await timeProcess([gate], { ...INPUTS, INPUT_TENANT: 'ACME' });
    if (i === 0) continue; // the first pass warms the file cache
    first.push(request / bare);
    rotated.push(rotation / bare);
    wrong.push(answered / bare);
  }
  server.close();
  return [
    {
      bench: 'start',
      figure: 'start to the first AWS request / bare node',
      value: round(median(first)),
      unit: 'ratio',
      target: 4,
    },
    {
      bench: 'start',
      figure: 'start of rotate-access to its first AWS request / bare node',
      value: round(median(rotated)),
      unit: 'ratio',
      target: 4,
    },
    {
      bench: 'start',
      figure: 'a wrong input answered / bare node',
      value: round(median(wrong)),
      unit: 'ratio',
      target: 2,
    },
  ];
}

/** A token's shape without a signature: only its claims are read before AWS is asked. */
const TOKEN = [
  '{"alg":"none"}',
  JSON.stringify({
    sub: 'repo:acme/orders:ref:refs/heads/main',
    aud: 'sts.amazonaws.com',
    repository: 'acme/orders',
    repository_id: '456789',
    repository_owner_id: '123456',
    job_workflow_ref: 'OWNER/tenant-delivery/.github/workflows/deliver.yml@refs/tags/v0.1.0',
    ref: 'refs/heads/main',
    sha: '0'.repeat(40),
    run_id: '1',
    run_attempt: '1',
    event_name: 'push',
    actor: 'dev-ana',
    actor_id: '200010',
  }),
  '',
]
  .map((part) => Buffer.from(part).toString('base64url'))
  .join('.');
