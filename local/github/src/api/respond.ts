import { authorise, authoriseIn, organisationNamed, visible } from './access.ts';
import type { Call, Reply } from './call.ts';
import { describedBody } from './described-body.ts';
import { ApiError } from './errors.ts';
import { pathOf } from './match.ts';
import { table } from './table.ts';

/** Finds the route, checks what the token may see and do, and answers; refusals are replies too. */
export async function respond(call: Omit<Call, 'parameters'>): Promise<Reply> {
  try {
    const match = table.match(call.method, call.path);
    if (!match) throw notServed(call);
    const { route, parameters } = match;
    const described = () => describedBody(`${route.method} ${pathOf(route)}`, call);
    if (route.kind === 'open') {
      await described();
      return await route.handle({ ...call, parameters });
    }
    if (route.kind === 'organisation') {
      const organisation = organisationNamed(call.world, parameters['org'] ?? '');
      authoriseIn(organisation, call.principal, route.need);
      await described();
      return await route.handle({ ...call, parameters, organisation });
    }
    const name = `${parameters['owner']}/${parameters['repo']}`.toLowerCase();
    const repository = visible(call.world.repositories.get(name), call.principal);
    authorise(repository, call.principal, route.need);
    await described();
    return await route.handle({ ...call, parameters, repository });
  } catch (error) {
    return refusal(error);
  }
}

/** Not 404, which would say of something at GitHub that it is not there. */
function notServed({ method, path }: Pick<Call, 'method' | 'path'>): ApiError {
  return new ApiError(501, `The local GitHub does not serve ${method} ${path}.`);
}

export function refusal(error: unknown): Reply {
  if (!(error instanceof ApiError)) throw error;
  return {
    status: error.status,
    body: {
      message: error.message,
      ...(error.errors ? { errors: error.errors } : {}),
      documentation_url: 'https://docs.github.com/rest',
      status: String(error.status),
    },
  };
}
