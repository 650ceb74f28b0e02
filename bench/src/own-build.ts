import { readFileSync } from 'node:fs';
import { ownBuilder } from '@tenant-delivery/oci/own/builder';
import { registryClient } from '@tenant-delivery/oci/registry/client';
import { pushLayout } from '@tenant-delivery/oci/registry/push';

/** What is built, and where it goes. */
export interface OwnBuild {
  readonly url: string;
  readonly credentials: { readonly username: string; readonly password: string };
  readonly context: string;
  readonly output: string;
  readonly repository: string;
  readonly tag: string;
  readonly mountFrom: readonly string[];
}

/** What the process that built has cost, printed as JSON. */
export interface OwnBuildCost {
  /** Milliseconds of processor time. */
  readonly processor: number;
  /** The most memory that it had, in megabytes. */
  readonly memory: number;
}

const order = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as OwnBuild; // written by the bench
const { url, credentials, context, output, repository, tag, mountFrom } = order;
const clock = { now: () => Date.now(), sleep: async () => {} };
const registry = registryClient({ url, credentials, fetch, clock });
const { layout } = await ownBuilder(registry).build({
  context,
  dockerfile: 'Dockerfile',
  platforms: ['linux/amd64'],
  buildArgs: { REGISTRY: registry.host },
  base: [],
  labels: {},
  epoch: 0,
  output,
});
const from = mountFrom.map((name) => ({ repository: name }));
await pushLayout(registry, layout, { repository, tag, mountFrom: from });
const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
const cost: OwnBuildCost = { processor: (userCPUTime + systemCPUTime) / 1000, memory: (maxRSS * 1024) / 1e6 };
console.log(JSON.stringify(cost));
