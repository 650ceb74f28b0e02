import { SECOND } from '@tenant-delivery/domain';
import { root } from '@tenant-delivery/local-platform/provider-repository';
import { type Figure, round } from './figure.ts';
import { timeCommand } from './spawned.ts';

export async function demo(): Promise<readonly Figure[]> {
  const took = await timeCommand('npm', ['run', 'demo', '--silent'], root);
  return [{ bench: 'demo', figure: 'npm run demo', value: round(took / SECOND), unit: 's', target: 60 }];
}

/** Every suite again, without turbo's cache. */
export async function test(): Promise<readonly Figure[]> {
  const took = await timeCommand('npm', ['test', '--silent', '--', '--force'], root);
  return [{ bench: 'test', figure: 'npm test', value: round(took / SECOND), unit: 's', target: 90 }];
}

/** The second of two checks without a change between them. */
export async function check(): Promise<readonly Figure[]> {
  await timeCommand('npm', ['run', 'check', '--silent'], root);
  const took = await timeCommand('npm', ['run', 'check', '--silent'], root);
  return [
    { bench: 'check', figure: 'npm run check again', value: round(took / SECOND), unit: 's', target: 2 },
  ];
}
