import { DescribeServiceDeploymentsCommand, ECSClient } from '@aws-sdk/client-ecs';
import { claimsOn } from '@tenant-delivery/cli/demo/claims';
import { firstDelivery } from '@tenant-delivery/cli/demo/first-delivery';
import { ORDERS, stageOn } from '@tenant-delivery/cli/demo/stage';
import { terminalOf } from '@tenant-delivery/cli/terminal/terminal';
import { type LocalPlatform, startLocalPlatform } from '@tenant-delivery/local-platform';
import { type Figure, round } from './figure.ts';

const SCALE = 30;

/** The same commit twice, and how late the action notices that a rollout is over. */
export async function delivery(): Promise<readonly Figure[]> {
  const platform = await startLocalPlatform({ scale: SCALE });
  try {
    const terminal = terminalOf({
      cwd: '.',
      env: {},
      out: () => {},
      err: () => {},
      interrupted: new AbortController().signal,
    });
    const stage = stageOn(platform, terminal, claimsOn(terminal));
    const first = await firstDelivery(stage);
    const again = await stage.deliver();
    if (first.outcome !== 'closed' || again.outcome !== 'unchanged')
      throw new Error(`the deliveries ended ${first.outcome} and ${again.outcome}`);
    const report = await stage.document(first.change, 'report');
    const noticed = Date.parse(String(report['finishedAt']));
    const finished = await finishedAt(platform, String(report['serviceDeployment']));
    return [
      {
        bench: 'delivery',
        figure: 'an unchanged delivery / the first',
        value: round(again.took / first.took),
        unit: 'ratio',
        target: 0.33,
      },
      {
        bench: 'delivery',
        figure: 'rollout over to noticed, by the clock of the service',
        value: round((noticed - finished) / 1000),
        unit: 's',
        target: 5,
      },
    ];
  } finally {
    await platform.close();
  }
}

/** When ECS says that the rollout was over, asked as an operator. */
async function finishedAt(platform: LocalPlatform, serviceDeployment: string): Promise<number> {
  const operator = platform.tenants[ORDERS.tenant]?.operator;
  if (!operator) throw new Error(`there is no tenant ${ORDERS.tenant}`);
  const ecs = new ECSClient({ region: ORDERS.region, endpoint: platform.aws.url, credentials: operator });
  const answer = await ecs.send(
    new DescribeServiceDeploymentsCommand({ serviceDeploymentArns: [serviceDeployment] }),
  );
  const at = answer.serviceDeployments?.[0]?.finishedAt;
  if (!at) throw new Error(`${serviceDeployment} has not finished`);
  return at.getTime();
}
