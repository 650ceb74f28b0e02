import { judged } from '@tenant-delivery/action-kit/readable';
import { pairs } from './address-ranges.ts';
import type { TenantContract } from './contract.ts';

/** A repository that a stack of an environment makes, or that it leaves to another one. */
interface Made {
  readonly environment: string;
  readonly region: string;
  readonly service: string;
  readonly repository: string;
  readonly of: string | undefined;
}

/** An account has each repository once in a region, and one stack makes it for all environments that deliver from it. */
export function lintRepositories({ environments }: TenantContract): readonly string[] {
  const made = (): readonly Made[] =>
    Object.entries(environments).flatMap(([environment, { region, services }]) =>
      Object.entries(services).flatMap(([service, { repository, provision }]) =>
        provision === undefined
          ? []
          : [{ environment, region, service, repository, of: provision.repositoryOf }],
      ),
    );
  const at = ({ environment, service }: Made) => `environments.${environment}.services.${service}`;
  return judged(
    () =>
      pairs(made().filter(({ of }) => of === undefined))
        .filter(
          ([a, b]) =>
            a.environment !== b.environment && a.region === b.region && a.repository === b.repository,
        )
        .map(
          ([a, b]) =>
            `${at(b)}.repository: ${b.repository} is made for ${a.environment} too, and an account has it once; write \`provision.repositoryOf\` here or there, with the name of the environment that makes it`,
        ),
    () =>
      made()
        .filter(({ of }) => of !== undefined)
        .filter(
          (one) =>
            !made().some(
              ({ environment, region, repository, of }) =>
                environment === one.of &&
                environment !== one.environment &&
                region === one.region &&
                repository === one.repository &&
                of === undefined,
            ),
        )
        .map(
          (one) =>
            `${at(one)}.provision.repositoryOf: ${one.of} makes no ${one.repository} in ${one.region}; name the environment that does, or leave this out`,
        ),
  );
}
