import { expect, test } from '@jest/globals';
import type { TaskDefinition } from '@tenant-delivery/deployment';
import type { ResolvedService } from '@tenant-delivery/tenancy';
import { notesOf } from '../src/notes.ts';

const current: TaskDefinition = {
  arn: 'arn:aws:ecs:eu-west-1:000011112222:task-definition/acme-prod-orders:1',
  family: 'acme-prod-orders',
  active: true,
  tags: [],
  document: { containerDefinitions: [{ name: 'orders', cpu: 256 }] },
};
const of = (from: 'manifest' | 'contract', cpu?: number): Pick<ResolvedService, 'container' | 'scaling'> => ({
  container: {
    name: { value: 'orders', from: 'manifest' },
    port: { value: 8080, from: 'manifest' },
    ...(cpu !== undefined && { cpu: { value: cpu, from: 'manifest' } }),
  },
  scaling: { min: { value: 2, from }, max: { value: 5, from } },
});

test('a plan says what the manifest asks for and a delivery leaves alone', () => {
  expect(notesOf(current, of('manifest', 512))).toEqual([
    expect.stringContaining(
      'container.cpu 512, the task definition has 256: changing it is not supported yet',
    ),
    expect.stringContaining('2 to 5 tasks: a delivery leaves counts and scaling as they are'),
  ]);
});

test('a plan has nothing to say where the manifest asks for what is there', () => {
  expect(notesOf(current, of('contract', 256))).toEqual([]);
});
