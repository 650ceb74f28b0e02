import { reportFolderIn } from '@tenant-delivery/action-kit/report-folder';
import type { Runner } from '@tenant-delivery/action-kit/runner';
import { appKeyIn, reportReads } from '@tenant-delivery/aws/credentials/report-reads';
import { openAdmissionWorld } from '@tenant-delivery/aws/session/delivery-world';
import type { Session } from '@tenant-delivery/aws/session/session';
import type { DeployKeys } from '@tenant-delivery/credentials/report/ports';
import { issues } from '@tenant-delivery/github/issues/issues';
import { githubClient } from '@tenant-delivery/github/session/github-client';
import { redaction } from '@tenant-delivery/rotation/redaction';
import type { ReportInputs } from './inputs.ts';
import type { ReportingWorld } from './ports.ts';

/** Reads by the report role, at a pace that stays below published rates; issues are kept with the job's token. */
export async function openWorld(
  runner: Runner,
  env: NodeJS.ProcessEnv,
  given: ReportInputs,
  session: Session,
): Promise<ReportingWorld> {
  const masks = redaction(runner);
  const { paced, pace, time, ...reads } = reportReads(session);
  const frame = await openAdmissionWorld(runner, env, paced, 'report');
  const { clock } = session;
  const token = given['github-token'];
  return {
    ...frame,
    reports: reportFolderIn(runner.context.temp, 'td-credentials-'),
    issues:
      token === undefined
        ? undefined
        : async () => {
            return issues(await githubClient(runner.context.apiUrl, token, clock, runner.cancelled));
          },
    open: (app, repositories) => ({
      ...reads,
      time,
      vault: frame.vault,
      account: given.account,
      environment: given.environment,
      clean: masks.clean,
      deployKeys: whenAsked(async () => {
        const { repositoryDeployKeys } = await import('@tenant-delivery/github/keys/repository-deploy-keys');
        const key = app && { id: app.id, key: () => appKeyIn(paced, app, masks) };
        const { apiUrl } = runner.context;
        return repositoryDeployKeys(key, repositories, {
          apiUrl,
          clock,
          masker: masks,
          pace,
          cancelled: runner.cancelled,
        });
      }),
    }),
  };
}

/** Most environments have no deploy keys, and load no client of GitHub. */
function whenAsked(load: () => Promise<DeployKeys>): DeployKeys {
  let loaded: Promise<DeployKeys> | undefined;
  return {
    keysOf: async (repository) => {
      loaded ??= load();
      return (await loaded).keysOf(repository);
    },
  };
}
