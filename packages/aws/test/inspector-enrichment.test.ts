import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from '@jest/globals';
import type { Finding } from '@tenant-delivery/findings/finding';
import { inspectorEnrichment } from '../src/inspector/enrichment.ts';
import { clientConfig } from '../src/session/client-config.ts';

const before = process.env['AWS_ENDPOINT_URL'];
const servers: ReturnType<typeof createServer>[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
  if (before === undefined) delete process.env['AWS_ENDPOINT_URL'];
  else process.env['AWS_ENDPOINT_URL'] = before;
});

/** An Amazon Inspector that answers the two paths with these. */
async function enrichment(answers: Readonly<Record<string, object>>) {
  const asked: { readonly path: string; readonly body: unknown }[] = [];
  const server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk) => {
      text += chunk;
    });
    request.on('end', () => {
      asked.push({ path: request.url ?? '', body: JSON.parse(text) });
      response.end(JSON.stringify(answers[request.url ?? '']));
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  process.env['AWS_ENDPOINT_URL'] = `http://127.0.0.1:${(server.address() as AddressInfo).port}`; // a TCP server that listens has one
  const key = { accessKeyId: 'AKIA', secretAccessKey: 'not-a-secret', sessionToken: 'a-token' };
  const config = clientConfig(
    { region: 'eu-west-1', local: true, scale: 1000, userAgent: 'td/test' },
    async () => ({
      ...key,
      expiration: new Date('2099-01-01'),
    }),
  );
  return { asked, ...inspectorEnrichment({ clientConfig: () => config }) };
}

function finding(vulnerability: string, more: Partial<Finding> = {}): Finding {
  const findingArns = [`arn:${vulnerability}`];
  const row = {
    severity: 'high',
    saidSeverity: 'HIGH',
    package: 'openssl',
    version: '1',
    platforms: ['x'],
  } as const;
  return { ...row, vulnerability, findingArns, ...more };
}

const ADDED = Date.UTC(2023, 10, 21) / 1000;
const DUE = Date.UTC(2023, 11, 12) / 1000;

it('takes what is said for what it is, silence about a finding for unknown, and no entry for not listed', async () => {
  const { enrich } = await enrichment({
    '/findings/details/batch/get': {
      findingDetails: [
        { findingArn: 'arn:listed', epssScore: 0.62, cisaData: { dateAdded: ADDED, dateDue: DUE } },
        { findingArn: 'arn:observed', epssScore: 0, exploitObserved: { firstSeen: ADDED } },
        { findingArn: 'arn:undated', epssScore: 7, cisaData: {} },
      ],
      errors: [
        { findingArn: 'arn:failed', errorCode: 'INTERNAL_ERROR' },
        { findingArn: 'arn:failed-too', errorCode: 'INTERNAL_ERROR' },
      ],
    },
    '/findings/list': {
      findings: [
        { findingArn: 'arn:undated', epss: {} },
        { findingArn: 'arn:failed', epss: { score: 0.5 } },
        { findingArn: 'arn:unscored' },
      ],
    },
  });
  const names = ['listed', 'observed', 'undated', 'failed', 'failed-too', 'unscored'];
  const { enriched, troubles } = await enrich(names.map((name) => finding(name)));
  expect(Object.fromEntries(names.map((name, n) => [name, enriched[n]]))).toEqual({
    listed: { epss: 0.62, kev: { added: '2023-11-21', due: '2023-12-12' }, exploit: 'unknown' },
    observed: { epss: 0, kev: 'none', exploit: 'yes' },
    undated: { epss: 'unknown', kev: 'unknown', exploit: 'unknown' },
    failed: { epss: 0.5, kev: 'unknown', exploit: 'unknown' },
    'failed-too': { epss: 'unknown', kev: 'unknown', exploit: 'unknown' },
    unscored: { epss: 'none', kev: 'unknown', exploit: 'unknown' },
  });
  expect(troubles).toEqual(['Amazon Inspector says INTERNAL_ERROR of findings that it listed']);
});

it('asks about ten vulnerabilities at a time, each once', async () => {
  const { enrich, asked } = await enrichment({
    '/findings/details/batch/get': { findingDetails: [] },
    '/findings/list': { findings: [] },
  });
  const findings = Array.from({ length: 25 }, (_, n) => finding(`CVE-2026-${n}`));
  await enrich([...findings, ...findings.map((one) => ({ ...one, package: 'libssl3' }))]);
  const batches = asked.filter(({ path }) => path === '/findings/details/batch/get');
  expect(batches.map(({ body }) => (body as { findingArns: string[] }).findingArns.length).sort()).toEqual([
    10, 10, 5,
  ]); // our own request
});
