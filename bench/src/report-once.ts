import { subscribe } from 'node:diagnostics_channel';
import { reportReads } from '@tenant-delivery/aws/credentials/report-reads';
import { s3Vault } from '@tenant-delivery/aws/s3/vault';
import { clientConfig } from '@tenant-delivery/aws/session/client-config';
import type { Session } from '@tenant-delivery/aws/session/session';
import type { ReportedCredential } from '@tenant-delivery/credentials/report/credentials';
import { countsOf } from '@tenant-delivery/credentials/report/render-json';
import { reportCredentials } from '@tenant-delivery/credentials/report/report-credentials';
import { repositoryDeployKeys } from '@tenant-delivery/github/keys/repository-deploy-keys';
import { Secret } from '@tenant-delivery/rotation/secret';

/** What the bench hands over: where to ask, as whom, and about which credentials. */
export interface Reporting {
  readonly url: string;
  readonly key: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly account: string;
  readonly region: string;
  readonly bucket: string;
  /** The base of GitHub's API. */
  readonly github: string;
  readonly app: { readonly id: number; readonly privateKey: string };
  readonly credentials: readonly ReportedCredential[];
}

/** One report, from the first request to the last row. */
export interface Reported {
  readonly milliseconds: number;
  /** Of the processor, which others may share. */
  readonly busy: number;
  /** The most calls that were under way at once. */
  readonly most: number;
  readonly states: Readonly<Record<string, number>>;
}

async function report(work: Reporting): Promise<Reported> {
  const { account, region, bucket } = work;
  const credentials = async () => ({ ...work.key, sessionToken: '', expiration: new Date('2099-01-01') });
  const base = { region, local: true, scale: 1, userAgent: 'bench' };
  const clock = {
    now: () => Date.now(),
    sleep: (milliseconds: number) => new Promise<void>((resolve) => void setTimeout(resolve, milliseconds)),
  };
  const session = {
    clock,
    clientConfig: (_: unknown, attempts?: number) => clientConfig(base, credentials, attempts),
  } as unknown as Session; // all that reading asks of it
  const { paced, pace, time, ...reads } = reportReads(session);
  const masker = { mask: () => {} };
  const repositories = work.credentials.flatMap((one) =>
    one.kind === 'github-deploy-key' ? one.repository : [],
  );
  const app = { id: work.app.id, key: async () => Secret.born(work.app.privateKey, 'app', masker) };
  const around = { apiUrl: work.github, clock, masker, pace, cancelled: new AbortController().signal };
  const place = {
    tenant: 'acme',
    environment: 'prod',
    account,
    region,
    owner: ['sre-gold'],
    appKey: undefined,
  };
  const inFlight = counting();
  const started = performance.now();
  const before = process.cpuUsage();
  const told = await reportCredentials(
    { ...place, credentials: work.credentials },
    {
      ...reads,
      time,
      account,
      environment: 'prod',
      clean: (text) => text,
      vault: s3Vault(paced.clientConfig('report'), bucket, account),
      deployKeys: repositoryDeployKeys(app, repositories, around),
    },
  );
  const { user, system } = process.cpuUsage(before);
  return {
    milliseconds: performance.now() - started,
    busy: (user + system) / 1000,
    most: inFlight.most(),
    states: countsOf(told),
  };
}

/** Counts requests that are on the wire, by Node's own word: those of node:http, and those of fetch. */
function counting() {
  let under = 0;
  let most = 0;
  for (const channel of ['http.client.request.start', 'undici:request:create'])
    subscribe(channel, () => {
      under += 1;
      most = Math.max(most, under);
    });
  for (const channel of ['http.client.response.finish', 'undici:request:trailers'])
    subscribe(channel, () => {
      under -= 1;
    });
  return { most: () => most };
}

process.stdout.write(JSON.stringify(await report(JSON.parse(process.env['WORK'] ?? '') as Reporting))); // by credentials.ts
