import { APP_KEY } from './app-key/stories.ts';
import { BREAK_GLASS } from './break-glass/stories.ts';
import { DEPLOY_KEY } from './deploy-key/stories.ts';
import { ECS_SECRET } from './ecs-secret/stories.ts';
import type { KindStories } from './kind-stories.ts';
import { PULL_THROUGH } from './pull-through/stories.ts';
import { ACCESS_KEY } from './stories.ts';
import { VPN_PSK } from './vpn-psk/stories.ts';

/** What every kind of credential is held to, by the name of its room. */
export const EVERY_KIND = {
  'access-key': ACCESS_KEY,
  'ecs-secret': ECS_SECRET,
  'deploy-key': DEPLOY_KEY,
  'app-key': APP_KEY,
  'vpn-psk': VPN_PSK,
  'pull-through': PULL_THROUGH,
  'break-glass': BREAK_GLASS,
} as const satisfies Readonly<Record<string, KindStories>>;

export type KindName = keyof typeof EVERY_KIND;
