import { reportFolderIn } from '@tenant-delivery/action-kit/report-folder';
import type { Runner } from '@tenant-delivery/action-kit/runner';
import { keepHeapSmall } from '@tenant-delivery/action-kit/small-heap';
import { workspaceAt } from '@tenant-delivery/action-kit/workspace';
import { ecrRepository } from '@tenant-delivery/aws/ecr/repository';
import { ecrInspections } from '@tenant-delivery/aws/ecr/scan-findings';
import { inspectorEnrichment } from '@tenant-delivery/aws/inspector/enrichment';
import { openDeliveryWorld } from '@tenant-delivery/aws/session/delivery-world';
import type { Session } from '@tenant-delivery/aws/session/session';
import { pullRequestComments } from '@tenant-delivery/github/issues/pull-request-comments';
import { githubClient } from '@tenant-delivery/github/session/github-client';
import type { AloneWorld, World } from './gate-world.ts';
import type { AloneInputs } from './inputs.ts';

const FOLDER = 'td-gate-';

keepHeapSmall();

/** The gate's role reads the registry and signs with the gate's key; nothing here can change an image. */
export async function openWorld(runner: Runner, env: NodeJS.ProcessEnv, session: Session): Promise<World> {
  const delivery = await openDeliveryWorld(runner, env, session, 'gate');
  return {
    ...delivery,
    inspections: ecrInspections(session),
    enrichment: inspectorEnrichment(session),
    reports: reportFolderIn(runner.context.temp, FOLDER),
    workspace: workspaceAt(runner.context.workspace),
  };
}

/** With the credentials that the job has. There is no key, and nothing to sign. */
export async function openAlone(
  runner: Runner,
  env: NodeJS.ProcessEnv,
  given: Pick<AloneInputs, 'account' | 'region' | 'github-token'>,
): Promise<AloneWorld> {
  const { ambientSession } = await import('@tenant-delivery/aws/session/ambient-session'); // which a delivery never loads
  const session = await ambientSession(runner, env, given);
  const { identity, region, local, clock } = session;
  const asking = { clientConfig: session.clientConfig, clock, target: identity };
  return {
    runner,
    clock,
    identity,
    region,
    local,
    workspace: workspaceAt(runner.context.workspace),
    repositories: ecrRepository(session, 'gate'),
    comments: async () => {
      const token = given['github-token'] ?? '';
      return pullRequestComments(await githubClient(runner.context.apiUrl, token, clock, runner.cancelled));
    },
    inspections: ecrInspections(asking),
    enrichment: inspectorEnrichment(asking),
    reports: reportFolderIn(runner.context.temp, FOLDER),
  };
}
