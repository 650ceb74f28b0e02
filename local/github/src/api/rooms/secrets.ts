import {
  currentKey,
  type Holder,
  openBox,
  type Sharing,
  type Store,
  type Stored,
  storeOf,
} from '../../world/secret-store.ts';
import type { World } from '../../world/world.ts';
import {
  type Call,
  type OrganisationCall,
  ok,
  type Reply,
  type RepositoryCall,
  type Route,
} from '../call.ts';
import { ApiError, notFound } from '../errors.ts';
import { page } from '../page.ts';
import { ofOrganisation, read, write } from '../routes.ts';
import { environmentHolder } from './environment-holder.ts';
import { nameIn, readSharing, repositoriesRoutes, showStored } from './sharing.ts';

type Of<C extends Call> = (call: C) => Holder;

const ofRepository: Of<RepositoryCall> = ({ repository }) => ({ kind: 'repository', repository });
const ofOrganisationItself: Of<OrganisationCall> = ({ organisation }) => ({
  kind: 'organisation',
  organisation,
});
const IN_ENVIRONMENT = '/environments/{environment_name}/secrets';
const OF_ACTIONS = '/actions/secrets';

/** Secrets of Actions at all three levels. They are written in sealed boxes and never read. */
export const secrets: readonly Route[] = [
  ...inRepository(['secrets'], OF_ACTIONS, ofRepository),
  ...inRepository(['environments'], IN_ENVIRONMENT, environmentHolder),
  ofOrganisation('GET', ['organization_secrets'], OF_ACTIONS, (call) =>
    list(call, ofOrganisationItself(call)),
  ),
  ofOrganisation('GET', ['organization_secrets'], `${OF_ACTIONS}/public-key`, (call) =>
    publicKey(call, ofOrganisationItself(call)),
  ),
  ...repositoriesRoutes('secrets', ['organization_secrets'], '{secret_name}'),
  ofOrganisation('GET', ['organization_secrets'], `${OF_ACTIONS}/{secret_name}`, (call) =>
    ok(showStored('secrets', call.world, ofOrganisationItself(call), find(call, ofOrganisationItself(call)))),
  ),
  ofOrganisation('PUT', ['organization_secrets'], `${OF_ACTIONS}/{secret_name}`, (call) =>
    put(call, ofOrganisationItself(call)),
  ),
  ofOrganisation('DELETE', ['organization_secrets'], `${OF_ACTIONS}/{secret_name}`, (call) =>
    remove(call, ofOrganisationItself(call)),
  ),
];

function inRepository(
  scopes: Parameters<typeof read>[0],
  path: string,
  holderOf: Of<RepositoryCall>,
): readonly Route[] {
  // Reading their names needs what writing them needs: a user who only reads the repository does not see them.
  const asWriter = (route: Route): Route =>
    route.kind === 'repository' ? { ...route, need: { ...route.need, role: 'write' } } : route;
  return [
    asWriter(read(scopes, path, (call) => list(call, holderOf(call)))),
    asWriter(read(scopes, `${path}/public-key`, (call) => publicKey(call, holderOf(call)))),
    asWriter(
      read(scopes, `${path}/{secret_name}`, (call) => {
        const holder = holderOf(call);
        return ok(showStored('secrets', call.world, holder, find(call, holder)));
      }),
    ),
    write('PUT', scopes, `${path}/{secret_name}`, (call) => put(call, holderOf(call))),
    write('DELETE', scopes, `${path}/{secret_name}`, (call) => remove(call, holderOf(call))),
  ];
}

function list(call: Call, holder: Holder): Reply {
  return page(call, [...storeOf(call.world, holder).secrets.values()], (some, total) => ({
    total_count: total,
    secrets: some.map((each) => showStored('secrets', call.world, holder, each)),
  }));
}

async function publicKey({ world }: Call, holder: Holder): Promise<Reply> {
  const { id, publicKey: key } = await currentKey(world, holder);
  return ok({ key_id: id, key: Buffer.from(key).toString('base64') });
}

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{4})$/;
const LARGEST = 48 * 1024; // bytes of a secret ("Limits for secrets")

/** Opens the box as GitHub will: what it cannot open it does not take, nor what is sealed to a key of before. */
async function put(call: Call, holder: Holder): Promise<Reply> {
  const { world } = call;
  const name = nameIn(call, 'secret_name');
  const [box, keyId] = [textOf(call, 'encrypted_value'), textOf(call, 'key_id')];
  if (!BASE64.test(box))
    throw new ApiError(422, `Invalid request.\n\n${box} does not match ${String(BASE64)}.`);
  const sharing = holder.kind === 'organisation' ? readSharing(call) : undefined;
  const pair = await currentKey(world, holder);
  const value = keyId === pair.id ? await openBox(pair, Buffer.from(box, 'base64')) : undefined;
  if (value === undefined)
    throw new ApiError(422, 'Bad request - validation failed due to an improperly encrypted secret');
  if (Buffer.byteLength(value) > LARGEST) throw new ApiError(422, 'Secret value is too large');
  const { secrets: all } = storeOf(world, holder);
  return keep(world, all, name, value, sharing) ? { status: 204 } : ok({}, 201);
}

/** Whether it was there before. */
export function keep(
  world: World,
  all: Store['secrets'],
  name: string,
  value: string,
  sharing: Sharing | undefined,
): boolean {
  const known = all.get(name);
  const now = world.clock.now();
  all.set(name, {
    name,
    value,
    createdAt: known?.createdAt ?? now,
    updatedAt: now,
    ...(sharing ? { sharing } : {}),
  });
  return known !== undefined;
}

function textOf({ body }: Call, field: string): string {
  const value = body[field];
  if (typeof value === 'string' && value !== '') return value;
  throw new ApiError(422, `Invalid request.\n\n"${field}" wasn't supplied.`);
}

function find(call: Call, holder: Holder): Stored {
  const found = storeOf(call.world, holder).secrets.get(nameIn(call, 'secret_name'));
  if (!found) throw notFound();
  return found;
}

function remove(call: Call, holder: Holder): Reply {
  const { name } = find(call, holder);
  storeOf(call.world, holder).secrets.delete(name);
  return { status: 204 };
}
