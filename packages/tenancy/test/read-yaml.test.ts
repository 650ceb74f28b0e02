import { expect, test } from '@jest/globals';
import { ServiceManifest } from '../src/manifest.ts';
import { readYaml } from '../src/read-yaml.ts';

const GOOD = `schemaVersion: 1
tenant: acme
name: orders
layer: app
container: { name: orders, port: 8080 }
health: { path: /healthz }
`;

const read = (text: string) => readYaml(text, ServiceManifest);

test('reads a manifest', () => {
  expect(read(GOOD)).toMatchObject({ document: { container: { port: 8080 } } });
});

test.each([
  [
    'an unknown key, with its place and the nearest name',
    GOOD.replace('path:', 'pth:'),
    'health.pth: is not a known key; did you mean path?',
  ],
  ['a missing key', GOOD.replace('layer: app\n', ''), 'layer: is missing'],
  ['a list instead of keys', '- a\n', 'the file is no mapping'],
  [
    'a value of the wrong size',
    GOOD.replace('8080', '80800'),
    'container.port: is 80800; must be at most 65535',
  ],
  [
    'a syntax error, with line and column',
    GOOD.replace('{ path: /healthz }', '{ path: /healthz'),
    'line 7, column 1',
  ],
  [
    'a key that stands there twice',
    `${GOOD}layer: edge\n`,
    'line 7, column 1: This key is there twice; keep one of them',
  ],
  [
    'an alias, which could make a small file huge',
    GOOD.replace('name: orders\n', 'name: &n orders\n').replace('{ name: orders', '{ name: *n'),
    'line 5, column 20: is an alias',
  ],
  ['an empty file', '', 'is empty'],
])('names %s', (_, text, mistake) => {
  expect(read(text)).toMatchObject({ mistakes: expect.arrayContaining([expect.stringContaining(mistake)]) });
});

test('names every mistake at once', () => {
  const text = GOOD.replace('tenant: acme', 'tenant: Acme!')
    .replace('path: /healthz', 'path: healthz')
    .replace('schemaVersion: 1', 'schemaVersion: 2');
  expect(read(text)).toMatchObject({
    mistakes: [
      'schemaVersion: is 2; must be 1',
      'tenant: is "Acme!"; must be a tenant id',
      'health.path: is "healthz"; must be a path such as /healthz',
    ],
  });
});
