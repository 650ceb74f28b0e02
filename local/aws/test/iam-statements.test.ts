import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { renderTenant } from '@tenant-delivery/provisioning/environment';
import type { RenderedRole } from '@tenant-delivery/provisioning/environment-roles';
import { TenantContract } from '@tenant-delivery/tenancy/contract';
import { vaultBucket } from '@tenant-delivery/tenancy/derived-names';
import { readYaml } from '@tenant-delivery/tenancy/read-yaml';
import type { Ask } from '../src/authorization/ask.ts';
import { asksOf } from '../src/authorization/asks/index.ts';
import { decideBy } from '../src/authorization/decide.ts';
import { actionReference, fitsAction, readReference } from '../src/authorization/reference.ts';
import { lookupFor } from '../src/authorization/request-context.ts';
import { ecsStore } from '../src/ecs/store.ts';
import { seedUser } from '../src/iam/users.ts';
import { type PolicyDocument, type Statement, statementsOf } from '../src/policy/document.ts';
import { readContract } from '../src/seed/contract.ts';
import { seedIdentity } from '../src/seed/identity.ts';
import { seedNetwork } from '../src/seed/network.ts';
import { placeOf } from '../src/seed/place.ts';
import { seedWorkload } from '../src/seed/workload.ts';
import { EVERY_KIND, RELEASED } from './iam-rendered.ts';
import type { Names, Request } from './iam-request.ts';
import { requestsIn } from './iam-requests.ts';
import { manualWorld } from './manual-world.ts';

/** A contract of the operations template whose environments have agreed to all that has a permission document. */
function allAgreed(tenant: string): TenantContract {
  const file = join(import.meta.dirname, `../../../templates/operations-repo/tenants/${tenant}.yaml`);
  const read = readYaml(readFileSync(file, 'utf8'), TenantContract);
  if (!('document' in read)) throw new Error(read.mistakes.join('; '));
  const { document: contract } = read;
  const { account } = contract;
  const environments = Object.entries(contract.environments).map(([name, environment]) => {
    const signingProfile = `arn:aws:signer:${environment.region}:${account}:/signing-profiles/images`;
    const ofHere = EVERY_KIND.map((each) =>
      'secret' in each ? { ...each, secret: each.secret.replace('td/prod/', `td/${name}/`) } : each,
    );
    const more = {
      credentials: [
        ...ofHere,
        { id: 'app', kind: 'github-app-key', escrow: 'td/rotation/acme-app' },
      ] as typeof EVERY_KIND, // what the documents are made of
      githubApp: { id: 77, key: 'td/rotation/github-app' },
      recovery: { region: 'eu-central-1' },
      registry: { createIfMissing: true, signingProfile },
      breakGlass: {
        id: 'break-glass',
        role: `td-${name}-break-glass`,
        minutes: 60,
        principals: {},
        approval: { environment: `${tenant}-${name}-break-glass`, reviewers: 2 },
      },
    };
    return [name, { ...environment, ...more }] as const;
  });
  return { ...contract, environments: Object.fromEntries(environments) } as TenantContract;
}

interface Row {
  readonly title: string;
  readonly contract: TenantContract;
  readonly environment: string;
  readonly role: RenderedRole;
  readonly document: string;
  readonly statement: Statement;
}

const CONTRACTS = ['acme', 'globex'].map(allAgreed);
const RENDERED = CONTRACTS.map((contract) => ({ contract, environments: renderTenant(contract, RELEASED) }));

/** Every statement of every permission document that is rendered. */
const ROWS: readonly Row[] = RENDERED.flatMap(({ contract, environments }) =>
  Object.entries(environments).flatMap(([environment, { roles }]) =>
    roles.flatMap((role, at) =>
      Object.entries(documentsOf(role, environment)).flatMap(([document, policy]) =>
        // many roles have the same boundary
        document === 'boundary' && roles.findIndex((one) => one.boundary?.arn === role.boundary?.arn) < at
          ? []
          : statementsOf(policy).map((statement) => ({
              title: `${contract.id} ${environment}: ${role.kind} / ${document} / ${statement.Sid}`,
              ...{ contract, environment, role, document, statement },
            })),
      ),
    ),
  ),
);

/** By the file that they are made of. */
function documentsOf(
  { policies, optional, boundary }: RenderedRole,
  environment: string,
): Readonly<Record<string, PolicyDocument>> {
  const named = Object.entries({
    ...policies,
    ...optional,
    ...(boundary && { boundary: boundary.document }),
  });
  const prefix = new RegExp(`^td-(${environment}-)?`);
  return Object.fromEntries(
    named.map(([name, document]) => [name.replace(prefix, ''), document as PolicyDocument]), // as rendered
  );
}

function namesIn(contract: TenantContract, environment: string): Names {
  const { id: tenant, account } = contract;
  const agreed = contract.environments[environment];
  const [service, of] = Object.entries(agreed?.services ?? {})[0] ?? [];
  if (!agreed || !service || !of) throw new Error(`${tenant} has no service in ${environment}`);
  const { region, cluster, layers } = agreed;
  const { family, repository, layer } = of;
  return {
    ...{ tenant, environment, account, region, cluster, service, family, repository },
    subnets: layers[layer]?.subnets ?? [],
    vault: vaultBucket({ tenant, environment, account, region }),
    signingKey: `alias/td/${environment}/build`,
    incidentRole: agreed.breakGlass?.role ?? '',
    balancer: agreed.loadBalancer.name,
  };
}

