import { Failure } from '@tenant-delivery/action-kit/failure';
import { reportFolderIn } from '@tenant-delivery/action-kit/report-folder';
import type { Runner } from '@tenant-delivery/action-kit/runner';
import { backupJobs } from '@tenant-delivery/aws/backup/backup-jobs';
import { backupReader } from '@tenant-delivery/aws/backup/backup-reader';
import { copyReader } from '@tenant-delivery/aws/backup/copy-reader';
import { existingResources } from '@tenant-delivery/aws/cloudcontrol/existing-resources';
import { stackExecutor } from '@tenant-delivery/aws/cloudformation/stack-executor';
import { stackPlanner } from '@tenant-delivery/aws/cloudformation/stack-planner';
import { resourceTrail } from '@tenant-delivery/aws/cloudtrail/resource-trail';
import { cloudwatchAlarms } from '@tenant-delivery/aws/cloudwatch/alarms';
import { appKey } from '@tenant-delivery/aws/credentials/app-key';
import { tunnelReader } from '@tenant-delivery/aws/ec2/tunnel-reader';
import { zoneReader } from '@tenant-delivery/aws/ec2/zone-reader';
import { ecsServices } from '@tenant-delivery/aws/ecs/services';
import { balancerProtection } from '@tenant-delivery/aws/elb/balancer-protection';
import { elbv2Targets } from '@tenant-delivery/aws/elb/targets';
import { preflightReader } from '@tenant-delivery/aws/preflight/preflight-reader';
import { openAdmissionWorld, openDeliveryWorld } from '@tenant-delivery/aws/session/delivery-world';
import type { Session } from '@tenant-delivery/aws/session/session';
import type { Role } from '@tenant-delivery/domain';
import { workflowRuns } from '@tenant-delivery/github/actions/workflow-runs';
import { installationToken } from '@tenant-delivery/github/app/app-token';
import { readingApp } from '@tenant-delivery/github/app/reading-app';
import { issues } from '@tenant-delivery/github/issues/issues';
import {
  repositoryAdministration,
  settingsReader,
} from '@tenant-delivery/github/repositories/repository-administration';
import { githubClient } from '@tenant-delivery/github/session/github-client';
import type { RepositorySettings, SettingsReader } from '@tenant-delivery/provisioning/github/ports';
import { redaction } from '@tenant-delivery/rotation/redaction';
import { Secret } from '@tenant-delivery/rotation/secret';
import { NO_APP } from './github/observe-github.ts';
import { type ProvisionInputs, ROLE_OF } from './inputs.ts';
import type { SettingsAt, World } from './ports.ts';

/** Rights that nobody gave the App: a person sets what it may not. Everything else that fails is a failure. */
const NOT_GIVEN = ['GITHUB_APP_NOT_INSTALLED', 'GITHUB_APP_LACKS_PERMISSIONS', 'AWS_DENIED'];

/** One role does all that a mode does: it asks CloudFormation, signs, and writes its own changes into the vault. */
export function openWorld(
  runner: Runner,
  env: NodeJS.ProcessEnv,
  given: ProvisionInputs,
  session: Session,
): World {
  const role = ROLE_OF[given.mode];
  const github = () =>
    githubClient(runner.context.apiUrl, given['github-token'], session.clock, runner.cancelled);
  const recording = () => openDeliveryWorld(runner, env, session, 'provision', { signs: role, writes: role });
  const stacks = (region: string) => stackPlanner(session, role, region);
  const alarms = (region: string) => cloudwatchAlarms(session, role, region);
  const copies = copyReader(session, role);
  const settings = settingsAt(runner, session, role);
  const verifying = async () => ({
    ...(await recording()),
    alarms,
    copies,
    services: ecsServices(session, role),
    targets: elbv2Targets(session, role),
    surroundings: preflightReader(session, role),
    tunnels: tunnelReader(session, role),
  });
  return {
    runner,
    plan: async () => ({
      ...(await recording()),
      stacks,
      alarms,
      copies,
      existing: (region) => existingResources(session, role, region),
      settings,
      services: ecsServices(session, role),
      backups: backupReader(session, role),
      zones: zoneReader(session, role),
    }),
    settle: async () => ({
      ...(await recording()),
      stacks,
      runs: async () => workflowRuns(await github()),
    }),
    apply: async () => ({
      ...(await verifying()),
      stacks: (region) => stackExecutor(session, role, region),
      balancers: balancerProtection(session, role),
      backups: backupJobs(session, role),
      settings,
    }),
    verify: async () => ({
      ...(await verifying()),
      stacks,
      settings: settingsSeen(runner, session, given) ?? (async () => ({ byHand: NO_APP })),
    }),
    observe: async () => ({
      ...(await openAdmissionWorld(runner, env, session, role)),
      stacks,
      alarms,
      copies,
      trail: (region) => resourceTrail(session.clientConfig(role), region),
      settings: settingsSeen(runner, session, given),
      issues: async () => issues(await github()),
      reports: reportFolderIn(runner.context.temp, 'td-drift-'),
    }),
  };
}

/** As an App that may only read, whose key the operations repository has: no role that looks reads the key of the contract's App. */
function settingsSeen(
  runner: Runner,
  { clock }: Session,
  { 'reader-app-id': id, 'reader-app-key': key }: ProvisionInputs,
): SettingsAt<SettingsReader> | undefined {
  if (id === undefined || key === undefined) return undefined;
  const masker = redaction(runner);
  const clientFor = (token: string) => githubClient(runner.context.apiUrl, token, clock, runner.cancelled);
  const app = { id, privateKey: Secret.born(key, `app ${id}`, masker) };
  const clientOf = readingApp(app, { clientFor, clock, masker });
  return async (_, repository) => settingsReader(await clientOf(repository));
}

/** As the App of the contract, with a token for one repository: one that only looks, unless the role executes. */
function settingsAt(runner: Runner, session: Session, role: Role): SettingsAt<RepositorySettings> {
  const { clock } = session;
  const masker = redaction(runner);
  const clientFor = (token: string) => githubClient(runner.context.apiUrl, token, clock, runner.cancelled);
  const permissions = { actions: 'read', administration: role === 'provision' ? 'write' : 'read' } as const;
  return async ({ environment: { githubApp } }, repository) => {
    if (!githubApp) return { byHand: 'the contract names no githubApp' };
    try {
      const privateKey = await appKey(session.clientConfig(role), githubApp, masker);
      const { token } = await installationToken(
        { id: githubApp.id, privateKey },
        { repositories: [repository], permissions },
        { clientFor, clock, masker },
      );
      return repositoryAdministration(await clientFor(token.reveal()));
    } catch (thrown) {
      if (thrown instanceof Failure && NOT_GIVEN.includes(thrown.code)) return { byHand: thrown.message };
      throw thrown;
    }
  };
}
