import type { Pluggable } from '@smithy/types';
import { required } from '../errors/translate.ts';
import { type ClientBase, type Credentials, clientConfig } from './client-config.ts';
import { lazyClient } from './lazy-client.ts';

export interface WebIdentity {
  readonly roleArn: string;
  readonly sessionName: string;
  readonly token: string;
}

/** Exchanges the job's OIDC token for credentials of a role. */
export type AssumeRole = (identity: WebIdentity) => Promise<Credentials>;

/**
 * AssumeRoleWithWebIdentity is not signed, so the client has no credentials and looks for none. It loads at once, while
 * the job's token is on its way. `onAsked` is told when the first request is sent.
 */
export function webIdentityRoles(base: ClientBase, onAsked: () => void): AssumeRole {
  const loading = import('./sts-sdk.ts');
  loading.catch(() => {}); // told to the caller that sends
  const config = { ...clientConfig(base, noCredentials), plugins: [tellingWhenSent(onAsked)] };
  const sts = lazyClient(
    () => loading,
    (sdk) => sdk.STSClient,
    config,
  );
  return async ({ roleArn, sessionName, token }) => {
    const { Credentials: given } = await sts.send(
      (sdk) =>
        new sdk.AssumeRoleWithWebIdentityCommand({
          RoleArn: roleArn,
          RoleSessionName: sessionName,
          WebIdentityToken: token,
        }),
    );
    return {
      accessKeyId: required(given?.AccessKeyId || undefined, 'Credentials.AccessKeyId'),
      secretAccessKey: required(given?.SecretAccessKey || undefined, 'Credentials.SecretAccessKey'),
      sessionToken: required(given?.SessionToken || undefined, 'Credentials.SessionToken'),
      expiration: required(given?.Expiration, 'Credentials.Expiration'),
    };
  };
}

async function noCredentials(): Promise<never> {
  throw new TypeError('AssumeRoleWithWebIdentity is not signed');
}

/** Middleware beside the HTTP handler. */
function tellingWhenSent(onSent: () => void): Pluggable<object, object> {
  return {
    applyToStack: (stack) =>
      stack.add(
        (next) => (args) => {
          const answered = next(args);
          onSent();
          return answered;
        },
        { name: 'tellingWhenSent', step: 'deserialize', priority: 'low', override: true },
      ),
  };
}
