import type { Admission } from './admission.ts';
import { agreedNames } from './agreed-names.ts';
import { completeEnvironment } from './complete-environment.ts';
import type { CredentialAdmission } from './credential-admission.ts';
import { failures } from './failures.ts';

/**
 * The admission of one service that a credential is brought to by a deployment: the credential was admitted, and the same
 * contract names the service. `undefined` for a service that it does not name.
 */
export function admittedService(
  { place, contract, contractDigest, environment }: CredentialAdmission,
  name: string,
): Admission | undefined {
  if (!Object.hasOwn(environment.services, name)) return undefined;
  const service = environment.services[name];
  if (!service) return undefined;
  const found = completeEnvironment(environment);
  if ('missing' in found) throw failures.contractIncomplete(contract.id, place.environment, found.missing);
  const target = { ...place, service: name };
  const names = agreedNames(target, environment, service);
  return {
    ...{ target, contract, contractDigest, service, names },
    environment: found.environment,
    repository: 'operations',
  };
}
