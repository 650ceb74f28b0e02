import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { ClientRequest } from 'node:http';
import type { Pluggable } from '@smithy/types';
import type { CallerIdentity } from '@tenant-delivery/delivery/world';
import { required } from '../errors/translate.ts';
import { identityOf } from './caller-identity.ts';
import { type ClientBase, type ClientConfig, type Credentials, clientConfig } from './client-config.ts';
import { lazyClient } from './lazy-client.ts';

/** On which Node tells of each HTTP request that it begins to send. */
const REQUESTS = 'http.client.request.start';

export interface WebIdentity {
  readonly roleArn: string;
  readonly sessionName: string;
  readonly token: string;
}

/** What AWS gives for a token: credentials, and whose they are. */
export interface AssumedRole {
  readonly credentials: Credentials;
  readonly identity: CallerIdentity;
}

/** Exchanges the job's OIDC token for credentials of a role. */
export type AssumeRole = (identity: WebIdentity) => Promise<AssumedRole>;

/**
 * AssumeRoleWithWebIdentity is not signed, so the client has no credentials and looks for none. It loads at once, while
 * the job's token is on its way. `onAsked` is told when the first request has left.
 */
export function webIdentityRoles(base: ClientBase, onAsked: () => void): AssumeRole {
  const loading = import('./sts-sdk.ts');
  loading.catch(() => {}); // told to the caller that sends
  const plain: ClientConfig = clientConfig(base, noCredentials);
  const config = { ...plain, plugins: [...(plain.plugins ?? []), tellingWhenSent(onAsked)] };
  const sts = lazyClient(
    () => loading,
    (sdk) => sdk.STSClient,
    config,
  );
  return async ({ roleArn, sessionName, token }) => {
    const { Credentials: given, AssumedRoleUser } = await sts.send(
      (sdk) =>
        new sdk.AssumeRoleWithWebIdentityCommand({
          RoleArn: roleArn,
          RoleSessionName: sessionName,
          WebIdentityToken: token,
        }),
    );
    return {
      credentials: {
        accessKeyId: required(given?.AccessKeyId || undefined, 'Credentials.AccessKeyId'),
        secretAccessKey: required(given?.SecretAccessKey || undefined, 'Credentials.SecretAccessKey'),
        sessionToken: required(given?.SessionToken || undefined, 'Credentials.SessionToken'),
        expiration: required(given?.Expiration, 'Credentials.Expiration'),
      },
      identity: identityOf(required(AssumedRoleUser?.Arn || undefined, 'AssumedRoleUser.Arn')),
    };
  };
}

async function noCredentials(): Promise<never> {
  throw new TypeError('AssumeRoleWithWebIdentity is not signed');
}

/** Middleware beside the HTTP handler, which does not say itself when a request has left: Node does. Tells of the first only. */
function tellingWhenSent(onSent: () => void): Pluggable<object, object> {
  let listening = false; // each role that is assumed sends a request, and the next listener would hear the same one
  return {
    applyToStack: (stack) =>
      stack.add(
        (next) => (args) => {
          if (listening) return next(args);
          listening = true;
          const begun = (message: unknown) => {
            unsubscribe(REQUESTS, begun);
            (message as { readonly request: ClientRequest }).request.once('finish', onSent); // as Node documents it
          };
          subscribe(REQUESTS, begun);
          return next(args);
        },
        { name: 'tellingWhenSent', step: 'deserialize', priority: 'low', override: true },
      ),
  };
}
