import { reportFolderIn } from '@tenant-delivery/action-kit/report-folder';
import type { Runner } from '@tenant-delivery/action-kit/runner';
import { keepHeapSmall } from '@tenant-delivery/action-kit/small-heap';
import { ecrLifecycle } from '@tenant-delivery/aws/ecr/lifecycle';
import { ecrInspections } from '@tenant-delivery/aws/ecr/scan-findings';
import { ecsServices } from '@tenant-delivery/aws/ecs/services';
import { inspectorEnrichment } from '@tenant-delivery/aws/inspector/enrichment';
import { openAdmissionWorld } from '@tenant-delivery/aws/session/delivery-world';
import type { Session } from '@tenant-delivery/aws/session/session';
import { issues } from '@tenant-delivery/github/issues/issues';
import { githubClient } from '@tenant-delivery/github/session/github-client';
import type { ReGateInputs } from '../inputs.ts';
import type { ReGateWorld } from './ports.ts';

const ROLE = 'read';

keepHeapSmall();

/** Reads by the read role; the issue is kept with the job's token. */
export async function openReGate(
  runner: Runner,
  env: NodeJS.ProcessEnv,
  given: ReGateInputs,
  session: Session,
): Promise<ReGateWorld> {
  const world = await openAdmissionWorld(runner, env, session, ROLE);
  const { start: _, ...inspections } = ecrInspections(session, ROLE);
  return {
    ...world,
    services: ecsServices(session, ROLE),
    lifecycle: ecrLifecycle(session, ROLE),
    inspections,
    enrichment: inspectorEnrichment(session, ROLE),
    reports: reportFolderIn(runner.context.temp, 'td-gate-'),
    issues: async () => {
      const token = given['github-token'] ?? '';
      return issues(await githubClient(runner.context.apiUrl, token, session.clock, runner.cancelled));
    },
  };
}
