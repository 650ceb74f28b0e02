import type { Repository } from '../../world/repository.ts';
import { type Holder, type Sharing, type Stored, storeOf } from '../../world/secret-store.ts';
import { timeOf, type World } from '../../world/world.ts';
import { bodyOf } from '../body.ts';
import type { Call, Need, OrganisationCall, Reply, Route } from '../call.ts';
import { ApiError, notFound } from '../errors.ts';
import { page } from '../page.ts';
import { ofOrganisation } from '../routes.ts';
import { showRepository } from '../show/repository.ts';
import { apiOf } from '../url.ts';

/** A name as GitHub keeps it: in capitals, and none that it refuses ("Naming your secrets"). */
export function nameIn({ parameters, body }: Call, parameter: string): string {
  const name = (parameters[parameter] ?? String(body['name'] ?? '')).toUpperCase();
  if (/^[A-Z_][A-Z0-9_]*$/.test(name) && !name.startsWith('GITHUB_')) return name;
  throw new ApiError(
    422,
    'Validation Failed: names can only contain alphanumeric characters or underscores, and do not start with GITHUB_ or a number.',
  );
}

/** The repositories that see an organisation's secret or variable: each write says them again. */
export function readSharing(call: Call): Sharing {
  const body = bodyOf(call, 'Secret');
  const visibility = body.oneOf('visibility', ['all', 'private', 'selected'] as const);
  const given = call.body['selected_repository_ids'] !== undefined;
  if (given && visibility !== 'selected')
    throw new ApiError(422, 'selected_repository_ids is only for the visibility selected.');
  return { visibility, selected: new Set(given ? body.integers('selected_repository_ids') : []) };
}

/** The repositories that one of them is selected for. */
export function repositoriesRoutes(
  of: 'secrets' | 'variables',
  scopes: Need['scopes'],
  parameter: string,
): readonly Route[] {
  const path = `/actions/${of}/${parameter}/repositories`;
  const named = parameter.slice(1, -1);
  const change = (
    call: OrganisationCall,
    next: (selected: ReadonlySet<number>) => Iterable<number>,
  ): Reply => {
    const sharing = selectedIn(call, of, named);
    sharing.selected = new Set(next(sharing.selected));
    return { status: 204 };
  };
  return [
    ofOrganisation('GET', scopes, path, (call) => {
      const { selected } = selectedIn(call, of, named);
      const found = [...selected].flatMap((id) => repositoryWithId(call.world, id) ?? []);
      return page(call, found, (some, total) => ({
        total_count: total,
        repositories: some.map((each) => showRepository(call.world, each)),
      }));
    }),
    ofOrganisation('PUT', scopes, path, (call) =>
      change(call, () => bodyOf(call, 'Secret').integers('selected_repository_ids')),
    ),
    ofOrganisation('PUT', scopes, `${path}/{repository_id}`, (call) =>
      change(call, (selected) => [...selected, Number(call.parameters['repository_id'])]),
    ),
    ofOrganisation('DELETE', scopes, `${path}/{repository_id}`, (call) =>
      change(call, (selected) =>
        [...selected].filter((id) => id !== Number(call.parameters['repository_id'])),
      ),
    ),
  ];
}

function selectedIn(call: OrganisationCall, of: 'secrets' | 'variables', parameter: string): Sharing {
  const { world, organisation } = call;
  const all: ReadonlyMap<string, Stored> = storeOf(world, { kind: 'organisation', organisation })[of];
  const sharing = all.get(nameIn(call, parameter))?.sharing;
  if (!sharing) throw notFound();
  if (sharing.visibility !== 'selected') throw new ApiError(409, 'The visibility is not set to selected.');
  return sharing;
}

function repositoryWithId(world: World, id: number): Repository | undefined {
  return [...world.repositories.values()].find((each) => each.id === id);
}

/** What a secret and a variable show alike: the name, the times, and who of an organisation sees it. */
export function showStored(
  of: 'secrets' | 'variables',
  world: World,
  holder: Holder,
  { name, createdAt, updatedAt, sharing }: Stored,
) {
  const times = { name, created_at: timeOf(world, createdAt), updated_at: timeOf(world, updatedAt) };
  if (!sharing || holder.kind !== 'organisation') return times;
  if (sharing.visibility !== 'selected') return { ...times, visibility: sharing.visibility };
  const url = `${apiOf(world)}/orgs/${holder.organisation.login}/actions/${of}/${name}/repositories`;
  return { ...times, visibility: sharing.visibility, selected_repositories_url: url };
}
