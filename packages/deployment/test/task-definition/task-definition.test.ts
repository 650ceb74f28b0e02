import { expect, test } from '@jest/globals';
import type { Json } from '@tenant-delivery/domain';
import fc from 'fast-check';
import {
  canonicalTaskDefinition,
  sameTags,
  sameTaskDefinition,
} from '../../src/task-definition/canonical.ts';
import { diffTaskDefinitions, HIDDEN } from '../../src/task-definition/diff.ts';
import { platformOf } from '../../src/task-definition/platform.ts';
import { imageOf, logStreamOf, registrable, withImage } from '../../src/task-definition/task-definition.ts';
import { describedTaskDefinition, OLD_IMAGE } from './a-task-definition.ts';

const NEW = { repositoryUri: 'registry.example/acme/orders', digest: `sha256:${'b'.repeat(64)}` as const };

test('sets the image of the named container and of no other, keeping every member that it does not know', () => {
  const before = registrable(describedTaskDefinition({ memberOfNextYear: { kept: [''] } }));
  const after = withImage(before, 'app', NEW);
  expect(imageOf(after, 'app')).toBe(`registry.example/acme/orders@sha256:${'b'.repeat(64)}`);
  expect(imageOf(after, 'sidecar')).toBe('registry.example/acme/proxy:1');
  expect(after['memberOfNextYear']).toEqual({ kept: [''] });
  expect(JSON.stringify(after)).toContain('{"name":"EMPTY","value":""}');
  expect(after).not.toHaveProperty('revision');
});

test('takes a task definition that was registered without defaults for the same as its description', () => {
  const asked = {
    family: 'acme-prod-orders',
    networkMode: 'awsvpc',
    requiresCompatibilities: ['FARGATE'],
    cpu: 256,
    memory: 512,
    executionRoleArn: 'arn:aws:iam::000011112222:role/execution',
    containerDefinitions: [
      {
        name: 'app',
        image: OLD_IMAGE,
        portMappings: [{ containerPort: 8080 }],
        environment: [
          { name: 'EMPTY', value: '' },
          { name: 'MODE', value: 'live' },
        ],
        secrets: [{ name: 'DB', valueFrom: 'arn:aws:secretsmanager:eu-west-1:000011112222:secret:db' }],
        logConfiguration: {
          logDriver: 'awslogs',
          options: {
            'awslogs-group': '/td/acme/prod/orders',
            'awslogs-region': 'eu-west-1',
            'awslogs-stream-prefix': 'app',
          },
        },
      },
      { name: 'sidecar', image: 'registry.example/acme/proxy:1', essential: false },
    ],
  };
  expect(sameTaskDefinition(asked, describedTaskDefinition())).toBe(true);
});

test('an empty text is a value, the order of containers matters, the order of variables does not', () => {
  const base = {
    containerDefinitions: [{ name: 'a', environment: [{ name: 'X', value: '' }] }, { name: 'b' }],
  };
  const swapped = { containerDefinitions: [...base.containerDefinitions].reverse() };
  expect(sameTaskDefinition(base, { containerDefinitions: [{ name: 'a' }, { name: 'b' }] })).toBe(false);
  expect(sameTaskDefinition(base, swapped)).toBe(false);
});

const variables = fc.uniqueArray(fc.record({ name: fc.string({ minLength: 1 }), value: fc.string() }), {
  selector: ({ name }) => name,
  maxLength: 6,
});

test('shuffling what has no order, and what ECS adds on registering, never makes a difference', () => {
  fc.assert(
    fc.property(variables, fc.infiniteStream(fc.double({ noNaN: true })), (environment, random) => {
      const shuffled = environment
        .map((entry) => ({ entry, at: random.next().value ?? 0 }))
        .sort((a, b) => a.at - b.at)
        .map(({ entry }) => entry);
      const one = { containerDefinitions: [{ name: 'app', environment }] };
      const other = {
        revision: 9,
        volumes: [],
        containerDefinitions: [{ name: 'app', cpu: 0, essential: true, links: null, environment: shuffled }],
      };
      expect(canonicalTaskDefinition(other)).toBe(canonicalTaskDefinition(one));
    }),
  );
});

test('no difference is shown between equals, and some between others, whatever the documents hold', () => {
  const json = fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<Json>; // JSON is what it makes
  const document = fc.dictionary(fc.constantFrom('cpu', 'volumes', 'environment', 'odd'), json);
  fc.assert(
    fc.property(document, document, (a, b) => {
      expect(diffTaskDefinitions(a, a)).toEqual([]);
      expect(diffTaskDefinitions(a, b).length === 0).toBe(sameTaskDefinition(a, b));
    }),
  );
});

test('shows a changed image in full and a changed variable by name only', () => {
  const before = describedTaskDefinition();
  const after = JSON.parse(
    JSON.stringify(withImage(before, 'app', NEW)).replace('"live"', '"hunter2"'),
  ) as typeof before; // the same document with one value changed
  expect(diffTaskDefinitions(before, after)).toEqual([
    { path: 'containerDefinitions.app.environment.MODE', from: HIDDEN, to: HIDDEN },
    {
      path: 'containerDefinitions.app.image',
      from: OLD_IMAGE,
      to: `registry.example/acme/orders@sha256:${'b'.repeat(64)}`,
    },
  ]);
});

