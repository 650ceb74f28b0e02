import { authorise, authoriseIn, organisationNamed, visible } from './access.ts';
import type { Call, Reply } from './call.ts';
import { ApiError, notFound } from './errors.ts';
import { table } from './table.ts';

/** Finds the route, checks what the token may see and do, and answers; refusals are replies too. */
export async function respond(call: Omit<Call, 'parameters'>): Promise<Reply> {
  try {
    const match = table.match(call.method, call.path);
    if (!match) throw notFound();
    const { route, parameters } = match;
    if (route.kind === 'open') return await route.handle({ ...call, parameters });
    if (route.kind === 'organisation') {
      const organisation = organisationNamed(call.world, parameters['org'] ?? '');
      authoriseIn(organisation, call.principal, route.need);
      return await route.handle({ ...call, parameters, organisation });
    }
    const name = `${parameters['owner']}/${parameters['repo']}`.toLowerCase();
    const repository = visible(call.world.repositories.get(name), call.principal);
    authorise(repository, call.principal, route.need);
    return await route.handle({ ...call, parameters, repository });
  } catch (error) {
    return refusal(error);
  }
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
