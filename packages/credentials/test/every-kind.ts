import type { KindStories } from '@tenant-delivery/rotation/test/kind-stories';
import { APP_KEY } from './github-app-key/stories.ts';
import { DEPLOY_KEY } from './github-deploy-key/stories.ts';
import { ACCESS_KEY } from './iam-access-key/stories.ts';
import { PULL_THROUGH } from './pull-through/stories.ts';
import { ECS_SECRET } from './secrets-manager/stories.ts';
import { VPN_PSK } from './vpn-psk/stories.ts';

/** What every kind of credential is held to, by its name. */
export const EVERY_KIND = {
  'iam-access-key': ACCESS_KEY,
  'secrets-manager': ECS_SECRET,
  'github-deploy-key': DEPLOY_KEY,
  'github-app-key': APP_KEY,
  'vpn-psk': VPN_PSK,
  'pull-through': PULL_THROUGH,
} as const satisfies Readonly<Record<string, KindStories>>;