test('never prints what a variable, a command or a log option holds', () => {
  const secret = fc.stringMatching(/^s3cr3t[a-z]{8}$/);
  fc.assert(
    fc.property(secret, secret, fc.boolean(), (was, is, whole) => {
      const holding = (value: string) => ({
        containerDefinitions: [
          {
            name: 'app',
            environment: [{ name: 'A', value }],
            command: ['run', value],
            logConfiguration: { options: { token: value } },
          },
        ],
      });
      const text = JSON.stringify(diffTaskDefinitions(whole ? {} : holding(was), holding(is)));
      expect(text).not.toContain('s3cr3t');
    }),
  );
});

test('a container that appears or goes shows its image and the names of its variables', () => {
  const proxy = {
    name: 'proxy',
    image: OLD_IMAGE,
    environment: [{ name: 'TOKEN', value: 'hunter2' }],
    secrets: [{ name: 'KEY', valueFrom: '/acme/key' }],
  };
  const containerDefinitions = [{ name: 'app', image: OLD_IMAGE }];
  const [without, having] = [
    { containerDefinitions },
    { containerDefinitions: [...containerDefinitions, proxy] },
  ];
  const shown = [
    ['cpu', '0'],
    ['environment.TOKEN', HIDDEN],
    ['essential', 'true'],
    ['image', OLD_IMAGE],
    ['name', 'proxy'],
    ['secrets.KEY', '/acme/key'],
  ].map(([member, value]) => ({ path: `containerDefinitions.proxy.${member}`, value }));
  expect(diffTaskDefinitions(without, having)).toEqual(
    shown.map(({ path, value }) => ({ path, from: undefined, to: value })),
  );
  expect(diffTaskDefinitions(having, without)).toEqual(
    shown.map(({ path, value }) => ({ path, from: value, to: undefined })),
  );
});

test('no name of a container or of a variable keeps a change from being shown', () => {
  const named = (name: string, image: string, value: string) => ({
    containerDefinitions: [{ name, image, environment: [{ name: 'constructor', value }] }],
  });
  for (const name of ['command', 'options', 'environment', 'constructor', '__proto__']) {
    expect(diffTaskDefinitions(named(name, 'a', '1'), named(name, 'b', '2'))).toEqual([
      { path: `containerDefinitions.${name}.environment.constructor`, from: HIDDEN, to: HIDDEN },
      { path: `containerDefinitions.${name}.image`, from: 'a', to: 'b' },
    ]);
  }
});

test('the order of containers is shown as a change, beside what else changes', () => {
  const [a, b] = [
    { name: 'a', image: 'x' },
    { name: 'b', image: 'x' },
  ];
  expect(
    diffTaskDefinitions(
      { containerDefinitions: [a, b] },
      { containerDefinitions: [b, { ...a, image: 'y' }] },
    ),
  ).toEqual([
    { path: 'containerDefinitions (order)', from: 'a, b', to: 'b, a' },
    { path: 'containerDefinitions.a.image', from: 'x', to: 'y' },
  ]);
});

test.each([
  [{ cpu: '256', memory: '1024' }, { cpu: '.25 vCPU', memory: '1 GB' }, true],
  [
    { containerDefinitions: [{ name: 'a', dockerLabels: { cpu: '1 vCPU' } }] },
    { containerDefinitions: [{ name: 'a', dockerLabels: { cpu: '1024' } }] },
    false,
  ],
  [
    { containerDefinitions: [{ name: 'a', healthCheck: { command: ['CMD'] } }] },
    {
      containerDefinitions: [
        { name: 'a', healthCheck: { command: ['CMD'], interval: 30, timeout: 5, retries: 3 } },
      ],
    },
    true,
  ],
  [
    { networkMode: 'host', containerDefinitions: [{ name: 'a', portMappings: [{ containerPort: 80 }] }] },
    {
      networkMode: 'host',
      containerDefinitions: [
        { name: 'a', portMappings: [{ containerPort: 80, hostPort: 80, protocol: 'tcp' }] },
      ],
    },
    true,
  ],
  [
    { networkMode: 'bridge', containerDefinitions: [{ name: 'a', portMappings: [{ containerPort: 80 }] }] },
    {
      networkMode: 'bridge',
      containerDefinitions: [{ name: 'a', portMappings: [{ containerPort: 80, hostPort: 80 }] }],
    },
    false,
  ],
])('%j beside %j runs the same: %s', (one, other, same) => {
  expect(sameTaskDefinition(one, other)).toBe(same);
});

test('tags are the same in any order', () => {
  const [a, b] = [
    { key: 'a', value: '1' },
    { key: 'b', value: '2' },
  ];
  expect(sameTags([a, b], [b, a])).toBe(true);
  expect(sameTags([a], [a, b])).toBe(false);
});

test.each([
  [{}, 'linux/amd64'],
  [{ runtimePlatform: { cpuArchitecture: 'ARM64', operatingSystemFamily: 'LINUX' } }, 'linux/arm64'],
  [{ runtimePlatform: { operatingSystemFamily: 'WINDOWS_SERVER_2022_CORE' } }, 'windows/amd64'],
  [{ runtimePlatform: { cpuArchitecture: 'RISCV' } }, undefined],
])('a task definition with %j runs images for %s', (document, platform) => {
  expect(platformOf(document)).toBe(platform);
});

test('knows where a container writes its lines, and says so when it does not', () => {
  const task = 'arn:aws:ecs:eu-west-1:000011112222:task/acme-prod/0123';
  expect(logStreamOf(describedTaskDefinition(), 'app', task)).toEqual({
    group: '/td/acme/prod/orders',
    stream: 'app/app/0123',
  });
  expect(logStreamOf(describedTaskDefinition(), 'sidecar', task)).toBeUndefined();
});
