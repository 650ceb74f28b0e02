import { expect, test } from '@jest/globals';
import { contractOfSize } from '../src/contract-of-size.ts';
import { lintDocuments } from '../src/lint-documents.ts';

const PROVIDER = 'OWNER/tenant-delivery';
const SMALL = { services: 1, repositories: 1, releases: 1, longest: false };

test('a template that no request could carry is named before anybody plans it', () => {
  const contract = contractOfSize(SMALL);
  expect(lintDocuments(contract, PROVIDER)).toEqual([]);
  const [edge] = contract.environments['prod']?.layerEdges ?? [];
  edge?.ports.push(...Array.from({ length: 200 }, (_, port) => String(20_000 + port)));
  expect(lintDocuments(contract, PROVIDER)).toEqual([
    expect.stringMatching(
      /^environments\.prod: the template of td-acme-prod-network has \d+ bytes, and a request carries 51200/,
    ),
  ]);
});
