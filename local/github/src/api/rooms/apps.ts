import {
  type App,
  type AppPermissions,
  type Installation,
  mintToken,
  repositoriesOf,
} from '../../world/app.ts';
import type { Repository } from '../../world/repository.ts';
import { timeOf, type World } from '../../world/world.ts';
import { organisationNamed } from '../access.ts';
import { bodyOf } from '../body.ts';
import { type Call, ok, type Reply, type Route } from '../call.ts';
import { ApiError, notFound, unprocessable } from '../errors.ts';
import { page } from '../page.ts';
import { open } from '../routes.ts';
import { showApp } from '../show/app.ts';
import { showFullRepository } from '../show/repository.ts';
import { showUser } from '../show/user.ts';
import { apiOf } from '../url.ts';

/** Apps, where they are installed, and the tokens that they get there. */
export const apps: readonly Route[] = [
  open('GET', '/app', (call) => ok(showApp(call.world, appOf(call)))),
  open('GET', '/app/installations', (call) =>
    page(call, installationsOf(call.world, appOf(call)), (some) =>
      some.map((each) => showInstallation(call.world, each)),
    ),
  ),
  open('POST', '/app/installations/{installation_id}/access_tokens', createToken),
  open('GET', '/repos/{owner}/{repo}/installation', (call) => {
    const app = appOf(call);
    const name = `${call.parameters['owner']}/${call.parameters['repo']}`.toLowerCase();
    const repository = call.world.repositories.get(name);
    const found = installationsOf(call.world, app).find(
      (each) => repository && repositoriesOf(call.world, each).includes(repository),
    );
    if (!found) throw notFound();
    return ok(showInstallation(call.world, found));
  }),
  open('GET', '/orgs/{org}/installation', (call) => {
    const app = appOf(call);
    const { id } = organisationNamed(call.world, call.parameters['org'] ?? '');
    const found = installationsOf(call.world, app).find(({ account }) => account.id === id);
    if (!found) throw notFound();
    return ok(showInstallation(call.world, found));
  }),
  open('GET', '/installation/repositories', (call) => {
    const { principal, world } = call;
    if (principal?.kind !== 'installation')
      throw new ApiError(
        403,
        'You must authenticate with an installation access token in order to list the repositories for an installation.',
      );
    const { installation, repositories } = principal;
    const found = repositoriesOf(world, { account: installation.account, repositories });
    return page(call, found, (some, total) => ({
      total_count: total,
      repositories: some.map((each) => showFullRepository(world, each)),
      repository_selection: repositories === 'all' ? 'all' : 'selected',
    }));
  }),
  open('DELETE', '/installation/token', ({ world, principal }) => {
    for (const [token, known] of world.tokens) if (known === principal) world.tokens.delete(token);
    if (principal?.kind !== 'installation') throw new ApiError(403, 'Resource not accessible by integration');
    return { status: 204 };
  }),
];

function appOf({ principal }: Call): App {
  if (principal?.kind === 'app') return principal.app;
  throw new ApiError(401, 'A JSON web token could not be decoded');
}

function installationsOf(world: World, app: App): readonly Installation[] {
  return [...world.installations.values()].filter((each) => each.app === app);
}

/** No token has more than the installation has; it has all of that when nothing less is asked for. */
function createToken(call: Call): Reply {
  const { world, parameters } = call;
  const app = appOf(call);
  const installation = world.installations.get(Number(parameters['installation_id']));
  if (installation?.app !== app) throw notFound();
  if (installation.suspended) throw new ApiError(403, 'This installation has been suspended');
  const permissions = permissionsIn(call, installation);
  const repositories = repositoriesIn(call, installation);
  const { token, expiresAt } = mintToken(world, installation, { permissions, repositories });
  return ok(
    {
      token,
      expires_at: timeOf(world, expiresAt),
      permissions: { metadata: 'read', ...permissions },
      repository_selection: repositories === 'all' ? 'all' : 'selected',
      ...(repositories === 'all'
        ? {}
        : { repositories: [...repositories].map((each) => showFullRepository(world, each)) }),
    },
    201,
  );
}

function permissionsIn({ body }: Call, { permissions: granted }: Installation): AppPermissions {
  const asked = body['permissions'];
  if (asked === undefined) return granted;
  const wanted: AppPermissions = { ...Object(asked) };
  const excessive = Object.entries(wanted).filter(
    ([name, access]) =>
      name !== 'metadata' && !(granted[name] === access || (granted[name] === 'write' && access === 'read')),
  );
  if (excessive.length > 0)
    throw unprocessable('The permissions requested are not granted to this installation.');
  return wanted;
}

function repositoriesIn(call: Call, installation: Installation): 'all' | ReadonlySet<Repository> {
  const { body, world } = call;
  if (body['repositories'] === undefined && body['repository_ids'] === undefined)
    return installation.repositories;
  const ids =
    body['repository_ids'] === undefined ? [] : bodyOf(call, 'Installation').integers('repository_ids');
  const names: readonly unknown[] = Array.isArray(body['repositories']) ? body['repositories'] : [];
  const had = repositoriesOf(world, installation);
  const found = had.filter(({ id, name }) => ids.includes(id) || names.includes(name));
  if (found.length === 0 || found.length < new Set([...ids, ...names]).size)
    throw unprocessable(
      'There is at least one repository that does not exist or is not accessible to the parent installation.',
    );
  return new Set(found);
}

function showInstallation(
  world: World,
  { id, app, account, permissions, repositories, createdAt }: Installation,
) {
  return {
    id,
    account: showUser(world, account),
    repository_selection: repositories === 'all' ? 'all' : 'selected',
    access_tokens_url: `${apiOf(world)}/app/installations/${id}/access_tokens`,
    repositories_url: `${apiOf(world)}/installation/repositories`,
    html_url: `${world.url}/organizations/${account.login}/settings/installations/${id}`,
    app_id: app.id,
    app_slug: app.slug,
    target_id: account.id,
    target_type: account.type,
    permissions: { metadata: 'read', ...permissions },
    events: [],
    created_at: timeOf(world, createdAt),
    updated_at: timeOf(world, createdAt),
    single_file_name: null,
    has_multiple_single_files: false,
    single_file_paths: [],
    suspended_by: null,
    suspended_at: null,
  };
}
