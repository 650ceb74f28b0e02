import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { userNamed } from '@tenant-delivery/local-github/world/user';
import { startLocalPlatform } from '@tenant-delivery/local-platform';
import { ruleBranches } from '@tenant-delivery/local-platform/branch-rules';
import { root } from '@tenant-delivery/local-platform/provider-repository';
import { answeringAgain } from './answering-again.ts';
import { type Figure, median, round } from './figure.ts';
import { timeCommand } from './spawned.ts';

const LATENCY = 100; // milliseconds until AWS answers
const RUNS = 3;

/** The whole process of `tenant-delivery doctor` for one tenant, when each answer of AWS takes its time. */
export async function doctor(): Promise<readonly Figure[]> {
  const platform = await startLocalPlatform();
  const slow = await answeringAgain(platform.aws.url, LATENCY);
  try {
    const { folder, github, tenants } = platform;
    const { contract, operator } = tenants['acme'] ?? {};
    if (!contract || !operator) throw new Error('acme was not set up');
    ruleBranches(github, contract);
    const file = join(folder, 'acme.yaml');
    writeFileSync(file, JSON.stringify(contract));
    const env = {
      HOME: folder,
      AWS_ENDPOINT_URL: slow.url,
      AWS_ACCESS_KEY_ID: operator.accessKeyId,
      AWS_SECRET_ACCESS_KEY: operator.secretAccessKey,
      GITHUB_API_URL: github.apiUrl,
      GITHUB_TOKEN: userNamed(github.world, 'sre-kim').token,
    };
    const words = ['doctor', file, '--trust', join(folder, 'trust.json')];
    const command = [join(root, 'packages/cli/bin/tenant-delivery.mjs'), ...words];
    const took: number[] = [];
    for (let run = 0; run < RUNS; run += 1)
      took.push(await timeCommand(process.execPath, command, folder, env)); // it fails unless all is ok
    const about = { bench: 'doctor' };
    return [
      {
        ...about,
        figure: `doctor of one tenant at ${LATENCY} ms a call, ${slow.asked() / RUNS} calls`,
        value: round(median(took) / 1000),
        unit: 's',
        target: 5,
      },
      {
        ...about,
        figure: 'calls of doctor under way at once',
        value: slow.most(),
        unit: 'calls',
        target: 60,
      },
    ];
  } finally {
    slow.close();
    await platform.close();
  }
}
