import { claimsOn } from '@tenant-delivery/cli/demo/claims';
import { umbrella } from '@tenant-delivery/cli/demo/umbrella';
import { terminalOf } from '@tenant-delivery/cli/terminal/terminal';
import { type Figure, round } from './figure.ts';

/** The demo's new tenant: from an empty account to its first verified delivery, and on to its withdrawal. */
export async function onboarding(): Promise<readonly Figure[]> {
  const said: string[] = [];
  const terminal = terminalOf({
    ...{ cwd: '.', env: {}, err: () => {}, interrupted: new AbortController().signal },
    out: (line: string) => void said.push(line),
  });
  const claims = claimsOn(terminal);
  const { delivered, withdrawn } = await umbrella({ terminal, claims });
  if (claims.broken() > 0) throw new Error(said.filter((line) => line.includes('✗')).join('\n'));
  const about = { bench: 'onboarding', unit: 's', target: 30 };
  return [
    { ...about, figure: 'a new tenant to its first verified delivery, local', value: round(delivered) },
    { ...about, figure: 'the whole scenario of the demo, to its withdrawal', value: round(withdrawn) },
  ];
}
