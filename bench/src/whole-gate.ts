import { join } from 'node:path';
import { claimsOn } from '@tenant-delivery/cli/demo/claims';
import { ORDERS, stageOn } from '@tenant-delivery/cli/demo/stage';
import { terminalOf } from '@tenant-delivery/cli/terminal/terminal';
import type { LocalAws } from '@tenant-delivery/local-aws';
import { ecrState, scriptCoverage, scriptScan, seedScanning } from '@tenant-delivery/local-aws/services/ecr';
import { type StartProcess, startProcess } from '@tenant-delivery/local-github/runner/step/start-process';
import { startLocalPlatform } from '@tenant-delivery/local-platform';
import { answeringAgain, PAGES_OF_FINDINGS } from './answering-again.ts';
import { type Figure, median, round } from './figure.ts';
import { scanOf } from './many-findings.ts';
import { spentIn, tellSpent } from './spent.ts';

const OLD = 2 * 60_000; // milliseconds since the scan was over
const RUNS = 3; // measured; one before them warms the caches of files
const GATE = 'gate-on-ecr-findings';
const SCALE = 30; // the rest of a delivery is not what is measured
const HOUR = 3_600_000; // milliseconds

/** The whole gate as its process: from its start, over contract, change, findings and verdict, to the last report. */
export async function gate(): Promise<readonly Figure[]> {
  const figures: Figure[] = [];
  for (const [latency, target] of [
    [50, 4],
    [200, 6],
  ] as const) {
    const [, ...runs] = await gateRuns(10_000, { latency, runs: RUNS + 1 });
    figures.push({
      bench: 'gate',
      figure: `the whole gate on 10,000 findings of a scan of two minutes ago, ${latency} ms a call`,
      value: round(median(runs.map(({ milliseconds }) => milliseconds)) / 1000),
      unit: 's',
      target,
    });
  }
  return figures;
}

/** One run of the gate's process in a delivery, from its start to its end. */
interface GateRun {
  readonly milliseconds: number;
  /** Milliseconds of processor time. */
  readonly processor: number;
  /** Requests to AWS. */
  readonly calls: number;
}

/**
 * Delivers `runs` times, and answers what the gate took each time. The image has so many findings of an older scan, and each
 * call of the gate takes `latency` milliseconds.
 */
export async function gateRuns(
  findings: number,
  { latency, runs }: { readonly latency: number; readonly runs: number },
): Promise<readonly GateRun[]> {
  const taken: GateRun[] = [];
  let startGate: StartProcess = startProcess;
  const platform = await startLocalPlatform({
    runtime: 'simulated',
    scale: SCALE,
    startAction: (start) => (start.command.join(' ').includes(GATE) ? startGate(start) : startProcess(start)),
  });
  const { aws } = platform;
  const again = await answeringAgain(aws.url, latency, PAGES_OF_FINDINGS);
  try {
    seedScanning(aws.world, ORDERS.account, ORDERS.region, 'ENHANCED', 'CONTINUOUS_SCAN');
    startGate = async (start) => {
      playScan(aws, findings);
      const before = again.asked();
      const spent = join(platform.folder, `spent-${taken.length}`);
      const env = { ...start.env, AWS_ENDPOINT_URL: again.url, ...tellSpent(spent) };
      const started = performance.now();
      const end = await startProcess({ ...start, env });
      const milliseconds = performance.now() - started;
      taken.push({ milliseconds, processor: spentIn(spent), calls: again.asked() - before });
      return end;
    };
    const terminal = terminalOf({
      cwd: '.',
      env: {},
      out: () => {},
      err: () => {},
      interrupted: new AbortController().signal,
    });
    const stage = stageOn(platform, terminal, claimsOn(terminal));
    for (let run = 0; run < runs; run += 1) {
      const { result } = await stage.deliver();
      if (taken.length !== run + 1) throw new Error(result.jobs.map(({ log }) => log).join('\n'));
    }
    return taken;
  } finally {
    again.close();
    await platform.close();
  }
}

/** Has every image of the service an hour old, and scanned OLD milliseconds ago. */
function playScan({ world, clock }: LocalAws, findings: number): void {
  const { account, region } = ORDERS;
  const { manifests = {} } = ecrState(world, account, region).repositories['acme/orders'] ?? {};
  const lastScannedAt = clock.now() - OLD;
  for (const [digest, manifest] of Object.entries(manifests)) {
    manifests[digest] = { ...manifest, pushedAt: Math.min(manifest.pushedAt, clock.now() - HOUR) };
    const image = { account, region, repository: 'acme/orders', digest };
    scriptScan(world, account, digest, [scanOf(image, findings, 0, lastScannedAt)]);
    scriptCoverage(world, account, digest, [
      { kind: 'covered', statusCode: 'ACTIVE', reason: 'SUCCESSFUL', lastScannedAt },
    ]);
  }
}
