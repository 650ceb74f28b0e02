import { allLoopback, isLoopback } from '@tenant-delivery/action-kit/clock';
import { failures } from '../failures.ts';

/**
 * Whether this job speaks to local-aws and not to AWS: where the release's own trust file says `local`, and every endpoint is
 * on this machine. Throws ENDPOINT_REFUSED for any other endpoint that the environment puts in the place of AWS's own:
 * the server that answers there would get the job's identity token.
 */
export async function speaksToLocalAws(env: Readonly<Record<string, string | undefined>>): Promise<boolean> {
  const told = Object.entries(env).filter(([name, value]) => /^AWS_ENDPOINT_URL(_|$)/.test(name) && value);
  if (told.length === 0) return false;
  const { releasedTrust } = await import('./trust.ts'); // which a job at AWS needs only later
  const { local } = releasedTrust();
  if (local && allLoopback(env)) return true;
  const elsewhere = told.filter(([, value]) => !isLoopback(value ?? ''));
  const refused = local && elsewhere.length > 0 ? elsewhere : told;
  throw failures.endpointRefused(refused.map(([name]) => name));
}
