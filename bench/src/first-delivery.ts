import { claimsOn } from '@tenant-delivery/cli/demo/claims';
import { stageOn } from '@tenant-delivery/cli/demo/stage';
import { terminalOf } from '@tenant-delivery/cli/terminal/terminal';
import { startLocalPlatform } from '@tenant-delivery/local-platform';
import { answeringAgain } from './answering-again.ts';
import { type Figure, round } from './figure.ts';

const SCALE = 30;
const LATENCY = 50; // milliseconds until AWS answers

/**
 * What a first delivery asks of AWS, and how long its actions take when each answer takes its time. Its tasks are simulated:
 * following asks for as long as a rollout lasts, and at this scale a real task on a busy machine starts minutes later.
 */
export async function firstDelivery(): Promise<readonly Figure[]> {
  const platform = await startLocalPlatform({ scale: SCALE, runtime: 'simulated' });
  const slow = await answeringAgain(platform.aws.url, LATENCY);
  try {
    const silent = {
      cwd: '.',
      env: {},
      out: () => {},
      err: () => {},
      interrupted: new AbortController().signal,
    };
    const terminal = terminalOf(silent);
    const runnerEnv = Object.fromEntries(
      Object.entries(platform.runnerEnv).map(([name, value]) => [
        name,
        value.replaceAll(platform.aws.url, slow.url),
      ]),
    );
    const stage = stageOn({ ...platform, runnerEnv }, terminal, claimsOn(terminal));
    const took = stopwatch();
    const { outcome } = await stage.run({
      repository: 'acme/orders',
      workflow: '.github/workflows/deliver.yml',
      ref: 'refs/heads/main',
      event: 'push',
      actor: 'dev-ana',
      approveAs: 'lead-ben',
      onEvent: (event) => {
        if (event.kind === 'step-started' || event.kind === 'step-finished')
          took.hear(event.kind, JSON.stringify(event.job), event.step.name);
      },
    });
    if (outcome !== 'closed') throw new Error(`the delivery ended ${outcome}`);
    const about = { bench: 'first-delivery' };
    return [
      { ...about, figure: 'a first delivery: calls to AWS', value: slow.asked(), unit: 'calls', target: 200 },
      {
        ...about,
        figure: `a first delivery: its actions' own time at ${LATENCY} ms a call`,
        value: round(took.ofActions() / 1000),
        unit: 's',
        target: 12,
      },
    ];
  } finally {
    slow.close();
    await platform.close();
  }
}

/** Steps that are no action of this repository: what GitHub and others do around them. */
const OTHERS = /^(Set up|Complete|Post|Run actions\/|Keep)/;

function stopwatch() {
  const begun = new Map<string, number>();
  let sum = 0;
  return {
    hear(kind: 'step-started' | 'step-finished', job: string, step: string): void {
      if (OTHERS.test(step)) return;
      const key = `${job} ${step}`;
      if (kind === 'step-started') begun.set(key, performance.now());
      else sum += performance.now() - (begun.get(key) ?? Number.NaN);
    },
    /** Milliseconds, the steps of all jobs together. */
    ofActions: () => sum,
  };
}
