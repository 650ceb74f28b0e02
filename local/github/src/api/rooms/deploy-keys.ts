import { type DeployKey, deployKeysOf, isInUse } from '../../world/deploy-key.ts';
import { timeOf } from '../../world/world.ts';
import { bodyOf } from '../body.ts';
import { ok, type Reply, type RepositoryCall, type Route } from '../call.ts';
import { notFound, validationFailed } from '../errors.ts';
import { page } from '../page.ts';
import { read, write } from '../routes.ts';
import { repositoryUrl } from '../show/repository.ts';

const SCOPES = ['administration'] as const;

/** Deploy keys. There is no way to change one: it is added and deleted. */
export const deployKeys: readonly Route[] = [
  read(SCOPES, '/keys', (call) =>
    page(call, deployKeysOf(call.world, call.repository), (some) => some.map((key) => show(call, key))),
  ),
  write('POST', SCOPES, '/keys', add, 'admin'),
  read(SCOPES, '/keys/{key_id}', (call) => ok(show(call, keyIn(call)))),
  write(
    'DELETE',
    SCOPES,
    '/keys/{key_id}',
    (call) => {
      const keys = deployKeysOf(call.world, call.repository);
      keys.splice(keys.indexOf(keyIn(call)), 1);
      return { status: 204 };
    },
    'admin',
  ),
];

function add(call: RepositoryCall): Reply {
  const body = bodyOf(call, 'PublicKey');
  const [algorithm = '', material = ''] = body.text('key').trim().split(/\s+/);
  const refused = (message: string) =>
    validationFailed({ resource: 'PublicKey', field: 'key', code: 'custom', message });
  const blob = Buffer.from(material, 'base64');
  if (!/^(ssh-(ed25519|rsa)|ecdsa-sha2-nistp(256|384|521))$/.test(algorithm) || !begins(blob, algorithm))
    throw refused('key is invalid. You must supply a key in OpenSSH public key format');
  const key = `${algorithm} ${material}`;
  if (isInUse(call.world, key)) throw refused('key is already in use');
  const made: DeployKey = {
    id: call.world.nextId(),
    key,
    title: body.optionalText('title') ?? '',
    readOnly: body.optionalBoolean('read_only') ?? false,
    createdAt: call.world.clock.now(),
    addedBy: adderOf(call),
    lastUsedAt: null,
    enabled: true,
  };
  deployKeysOf(call.world, call.repository).push(made);
  return ok(show(call, made), 201);
}

/** The blob says its algorithm once more ("The Secure Shell (SSH) Transport Layer Protocol", 6.6). */
function begins(blob: Buffer, algorithm: string): boolean {
  return (
    blob.length > 4 + algorithm.length && blob.subarray(4, 4 + algorithm.length).toString() === algorithm
  );
}

function adderOf({ principal }: RepositoryCall): string {
  if (principal?.kind === 'user') return principal.user.login;
  return principal?.kind === 'installation'
    ? `${principal.installation.app.slug}[bot]`
    : 'github-actions[bot]';
}

function keyIn(call: RepositoryCall): DeployKey {
  const found = deployKeysOf(call.world, call.repository).find(
    ({ id }) => id === Number(call.parameters['key_id']),
  );
  if (!found) throw notFound();
  return found;
}

function show({ world, repository }: RepositoryCall, key: DeployKey) {
  return {
    id: key.id,
    key: key.key,
    url: `${repositoryUrl(world, repository)}/keys/${key.id}`,
    title: key.title,
    verified: true,
    created_at: timeOf(world, key.createdAt),
    read_only: key.readOnly,
    added_by: key.addedBy,
    last_used: key.lastUsedAt === null ? null : timeOf(world, key.lastUsedAt),
    enabled: key.enabled,
  };
}
