import { startLocalPlatform } from '@tenant-delivery/local-platform';
import { root } from '@tenant-delivery/local-platform/provider-repository';
import { buildIfStale } from '@tenant-delivery/release/stale';
import { claimsOn } from '../demo/claims.ts';
import { type Stage, stageOn } from '../demo/stage.ts';
import { terminalOf } from '../terminal/terminal.ts';

const SCALE = 30; // times as fast as real time, as in the demo

/** Plays scenes of the demo for pictures of what they leave. Fails if one of them went another way than it claims. */
export async function play(
  environments: readonly ('prod' | 'staging')[],
  scenes: (stage: Stage) => Promise<void>,
): Promise<void> {
  const { signal: interrupted } = new AbortController();
  const out = (line: string) => console.log(line);
  const terminal = terminalOf({ cwd: root, env: process.env, out, err: out, interrupted });
  const claims = claimsOn(terminal);
  terminal.line(await buildIfStale());
  const platform = await startLocalPlatform({ scale: SCALE, environments });
  try {
    await scenes(stageOn(platform, terminal, claims));
    if (claims.broken() > 0) throw new Error(`${claims.broken()} claims did not hold`);
  } finally {
    await platform.close();
  }
}
