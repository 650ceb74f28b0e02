import { utcOf } from '@tenant-delivery/deployment/plain-names';
import type { SecretReference } from '@tenant-delivery/deployment/task-definition/secret-reference';
import type { Verdict } from '../check.ts';
import type { Secret, Seen } from '../observed.ts';
import { combined, fail, pass, seen, unknown, warn } from '../verdict.ts';

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

const CREATE_SECRET =
  'Create the secret in this account and region, or correct its ARN in the task definition.';
const CREATE_PARAMETER =
  'Create the parameter, or correct its name in the task definition. If it is a secret of Secrets Manager, give its ARN: ECS takes a name for a parameter.';
const CORRECT = 'Correct the reference in the task definition.';

/** A service reads nothing of another account or region under a contract; ECS lets it, where policies do. */
export function judgeSecrets(observed: ObservedSecrets, contracted: boolean): Verdict {
  const each = observed.references.map(({ what, reference }) =>
    judgeReference(observed, what, reference, contracted),
  );
  return combined(each, 'the task definition names no secret');
}

function judgeReference(
  observed: ObservedSecrets,
  what: string,
  reference: SecretReference,
  contracted: boolean,
): Verdict {
  if (reference.kind === 'unreadable') return fail(`${what} ${reference.problem}`, CORRECT);
  const { account, region } = reference;
  if ((account ?? observed.account) !== observed.account || (region ?? observed.region) !== observed.region) {
    const place = `${what} is of account ${account} in ${region}`;
    return contracted
      ? fail(
          place,
          `Keep what a service reads in its own account and region (${observed.account}, ${observed.region}).`,
        )
      : warn(
          `${place}, where it was not looked at`,
          'Make sure that it is there, and that its policy and that of its key let the execution role read it.',
        );
  }
  if (reference.kind === 'parameter') {
    const [name = ''] = reference.names;
    const verdict = seen(observed.parameters, (there) =>
      reference.names.some((each) => there.includes(each))
        ? pass(`${what} is there`)
        : fail(`${what}: there is no parameter ${name}`, CREATE_PARAMETER),
    );
    return withName(verdict, `${what} (the parameter ${name})`);
  }
  const look = observed.secrets.get(reference.id);
  if (!look) return unknown(`${what} was not looked at, to keep the number of requests small`);
  return withName(
    seen(look, (secret) => judgeSecret(what, reference, secret)),
    `${what} (the secret ${reference.id})`,
  );
}

/** Where several are named, a reader must know which of them was not seen. */
function withName(verdict: Verdict, name: string): Verdict {
  return verdict.result === 'unknown' ? { ...verdict, observed: `${name} was ${verdict.observed}` } : verdict;
}

function judgeSecret(
  what: string,
  { id, stage, version }: Extract<SecretReference, { kind: 'secret' }>,
  secret: Secret | undefined,
): Verdict {
  if (!secret) return fail(`${what}: there is no secret ${id}`, CREATE_SECRET);
  if (secret.deletedAt !== undefined) {
    return fail(
      `${what}: the secret ${id} has been scheduled for deletion since ${utcOf(secret.deletedAt)}`,
      'Cancel its deletion (RestoreSecret), or name another secret.',
    );
  }
  if (version !== undefined && !Object.hasOwn(secret.versions, version)) {
    return fail(`${what}: the secret ${id} has no version ${version}`, CORRECT);
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
