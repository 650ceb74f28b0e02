import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from '@jest/globals';
import { ecrInspections } from '../src/ecr/scan-findings.ts';
import { clientConfig } from '../src/session/client-config.ts';

const servers: ReturnType<typeof createServer>[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** What the clock of the runner says: nothing like the truth. */
const NOW = Date.UTC(2001, 0, 1);
const CHILD = { platform: 'linux/amd64', digest: `sha256:${'a'.repeat(64)}` } as const;

interface Answer {
  readonly status: number;
  /** A text is sent as it is. */
  readonly body: object | string;
  /** After so many characters the connection ends. */
  readonly cutAfter?: number;
}

/** Inspections of a registry that answers every request with one of these, in turn. */
async function registry(...answers: readonly Answer[]) {
  return inspectionsOf({ local: true }, answers);
}

/** The same; `local: false` as at AWS itself, whose answers tell the time. */
async function inspectionsOf({ local }: { readonly local: boolean }, answers: readonly Answer[]) {
  let asked = 0;
  const tokens: unknown[] = [];
  const server = createServer(async (request, response) => {
    tokens.push(((await json(request)) as { nextToken?: string }).nextToken);
    const next: Answer = answers[Math.min(asked, answers.length - 1)] ?? { status: 500, body: {} };
    const text = typeof next.body === 'string' ? next.body : JSON.stringify(next.body);
    asked += 1;
    response.writeHead(next.status, { 'content-type': 'application/x-amz-json-1.1' });
    if (next.cutAfter === undefined) response.end(text);
    else response.write(text.slice(0, next.cutAfter), () => response.socket?.destroy());
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`; // a TCP server that listens has one
  const credentials = async () => ({
    accessKeyId: 'AKIA',
    secretAccessKey: 'not-a-secret',
    sessionToken: 'a-token',
    expiration: new Date('2099-01-01'),
  });
  const base = { region: 'eu-west-1', local, scale: 10_000, userAgent: 'td/test' };
  process.env['AWS_ENDPOINT_URL'] = endpoint;
  const session = {
    target: { account: '000011112222' },
    clock: { now: () => NOW, sleep: async () => {} },
    clientConfig: (_: unknown, attempts?: number) => ({
      ...clientConfig(base, credentials, attempts),
      ...(!local && { endpoint }),
    }),
  };
  return { inspections: ecrInspections(session), asked: () => asked, tokens: () => tokens };
}

const inspected = async (answer: Answer) =>
  (await registry(answer)).inspections.inspect('acme/orders', CHILD);

describe('what a registry says of an inspection', () => {
  it('is asked of Amazon Inspector in our name: a right that is missing there is named', async () => {
    const message =
      'User: arn:aws:sts::000011112222:assumed-role/td-prod-gate/x is not authorized to perform: inspector2:ListFindings';
    const denied = { status: 400, body: { __type: 'AccessDeniedException', message } };
    await expect(inspected(denied)).rejects.toMatchObject({
      code: 'AWS_DENIED',
      message: expect.stringMatching(
        /^AWS denied inspector2:ListFindings, which ecr:DescribeImageScanFindings needs/,
      ),
    });
  });

  it('may be an error that says nothing when that right is missing, and the message says so', async () => {
    const failed = { status: 500, body: { __type: 'ServerException', message: 'unknown' } };
    await expect(inspected(failed)).rejects.toMatchObject({
      code: 'AWS_UNAVAILABLE',
      message: expect.stringContaining('inspector2:ListFindings'),
    });
  });

  it('is no evidence when its pages name each other for ever', async () => {
    const page = (description: string) => ({
      imageScanStatus: { status: 'ACTIVE', description },
      imageScanFindings: { enhancedFindings: [] },
      nextToken: 'a',
    });
    // Reading the first page takes longer than asking for the second.
    const answers = ['long '.repeat(1_000_000), ''].map((text) => ({ status: 200, body: page(text) }));
    const { inspections, asked } = await registry(...answers);
    const { reply } = await inspections.inspect('acme/orders', CHILD);
    expect(reply.torn).toBe('the list of findings broke off');
    expect(asked()).toBe(2);
  });

  it('is about a mode that we know, or nothing is read', async () => {
    const body = {
      scanningConfiguration: { scanType: 'QUANTUM' },
      scanningConfigurations: [{ scanFrequency: 'SCAN_ON_PUSH' }],
    };
    const { inspections } = await registry({ status: 200, body });
    await expect(inspections.mode('acme/orders')).rejects.toMatchObject({
      code: 'AWS_EMPTY_REPLY',
      message: expect.stringContaining('QUANTUM'),
    });
  });

  const row = (name: string) => ({
    name,
    severity: 'HIGH',
    attributes: [{ key: 'package_name', value: 'zlib' }],
  });
  const two = {
    imageScanStatus: { status: 'COMPLETE' },
    imageScanFindings: {
      findings: [row('CVE-2026-1'), row('CVE-2026-2')],
      imageScanCompletedAt: 1_800_000_000.123,
      findingSeverityCounts: { HIGH: 2 },
    },
  };

  it('is dated by the time that AWS told before, and not by the clock of the runner', async () => {
    const { inspections } = await inspectionsOf({ local: false }, [{ status: 200, body: two }]);
    const first = await inspections.inspect('acme/orders', CHILD);
    expect(first.reply).not.toHaveProperty('askedAt');
    const { reply } = await inspections.inspect('acme/orders', CHILD);
    expect(Math.abs((reply.askedAt ?? 0) - Date.now())).toBeLessThan(60_000);
  });

  it('is asked for again when a page breaks off, and the rows that had come count once', async () => {
    const half = { status: 200, body: two, cutAfter: JSON.stringify(two).indexOf('CVE-2026-2') };
    const { inspections, asked } = await registry(half, { status: 200, body: two });
    const { reply, findings } = await inspections.inspect('acme/orders', CHILD);
    expect(reply).toMatchObject({ listed: 2, counted: 2, completedAt: 1_800_000_000_123, kind: 'basic' });
    expect(findings.map(({ vulnerability }) => vulnerability)).toEqual(['CVE-2026-1', 'CVE-2026-2']);
    expect(asked()).toBe(2);
  });

  const pageOf = (names: readonly string[], rest: object) => ({
    status: 200,
    body: {
      ...rest,
      imageScanStatus: { status: 'COMPLETE' },
      imageScanFindings: { findings: names.map(row) },
    },
  });

  it('comes page after page, each asked for by the token of the one before it', async () => {
    const first = pageOf(['CVE-2026-1'], { nextToken: 'page-2' });
    const { inspections, tokens } = await registry(first, pageOf(['CVE-2026-2'], {}));
    const { reply, findings } = await inspections.inspect('acme/orders', CHILD);
    expect(reply).toMatchObject({ listed: 2 });
    expect(reply).not.toHaveProperty('torn');
    expect(findings.map(({ vulnerability }) => vulnerability)).toEqual(['CVE-2026-1', 'CVE-2026-2']);
    expect(tokens()).toEqual([undefined, 'page-2']);
  });

  it.each<[string, string | object, string]>([
    ['no JSON', JSON.stringify(two).replace('"HIGH"', '~'), 'AWS_UNKNOWN_OUTCOME'],
    [
      'no object',
      { ...two, imageScanFindings: { findings: [row('CVE-2026-1'), null] } },
      'AWS_UNKNOWN_OUTCOME',
    ],
  ])('is not known when a row of it is %s', async (_, body, code) => {
    const { inspections, asked } = await registry({ status: 200, body });
    await expect(inspections.inspect('acme/orders', CHILD)).rejects.toMatchObject({ code });
    expect(asked()).toBe(1);
  });

  it.each([
    ['LimitExceededException', 1],
    ['ThrottlingException', 2],
  ])('is started with %s in %d requests', async (name, requests) => {
    const refused = { status: 400, body: { __type: name, message: 'no' } };
    const { inspections, asked } = await registry(refused, { status: 200, body: {} });
    expect(await inspections.start?.('acme/orders', CHILD.digest)).toBeUndefined();
    expect(asked()).toBe(requests);
  });
});
