import type { Outcome } from '@tenant-delivery/action-kit/main';
import type { DeploymentReport } from '@tenant-delivery/deployment/follow/deployment-report';
import { canonicalJson } from '@tenant-delivery/domain';
import { digestOf } from '@tenant-delivery/vault/objects';
import type { DeployPorts } from '../deploy-world.ts';
import type { Preflight } from '../preflight/preflight.ts';
import { outcomeOf, tellFirst } from '../report/deploy-outcome.ts';
import { reportOf, type Subject } from '../report/deployment-record.ts';
import { assertResumable, causesIn, type DeployResult, deploy, zonesIn } from './deploy.ts';
import type { DeployOptions } from './deploy-options.ts';
import { type RetentionOptions, retain } from './retain.ts';
import type { StartDecision } from './start-decision.ts';

/** Keeps in the record of a change what a deploy does. A service without a contract has no record. */
export interface Recorder {
  /** That it begins, before anything is changed. */
  begin(preflight: Preflight | undefined): Promise<void>;
  /** What a failure before that is thrown as. Nothing was begun, so nobody is kept away. */
  notBegun(thrown: unknown): Promise<unknown>;
  /** What a failure on the way is thrown as. */
  interrupted(thrown: unknown): Promise<unknown>;
  /** How it ended. */
  end(report: DeploymentReport, rolledBack: boolean): Promise<void>;
}

/** One deploy. With and without a contract it goes the same road; these are the steps that differ. */
export interface DeployStory {
  readonly options: DeployOptions;
  readonly subject: Subject;
  readonly startedAt: number;
  readonly retention: RetentionOptions;
  readonly recorder: Recorder | undefined;
  decide(): Promise<StartDecision>;
  /** Looks at all that the update needs, and throws what stops it. */
  preflight(decision: Extract<StartDecision, { kind: 'update' }>): Promise<Preflight>;
  /** Proves that a service is well which runs what is wanted already. */
  assertWell(): Promise<void>;
}

/** Does what was decided, follows it to its end, and leaves the service safe. */
export async function runDeploy(ports: DeployPorts, story: DeployStory): Promise<Outcome> {
  const { runner } = ports;
  const { options, recorder, retention } = story;
  const deployed = await runner.group('Deploy, and follow this deployment to its end', async () => {
    const { decision, preflight } = await orElse(() => startOf(story), recorder?.notBegun);
    await recorder?.begin(preflight);
    return orElse(() => deploy(ports, options, decision), recorder?.interrupted);
  });
  const report = await reportFor(ports, story, deployed);
  const outcome = outcomeOf(ports, report, recorder && digestOf(canonicalJson(report)));
  const told = runner.cancelled.aborted ? tellFirst(runner, outcome) : outcome;
  await recorder?.end(report, deployed.ended?.ending.rolledBack ?? false);
  if (report.outcome === 'deployed' && !runner.cancelled.aborted) await retain(ports, options, retention);
  return told;
}

async function startOf(story: DeployStory) {
  const decision = await story.decide();
  assertResumable(decision, story.options.resume);
  if (decision.kind === 'unchanged') await story.assertWell();
  return { decision, preflight: decision.kind === 'update' ? await story.preflight(decision) : undefined };
}

async function orElse<T>(work: () => Promise<T>, told: Recorder['notBegun'] | undefined): Promise<T> {
  return work().catch(async (thrown: unknown) => {
    throw told ? await told(thrown) : thrown;
  });
}

async function reportFor(
  ports: DeployPorts,
  { options, subject, startedAt }: DeployStory,
  deployed: DeployResult,
): Promise<DeploymentReport> {
  const causes = await causesIn(ports, deployed);
  const zones = await zonesIn(ports.services, options.ref, deployed);
  return reportOf({ subject, deployed, causes, zones, startedAt, finishedAt: ports.clock.now() });
}
