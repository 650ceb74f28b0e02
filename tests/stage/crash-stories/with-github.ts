import { createHash, generateKeyPairSync } from 'node:crypto';
import { seedSecret } from '@tenant-delivery/local-aws/services/secretsmanager';
import { startLocalGithub } from '@tenant-delivery/local-github';
import { type App, installApp } from '@tenant-delivery/local-github/world/app';
import { userNamed } from '@tenant-delivery/local-github/world/user';
import { APP_KEY, account, ground, region } from './ground.ts';

const PERMISSIONS = {
  secrets: 'write',
  actions_variables: 'write',
  actions: 'write',
  administration: 'write',
} as const;

/** RSA keys are slow to make: all worlds have the same two. */
const pairs = new Map<number, ReturnType<typeof rsaPair>>();
function rsaPair() {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const der = publicKey.export({ type: 'spki', format: 'der' });
  const fingerprint = createHash('sha256').update(der).digest('base64');
  return { publicKey, fingerprint, pem: privateKey.export({ type: 'pkcs1', format: 'pem' }).toString() };
}
export function pairOf(nth: number) {
  const pair = pairs.get(nth) ?? rsaPair();
  pairs.set(nth, pair);
  return pair;
}

/** GitHub with acme's App, whose key is in the account. */
export async function withGithub(folder: string) {
  const at = await ground();
  const github = await startLocalGithub({ clock: at.clock });
  const path = `${folder}/orders.git`;
  const orders = github.addRepository({ owner: 'acme', ownerId: 123456, name: 'orders', id: 456789, path });
  const library = github.addRepository({ owner: 'acme', ownerId: 123456, name: 'library', id: 456791, path });
  const { fingerprint, publicKey, pem } = pairOf(0);
  const app: App = {
    id: 77,
    slug: 'rotator',
    owner: userNamed(github.world, 'acme'),
    permissions: PERMISSIONS,
    createdAt: at.clock.now(),
    keys: new Map([[fingerprint, publicKey]]),
  };
  github.world.apps.set(app.id, app);
  installApp(github.world, app, { account: 'acme' });
  seedSecret(at.aws.world, account, region, { name: APP_KEY, value: pem });
  const close = async () => {
    await github.close();
    await at.aws.close();
  };
  return { ...at, github, apiUrl: github.apiUrl, orders, library, app, close };
}
