import type { Failure } from '@tenant-delivery/action-kit/failure';
import { bodyOf } from '../blob-bounds.ts';
import { failures } from '../failures.ts';

/** What the registry said instead of doing `what`, as a failure. */
export async function refused(what: string, response: Response): Promise<Failure> {
  return refusal(what, response.status, await wordsOf(response));
}

export async function wordsOf(response: Response): Promise<string> {
  return (await bodyOf(response, { kind: 'document', what: "The registry's refusal" })).toString();
}

/** The advice that fits the cause, by the error codes of the OCI distribution specification and what ECR says beside them. */
export function refusal(what: string, status: number, body: string): Failure {
  const said = explain(status, body);
  if (status === 401) return failures.registryLoginExpired(what, said);
  if (status === 403) return failures.registryForbids(what, said);
  if (/\bNAME_UNKNOWN\b/.test(said)) return failures.registryWithoutRepository(what, said);
  if (/\bimmutable\b/i.test(said)) return failures.registryTagImmutable(what, said);
  return failures.registryRefused(what, said);
}

/** The registry's own words, from an OCI error body where there is one. */
function explain(status: number, body: string): string {
  const said = /"code":\s*"([^"]+)"(?:,\s*"message":\s*"((?:[^"\\]|\\.)*)")?/.exec(body);
  return said ? `${status} ${said[1]}: ${said[2] ?? ''}`.trim() : `${status} ${body.slice(0, 200)}`.trim();
}
