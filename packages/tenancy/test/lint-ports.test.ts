import { expect, test } from '@jest/globals';
import { lint, prod } from './changed-contracts.ts';

test('a port that EC2 does not have, or a range that runs backwards, is named before a template has it', () => {
  const ports = ['8080', '8080-8090', '0-65535', '99999', '8090-8080', '1-70000'];
  const told = lint(
    prod(({ layerEdges }) => ({ layerEdges: layerEdges.map((edge) => ({ ...edge, ports })) })),
  );
  expect(told.filter((line) => line.includes('layerEdges'))).toEqual(
    ['99999', '8090-8080', '1-70000'].map((range) =>
      expect.stringContaining(`${range} is no port and no range of ports`),
    ),
  );
});

test('two ports that a template could not tell apart are named, and a port that is there twice', () => {
  const told = lint(
    prod(({ layerEdges }) => ({
      layerEdges: layerEdges.map((edge) => ({ ...edge, ports: ['80-81', '8081', '443', '443'] })),
    })),
  );
  expect(told.filter((line) => line.includes('layerEdges'))).toEqual([
    'acme.yaml: environments.prod.layerEdges: 443 from edge to app by tcp is there twice',
    'acme.yaml: environments.prod.layerEdges: 80-81 and 8081 from edge to app by tcp would have one name in the template; write the range as single ports',
  ]);
});
