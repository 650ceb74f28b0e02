import { callPace } from '@tenant-delivery/action-kit/call-pace';
import { Failure } from '@tenant-delivery/action-kit/failure';
import { reportFolderIn } from '@tenant-delivery/action-kit/report-folder';
import type { Runner } from '@tenant-delivery/action-kit/runner';
import { workspaceAt } from '@tenant-delivery/action-kit/workspace';
import { accountReader } from '@tenant-delivery/aws/doctor/account-reader';
import { openRecord } from '@tenant-delivery/aws/session/delivery-world';
import { pacingRequests } from '@tenant-delivery/aws/session/pacing-requests';
import type { Session } from '@tenant-delivery/aws/session/session';
import { readingApp } from '@tenant-delivery/github/app/reading-app';
import { issues } from '@tenant-delivery/github/issues/issues';
import { githubReader } from '@tenant-delivery/github/repositories/github-reader';
import { newestRelease } from '@tenant-delivery/github/repositories/newest-release';
import { type GithubClient, githubClient } from '@tenant-delivery/github/session/github-client';
import type { Sight } from '@tenant-delivery/provisioning/doctor/ports';
import { redaction } from '@tenant-delivery/rotation/redaction';
import { Secret } from '@tenant-delivery/rotation/secret';
import type { ExamineInputs } from './inputs.ts';
import type { ExamineWorld } from './ports.ts';

const IN_FLIGHT = 60; // requests to AWS at once, as the command asks

/** AWS by the role that looks; the operations repository by the job's token, the customers' by an App that may only read. */
export async function openWorld(
  runner: Runner,
  env: NodeJS.ProcessEnv,
  given: ExamineInputs,
  session: Session,
): Promise<ExamineWorld> {
  const { clock, claims } = session;
  const { apiUrl, repository, workspace, temp } = runner.context;
  const record = openRecord(runner, env, session, 'observe');
  const [owner = '', name = ''] = claims.jobWorkflowRef.split('/');
  const provider = `${owner}/${name}`;
  const job = githubClient(apiUrl, given['github-token'], clock, runner.cancelled);
  const [settings, workflows] = [
    customersBy(runner, given, session, 'settings'),
    customersBy(runner, given, session, 'workflows'),
  ];
  const by = (customers: typeof settings) => async (asked: string) =>
    asked === repository ? job : (customers?.(asked) ?? job);
  return {
    runner,
    clock,
    provider,
    trust: record.released,
    workspace: workspaceAt(workspace),
    sight: { account: await accountSeen(given, session), vault: record.vault },
    github: githubReader(by(settings), by(workflows)),
    seesCustomers: settings !== undefined,
    newest: async () => newestRelease(await job, provider),
    issues: async () => issues(await job),
    reports: reportFolderIn(temp, 'td-doctor-'),
  };
}

/** Where nobody gets the role, such as without GitHub's OIDC provider, the account is unknown with STS's reason. */
async function accountSeen({ account }: ExamineInputs, session: Session): Promise<Sight['account']> {
  const pace = callPace(session.clock, { inFlight: IN_FLIGHT, rates: {} });
  const plugins = [pacingRequests(pace, () => 'any')];
  const reader = accountReader({ ...session.clientConfig('observe'), plugins }, account);
  const refused = await session.assume('observe').then(
    () => undefined,
    (thrown: unknown) => {
      if (thrown instanceof Failure) return thrown;
      throw thrown;
    },
  );
  return refused ? { ...reader, account: () => Promise.reject(refused) } : reader;
}

function customersBy(
  runner: Runner,
  { 'reader-app-id': id, 'reader-app-key': key }: ExamineInputs,
  { clock }: Session,
  what: 'settings' | 'workflows',
): ((repository: string) => Promise<GithubClient>) | undefined {
  if (id === undefined || key === undefined) return undefined;
  const masker = redaction(runner);
  const clientFor = (token: string) => githubClient(runner.context.apiUrl, token, clock, runner.cancelled);
  return readingApp(
    { id, privateKey: Secret.born(key, `app ${id}`, masker) },
    { clientFor, clock, masker },
    what,
  );
}
