import { claimsOn } from '@tenant-delivery/cli/demo/claims';
import { firstDelivery } from '@tenant-delivery/cli/demo/first-delivery';
import { ORDERS, stageOn } from '@tenant-delivery/cli/demo/stage';
import { terminalOf } from '@tenant-delivery/cli/terminal/terminal';
import { ecrState } from '@tenant-delivery/local-aws/services/ecr';
import { type StartProcess, startProcess } from '@tenant-delivery/local-github/runner/step/start-process';
import { startLocalPlatform } from '@tenant-delivery/local-platform';
import { type Figure, median, round } from './figure.ts';

const SCALE = 30;
const RUNS = 3;

/** The build step of a commit that was delivered before, as a process of its own. */
export async function unchangedBuild(): Promise<Figure> {
  const took: number[] = [];
  const said: string[] = [];
  const startAction: StartProcess = async (start) => {
    if (!start.command.some((part) => part.endsWith('/build-and-scan-image.mjs'))) return startProcess(start);
    const onLine = (line: string) => {
      said.push(line);
      start.onLine(line);
    };
    const begun = performance.now();
    const end = await startProcess({ ...start, onLine });
    took.push(performance.now() - begun);
    return end;
  };
  const platform = await startLocalPlatform({ scale: SCALE, startAction });
  try {
    const terminal = terminalOf({
      cwd: '.',
      env: {},
      out: () => {},
      err: () => {},
      interrupted: new AbortController().signal,
    });
    const stage = stageOn(platform, terminal, claimsOn(terminal));
    const { manifests } = repositoryOf(platform.aws.world);
    await firstDelivery(stage);
    const held = Object.keys(manifests).length;
    took.length = 0;
    said.length = 0;
    for (let run = 0; run < RUNS; run += 1) await stage.deliver();
    const built = said.filter((line) => line.startsWith('::group::Build') || line.includes('blobs uploaded'));
    if (took.length !== RUNS || built.length > 0 || Object.keys(manifests).length !== held)
      throw new Error(`an unchanged source was built or pushed: ${built.join('; ')}`);
  } finally {
    await platform.close();
  }
  return {
    bench: 'builds',
    figure: 'the build step of an unchanged source, no build and no push',
    value: round(median(took) / 1000),
    unit: 's',
    target: 1.5,
  };
}

function repositoryOf(world: Parameters<typeof ecrState>[0]) {
  const repository = ecrState(world, ORDERS.account, ORDERS.region).repositories['acme/orders'];
  if (!repository) throw new Error('there is no repository acme/orders');
  return repository;
}
