import { expect, test } from '@jest/globals';
import { contractOfSize } from '../src/contract-of-size.ts';
import { agreedEnvironment } from '../src/doctor/agreed-environment.ts';
import { githubLines } from '../src/doctor/github-lines.ts';
import type { Asked } from '../src/doctor/line.ts';
import type { Sight } from '../src/doctor/ports.ts';
import { roleLines } from '../src/doctor/role-lines.ts';
import { serviceLines } from '../src/doctor/service-lines.ts';
import { workloadLines } from '../src/doctor/workload-lines.ts';

const CONTRACT = contractOfSize({ services: 1, repositories: 1, releases: 1, longest: false });
const PLACE = agreedEnvironment(CONTRACT, 'prod', {
  provider: 'OWNER/tenant-delivery',
  publishers: ['arn:aws:iam::000011112222:role/contracts'],
  trust: { schemaVersion: 1, keys: [] },
  at: 0,
});

/** An account in which nothing is there. */
const NOTHING = {
  account: new Proxy({}, { get: (_, asked) => async () => (asked === 'subnets' ? [] : undefined) }),
  vault: {},
} as unknown as Sight;

async function mends(lines: readonly Asked[]) {
  const said = lines.map(async ({ id, verdict }) => [id, (await verdict).mend] as const);
  return Object.fromEntries(await Promise.all(said));
}

const again = (part: string) =>
  `gh workflow run provision.yml -f tenant=acme -f environment=prod -f account=000011112222 -f region=eu-west-1 -f part=${part}`;

test('what a stack makes is mended by the run that provisions its part', async () => {
  const lines = workloadLines(PLACE, NOTHING).filter(({ id }) =>
    /^(cluster|service\/orders-0\/(log-group|scaling|repository))$/.test(id),
  );
  expect(await mends(lines)).toEqual({
    cluster: again('network'),
    'service/orders-0/log-group': again('services'),
    'service/orders-0/scaling': again('services'),
    'service/orders-0/repository': again('services'),
  });
});

test('a repository of two environments has the tag of one of them, and the one that makes it is asked to', async () => {
  const contract = structuredClone(CONTRACT);
  const { prod } = contract.environments;
  if (!prod) throw new Error('it has prod');
  contract.environments['staging'] = structuredClone(prod);
  Object.assign(prod.services['orders-0']?.provision ?? {}, { repositoryOf: 'staging' });
  const place = { ...PLACE, contract, environment: prod };
  const tagged = (there: string | undefined) =>
    ({
      ...NOTHING,
      account: {
        ...{ service: async () => undefined, range: async () => undefined, logGroup: async () => undefined },
        ...{ targetGroup: async () => undefined, tags: async () => ({ 'tenant-delivery:contract': there }) },
        repository: async () => ({ immutable: true, arn: 'arn:aws:ecr:r' }),
      },
    }) as unknown as Sight;
  const agreed = prod.services['orders-0'];
  if (!agreed) throw new Error('it has orders-0');
  const judge = async (there: string | undefined) => {
    const lines = serviceLines(place, tagged(there), 'orders-0', agreed, Promise.resolve(undefined));
    return lines.find(({ id }) => id === 'service/orders-0/repository/tags')?.verdict;
  };
  expect((await judge('acme/staging'))?.result).toBe('ok');
  expect((await judge('acme/prod'))?.result).toBe('ok');
  const wrong = { result: 'wrong', mend: expect.stringContaining('Value=acme/staging') };
  expect(await judge('acme/dev')).toMatchObject(wrong);
  expect(await judge(undefined)).toMatchObject(wrong);
  const absent = workloadLines(place, NOTHING).filter(({ id }) => id === 'service/orders-0/repository');
  expect(await mends(absent)).toEqual({
    'service/orders-0/repository': again('services').replace('environment=prod', 'environment=staging'),
  });
});

test('a role is made again by its stack, and by the administrator where no workflow may change it', async () => {
  const roles = PLACE.rendered.roles.flatMap((role) =>
    roleLines(role, Promise.resolve(undefined), PLACE, NOTHING).filter(
      ({ id }) => id === `role/${role.name}`,
    ),
  );
  const said = await mends(roles);
  expect(said['role/td-prod-gate']).toBe(again('foundation'));
  expect(said['role/td-prod-provision']).toMatch(/^Apply td-acme-prod-provisioning again, as docs/);
  expect(Object.values(said).filter((mend) => mend.includes('create-role'))).toEqual([]);
});

test('a setting at GitHub is mended by the App of the contract, as a planned change, where there is one', async () => {
  const observed = { approval: 'absent', deployment: 'absent', rules: {}, ruleset: 'absent' } as const;
  const github = {
    observe: async ({ id }: { readonly id: number }) => ({ ...observed, id, visibility: 'public' as const }),
    plan: async () => undefined,
    workflows: async () => [],
  };
  const of = async (githubApp?: { readonly id: number; readonly key: string }) => {
    const { prod } = CONTRACT.environments;
    const agreed = { ...prod, ...(githubApp && { githubApp }) } as typeof PLACE.environment;
    const place = { ...PLACE, environment: agreed };
    return mends(githubLines(place, { github, newest: Promise.resolve(undefined) }));
  };
  const byApp = await of({ id: 77, key: 'td/rotation/app' });
  expect(byApp['github/acme/repository-0/ruleset']).toBe(again('foundation'));
  expect(byApp['github/provider/tenant-operations/acme-prod']).toContain('settings/environments');
  expect((await of())['github/acme/repository-0/ruleset']).toContain('settings/rules');
});
