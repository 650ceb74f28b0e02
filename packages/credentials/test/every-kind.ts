import type { KindStories } from '@tenant-delivery/rotation/test/kind-stories';
import type { KindName } from '../src/kinds.ts';
import { GITHUB_APP_KEY } from './github-app-key/stories.ts';
import { GITHUB_DEPLOY_KEY } from './github-deploy-key/stories.ts';
import { IAM_ACCESS_KEY } from './iam-access-key/stories.ts';
import { PULL_THROUGH } from './pull-through/stories.ts';
import { SECRETS_MANAGER } from './secrets-manager/stories.ts';
import { VPN_PSK } from './vpn-psk/stories.ts';

/**
 * What every kind of credential is held to, by its name. A kind without stories does not compile;
 * `repository-credentials` is rotated as `secrets-manager` is.
 */
export const EVERY_KIND = {
  'iam-access-key': IAM_ACCESS_KEY,
  'secrets-manager': SECRETS_MANAGER,
  'github-deploy-key': GITHUB_DEPLOY_KEY,
  'github-app-key': GITHUB_APP_KEY,
  'vpn-psk': VPN_PSK,
  'pull-through': PULL_THROUGH,
} as const satisfies Readonly<Record<Exclude<KindName, 'repository-credentials'>, KindStories>>;
