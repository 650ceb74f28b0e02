import { Failure } from '@tenant-delivery/action-kit/failure';
import { nameOf, type SecretHome } from '@tenant-delivery/credentials/secret-home';
import { failures } from '../failures.ts';
import type { GithubClient } from '../session/github-client.ts';
import { permissionsFor } from './secret-home.ts';

/**
 * Has a client that is for one home say which permissions an App needs, where GitHub refuses it: the job's own token
 * never gets there.
 */
export function withReasons(github: GithubClient, home: SecretHome): GithubClient {
  github.hook.error('request', (thrown: unknown) => {
    if (thrown instanceof Failure && thrown.code === failures.permissionMissing.code)
      throw failures.secretsRefused(nameOf(home), permissionsFor(home), thrown);
    throw thrown;
  });
  return github;
}
