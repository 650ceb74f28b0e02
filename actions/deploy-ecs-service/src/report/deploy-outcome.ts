import type { Outcome } from '@tenant-delivery/action-kit/main';
import { folded } from '@tenant-delivery/action-kit/markdown';
import type { Runner } from '@tenant-delivery/action-kit/runner';
import type { ChangeHandle } from '@tenant-delivery/delivery/change';
import type { DeploymentReport } from '@tenant-delivery/deployment/follow/deployment-report';
import type { Digest } from '@tenant-delivery/domain';
import type { DeployPorts } from '../deploy-world.ts';
import { isBad, reasonOf } from './deployment-record.ts';
import { deployHeadline, deployRemedy, deploySummary } from './summary.ts';

/** An earlier attempt of this job has finished; its report is handed on again. */
export function deployedBefore(runner: Runner, change: ChangeHandle): Outcome {
  const report = change.evidence('report') ?? '';
  const headline = `${change.id} was deployed and verified before; nothing to do.`;
  runner.output('plan', change.evidence('plan') ?? '');
  runner.output('needs-approval', 'false');
  runner.output('report', report);
  return {
    outcome: 'unchanged',
    reasonCode: 'OK',
    ok: true,
    headline,
    facts: { change: change.id, report },
    summary: folded('Deployed before', headline),
  };
}

/** Sets the outputs of a deploy and says how it ended. */
export function outcomeOf(
  { runner, local }: Pick<DeployPorts, 'runner' | 'local'>,
  report: DeploymentReport,
  digest: Digest | undefined,
): Outcome {
  const ok = !isBad(report.outcome);
  runner.output('plan', report.plan ?? '');
  runner.output('needs-approval', 'false');
  runner.output('revision', report.taskDefinition);
  runner.output('report', digest ?? '');
  const pause = report.followed?.pause;
  // Until its expiry anybody who may can end the pause; from then on ECS has acted by itself.
  runner.output('hook', pause?.hook ?? '');
  runner.output('next-eligible-at', pause?.expiresAt ?? '');
  return {
    outcome: report.outcome,
    reasonCode: reasonOf(report),
    ok,
    headline: deployHeadline(report),
    ...(!ok && { remedy: deployRemedy(report) }),
    facts: {
      change: report.change,
      plan: report.plan,
      report: digest ?? null,
      image: report.image,
      taskDefinition: report.taskDefinition,
      serviceDeployment: report.serviceDeployment,
      ...(pause && { pause }),
      causes: report.causes.map(({ class: name, count, exitCode }) => ({ class: name, count, exitCode })),
    },
    summary: deploySummary(report, { local }),
  };
}

/** A cancelled job may be killed while it records; outputs and summary say before that what it leaves behind. */
export function tellFirst(runner: Runner, told: Outcome): Outcome {
  const { outcome, reasonCode, facts, summary } = told;
  const result = { schemaVersion: 1, action: 'deploy-ecs-service', outcome, reasonCode, ...facts };
  runner.output('outcome', outcome);
  runner.output('reason-code', reasonCode);
  runner.output('result', JSON.stringify(result));
  runner.summary(summary);
  return { ...told, summary: '' };
}
