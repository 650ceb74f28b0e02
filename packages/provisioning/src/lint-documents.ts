import type { TenantContract } from '@tenant-delivery/tenancy/contract';
import { type RenderedEnvironment, renderEnvironment } from './environment.ts';
import { oversized } from './plan/judge-state.ts';
import { type DocumentSize, measure, tooLarge } from './sizes.ts';
import { stacksOf } from './stacks/stacks-of.ts';
import { shippedTemplates, type Templates } from './templates.ts';

/** No contract names the principals that publish contracts, so we measure with the longest possible one, a role with a path. */
function publishers({ partition, account }: TenantContract): readonly string[] {
  return [`arn:${partition}:iam::${account}:role/${'p'.repeat(512 + 64)}`];
}

export interface EnvironmentSizes {
  readonly environment: string;
  readonly sizes: readonly DocumentSize[];
}

/** The sizes of the documents of every environment of a contract, under a provider's releases that it names. */
export function sizesOf(
  contract: TenantContract,
  provider: string,
  templates: Templates = shippedTemplates,
): readonly EnvironmentSizes[] {
  return renderedOf(contract, provider, templates).map(([environment, rendered]) => ({
    environment,
    sizes: measure(rendered),
  }));
}

function renderedOf(contract: TenantContract, provider: string, templates: Templates) {
  const released = { provider, releases: contract.releases ?? [], publishers: publishers(contract) };
  return Object.keys(contract.environments).map(
    (environment) => [environment, renderEnvironment(contract, environment, released, templates)] as const,
  );
}

/** What makes documents of a kind large, which is what has to become less. */
const LESS: Readonly<Record<DocumentSize['document'], string>> = {
  trust: 'name fewer repositories, owners, branches or releases, or shorter ones',
  'inline policies': 'agree on fewer credentials, or on shorter names',
  'managed policy': 'shorten the names',
  'key policy': 'shorten the names',
  'bucket policy': 'shorten the names',
};

/** A line for every template that is too large for the request that carries it. */
function lintTemplates(
  contract: TenantContract,
  environment: string,
  rendered: RenderedEnvironment,
): readonly string[] {
  return stacksOf(contract, environment, rendered)
    .flatMap(({ name, template }) => oversized(name, JSON.stringify(template)))
    .map((problem) => `environments.${environment}: ${problem}`);
}

/** A line for every document of the contract that AWS would not take. */
export function lintDocuments(
  contract: TenantContract,
  provider: string,
  templates: Templates = shippedTemplates,
): readonly string[] {
  return renderedOf(contract, provider, templates).flatMap(([environment, rendered]) => [
    ...tooLarge(measure(rendered)).map(
      ({ document, name, size, quota, unit }) =>
        `environments.${environment}: the ${document} of ${name} has ${count(size)} ${unit} of the ${count(quota)} that AWS allows; ${LESS[document]}`,
    ),
    ...lintTemplates(contract, environment, rendered),
  ]);
}

function count(number: number): string {
  return number.toLocaleString('en-US');
}
