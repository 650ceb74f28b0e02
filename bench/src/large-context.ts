import { type Figure, round } from './figure.ts';
import { measuredBuild } from './measured-build.ts';

/** The memory that our builder needs for a context of a gigabyte, built and pushed. */
export async function largeContext(): Promise<Figure> {
  const { run, close } = await measuredBuild({ megabytes: 1_000, links: 0 });
  try {
    const { memory } = await run();
    return {
      bench: 'builds',
      figure: 'a context of 1 GB without a daemon, peak memory',
      value: round(memory),
      unit: 'MB',
      target: 400,
    };
  } finally {
    await close();
  }
}