const world = Object.assign(manualWorld(), { accounts: new Set(CONTRACTS.map(({ account }) => account)) });

beforeAll(async () => {
  await readReference();
  for (const { contract, environments } of RENDERED) {
    seedUser(world, contract.account, { name: 'acme-ci', path: '/td-rotatable/' });
    const read = readContract(contract);
    for (const [name, environment] of Object.entries(read.environments)) {
      const place = placeOf(read, name, environment);
      const identity = environments[name];
      if (!identity) throw new Error(`${name} is rendered`);
      seedIdentity(world, place, identity);
      seedNetwork(world, place);
      await seedWorkload(world, place, '/healthz');
      const { families } = ecsStore(world, place.account, place.region);
      const { family } = namesIn(contract, name);
      for (const other of ['another', `${family}-probe`]) {
        const [first] = families[family] ?? [];
        const arn = first?.arn.replace(`${family}:`, `${other}:`) ?? '';
        families[other] = first ? [{ ...first, family: other, arn }] : [];
      }
    }
  }
});

/** What IAM is asked for the request of a row, as the door of local-aws asks it. */
function asked({ contract, environment, role }: Row, request: Request) {
  const { account, region } = namesIn(contract, environment);
  const principal = {
    account,
    arn: `arn:aws:sts::${account}:assumed-role/${role.name}/td-1-1`,
    roleArn: `arn:aws:iam::${account}:role${role.path}${role.name}`,
  };
  const call = { principal, account, region, requestId: '', world, headers: {} };
  const asks: readonly Ask[] = request.call
    ? asksOf(...request.call, call)
    : request.ask
      ? [request.ask]
      : [];
  return { principal, region, asks };
}

/** The first action that is denied to the role, without a statement where one is named. */
function deniedTo(row: Row, request: Request, without?: Statement): string | undefined {
  const { principal, region, asks } = asked(row, request);
  // a grant is open, but where it is asked what is denied without one
  const documents = Object.entries(documentsOf(row.role, row.environment)).filter(
    ([name]) => name !== 'grants' || row.document === 'grants',
  );
  const left = documents.map(([name, { Version, Statement }]) => {
    const kept = [Statement].flat().filter((each) => each !== without);
    return [name, { Version, Statement: kept }] as const;
  });
  // what a boundary denies too would hide what a denial of the role itself is for
  const bounds = row.document === 'boundary' || row.statement.Effect === 'Allow';
  const boundary = bounds ? left.find(([name]) => name === 'boundary')?.[1] : undefined;
  const identity = {
    everything: false,
    policies: [
      ...left.filter(([name]) => name !== 'boundary').map(([, document]) => document),
      ...(request.beside ? [request.beside] : []),
    ],
    ...(boundary && { boundary }),
  };
  const resource = request.onResource && {
    document: request.onResource,
    account: principal.account,
    alone: false,
  };
  return asks.find(
    (ask) => !decideBy(identity, resource, principal, ask, lookupFor(world, principal, region, ask)).allowed,
  )?.action;
}

function requestOf({ contract, environment, document, statement }: Row): Request | undefined {
  return requestsIn(namesIn(contract, environment))[document]?.[statement.Sid ?? ''];
}

const of = (effect: Statement['Effect']) => ROWS.filter(({ statement }) => statement.Effect === effect);

test('every statement of a permission document has a name, and a request that needs it', () => {
  expect(ROWS.filter((row) => !requestOf(row)).map(({ title }) => title)).toEqual([]);
  expect(new Set(ROWS.map(({ title }) => title)).size).toBe(ROWS.length);
});

test('each permission is there for a call that our code makes', () => {
  const rooms = join(import.meta.dirname, '../../../packages');
  const sources = readdirSync(rooms)
    .filter((room) => existsSync(join(rooms, room, 'src')))
    .flatMap((room) =>
      readdirSync(join(rooms, room, 'src'), { recursive: true, encoding: 'utf8' }).map((file) =>
        join(rooms, room, 'src', file),
      ),
    )
    .filter((file) => file.endsWith('.ts'))
    .map((file) => readFileSync(file, 'utf8'))
    .join('\n');
  const made = of('Allow').flatMap((row) => requestOf(row)?.call?.[1] ?? []);
  expect(
    [...new Set(made)].filter(
      (operation) => !new RegExp(`\\b(paginate)?${operation}(Command)?\\b`, 'i').test(sources),
    ),
  ).toEqual([]);
});

test('what is asked is what AWS knows to ask', () => {
  for (const row of ROWS)
    for (const { action, resource } of asked(row, requestOf(row) ?? {}).asks) {
      const reference = actionReference(action);
      expect({ action, resource, fits: reference && fitsAction(reference, resource) }).toEqual({
        action,
        resource,
        fits: true,
      });
    }
});

describe('a permission that is taken away stops what a job asks for', () => {
  test.each(of('Allow'))('$title', (row) => {
    const request = requestOf(row) ?? {};
    expect(asked(row, request).asks.length).toBeGreaterThan(0);
    expect(deniedTo(row, request)).toBeUndefined();
    expect(deniedTo(row, request, row.statement)).toEqual(expect.any(String));
  });
});

describe('a denial that is taken away lets a hostile request through', () => {
  test.each(of('Deny'))('$title', (row) => {
    const request = requestOf(row) ?? {};
    expect(deniedTo(row, request)).toEqual(expect.any(String));
    expect(deniedTo(row, request, row.statement)).toBeUndefined();
  });
});
