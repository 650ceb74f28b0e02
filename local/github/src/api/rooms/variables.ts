import { type Holder, type Sharing, type Stored, storeOf } from '../../world/secret-store.ts';
import { bodyOf } from '../body.ts';
import {
  type Call,
  type OrganisationCall,
  ok,
  type Reply,
  type RepositoryCall,
  type Route,
} from '../call.ts';
import { ApiError, notFound, unprocessable } from '../errors.ts';
import { page } from '../page.ts';
import { ofOrganisation, read, write } from '../routes.ts';
import { environmentHolder } from './environment-holder.ts';
import { keep } from './secrets.ts';
import { nameIn, readSharing, repositoriesRoutes, showStored } from './sharing.ts';

const LARGEST = 48 * 1024;
const OF_ACTIONS = '/actions/variables';
const FOR_ORGANISATIONS = ['organization_actions_variables'] as const;
const organisationHolder = ({ organisation }: OrganisationCall): Holder => ({
  kind: 'organisation',
  organisation,
});

/** Variables of Actions at all three levels. */
export const variables: readonly Route[] = [
  ...inRepository(['actions_variables'], OF_ACTIONS, ({ repository }) => ({
    kind: 'repository',
    repository,
  })),
  ...inRepository(['environments'], '/environments/{environment_name}/variables', environmentHolder),
  ofOrganisation('GET', FOR_ORGANISATIONS, OF_ACTIONS, (call) => list(call, organisationHolder(call))),
  ofOrganisation('POST', FOR_ORGANISATIONS, OF_ACTIONS, (call) => create(call, organisationHolder(call))),
  ...repositoriesRoutes('variables', FOR_ORGANISATIONS, '{name}'),
  ofOrganisation('GET', FOR_ORGANISATIONS, `${OF_ACTIONS}/{name}`, (call) =>
    one(call, organisationHolder(call)),
  ),
  ofOrganisation('PATCH', FOR_ORGANISATIONS, `${OF_ACTIONS}/{name}`, (call) =>
    update(call, organisationHolder(call)),
  ),
  ofOrganisation('DELETE', FOR_ORGANISATIONS, `${OF_ACTIONS}/{name}`, (call) =>
    remove(call, organisationHolder(call)),
  ),
];

function inRepository(
  scopes: Parameters<typeof read>[0],
  path: string,
  holderOf: (call: RepositoryCall) => Holder,
): readonly Route[] {
  const one_ = `${path}/{name}`;
  return [
    read(scopes, path, (call) => list(call, holderOf(call))),
    write('POST', scopes, path, (call) => create(call, holderOf(call))),
    read(scopes, one_, (call) => one(call, holderOf(call))),
    write('PATCH', scopes, one_, (call) => update(call, holderOf(call))),
    write('DELETE', scopes, one_, (call) => remove(call, holderOf(call))),
  ];
}

function list(call: Call, holder: Holder): Reply {
  return page(call, [...storeOf(call.world, holder).variables.values()], (some, total) => ({
    total_count: total,
    variables: some.map((each) => show(call, holder, each)),
  }));
}

function one(call: Call, holder: Holder): Reply {
  return ok(show(call, holder, find(call, holder)));
}

function create(call: Call, holder: Holder): Reply {
  const name = nameIn(call, 'no parameter');
  const { variables: all } = storeOf(call.world, holder);
  if (all.has(name)) throw new ApiError(409, 'Already exists - Variable already exists');
  const sharing = holder.kind === 'organisation' ? readSharing(call) : undefined;
  keep(call.world, all, name, sized(bodyOf(call, 'Variable').text('value')), sharing);
  return ok({}, 201);
}

/** What is not said stays as it is, who sees it too: unlike a secret, a variable is changed, not replaced. */
function update(call: Call, holder: Holder): Reply {
  const known = find(call, holder);
  const body = bodyOf(call, 'Variable');
  const value = sized(body.optionalText('value') ?? known.value);
  const said = call.body['visibility'] !== undefined || call.body['selected_repository_ids'] !== undefined;
  const sharing = known.sharing && said ? sharingOf(call, known.sharing) : known.sharing;
  keep(call.world, storeOf(call.world, holder).variables, known.name, value, sharing);
  return { status: 204 };
}

function sharingOf(call: Call, known: Sharing): Sharing {
  return readSharing({ ...call, body: { visibility: known.visibility, ...call.body } });
}

function find(call: Call, holder: Holder): Stored {
  const found = storeOf(call.world, holder).variables.get(nameIn(call, 'name'));
  if (!found) throw notFound();
  return found;
}

function remove(call: Call, holder: Holder): Reply {
  const { name } = find(call, holder);
  storeOf(call.world, holder).variables.delete(name);
  return { status: 204 };
}

/** GitHub, "Variables reference": limits for configuration variables. */
function sized(value: string): string {
  if (Buffer.byteLength(value) > LARGEST) throw unprocessable('Variable value is larger than 48 KB.');
  return value;
}

function show({ world }: Call, holder: Holder, stored: Stored) {
  return { ...showStored('variables', world, holder, stored), value: stored.value };
}
