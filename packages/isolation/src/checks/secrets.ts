import { utcOf } from '@tenant-delivery/deployment/plain-names';
import type { SecretReference } from '@tenant-delivery/deployment/task-definition/secret-reference';
import type { Verdict } from '../check.ts';
import type { Secret, Seen } from '../observed.ts';
import { combined, fail, pass, seen, unknown } from '../verdict.ts';

export interface ObservedSecrets {
  readonly account: string;
  readonly region: string;
  readonly references: readonly {
    /** `DB_PASSWORD of orders`. */
    readonly what: string;
    readonly reference: SecretReference;
  }[];
  /** By the id of the reference; one that is not here was not looked at. */
  readonly secrets: ReadonlyMap<string, Seen<Secret | undefined>>;
  /** Names of those that exist. */
  readonly parameters: Seen<readonly string[]>;
}

const NAME_IT = 'Correct the reference in the task definition, or create what it names.';

export function judgeSecrets(observed: ObservedSecrets): Verdict {
  const each = observed.references.map(({ what, reference }) => judgeReference(observed, what, reference));
  return combined(each, 'the task definition names no secret');
}

function judgeReference(observed: ObservedSecrets, what: string, reference: SecretReference): Verdict {
  if (reference.kind === 'unreadable') return fail(`${what} ${reference.problem}`, NAME_IT);
  const { account, region } = reference;
  if ((account ?? observed.account) !== observed.account || (region ?? observed.region) !== observed.region) {
    return fail(
      `${what} is of account ${account} in ${region}`,
      `Keep what a service reads in its own account and region (${observed.account}, ${observed.region}).`,
    );
  }
  if (reference.kind === 'parameter') {
    return seen(observed.parameters, (there) =>
      reference.names.some((name) => there.includes(name))
        ? pass(`${what} is there`)
        : fail(`${what}: there is no parameter ${reference.names[0]}`, NAME_IT),
    );
  }
  const look = observed.secrets.get(reference.id);
  if (!look) return unknown(`${what} was not looked at, to keep the number of requests small`);
  return seen(look, (secret) => judgeSecret(what, reference, secret));
}

function judgeSecret(
  what: string,
  { id, stage, version }: Extract<SecretReference, { kind: 'secret' }>,
  secret: Secret | undefined,
): Verdict {
  if (!secret) return fail(`${what}: there is no secret ${id}`, NAME_IT);
  if (secret.deletedAt !== undefined) {
    return fail(
      `${what}: the secret ${id} has been scheduled for deletion since ${utcOf(secret.deletedAt)}`,
      'Cancel its deletion (RestoreSecret), or name another secret.',
    );
  }
  if (version !== undefined && !Object.hasOwn(secret.versions, version)) {
    return fail(`${what}: the secret ${id} has no version ${version}`, NAME_IT);
  }
  const wanted = stage ?? 'AWSCURRENT';
  const stages = Object.values(secret.versions).flat();
  if (version === undefined && !stages.includes(wanted)) {
    return fail(
      `${what}: no version of the secret ${id} is ${wanted}`,
      'Give the secret a value, or correct the stage in the task definition.',
    );
  }
  return pass(`${what} is there`);
}
