import { measureRow } from '../growth-row.ts';
import { measuredBuild } from '../measured-build.ts';

const LINKS = 100; // for each megabyte, all in a row

await measureRow({
  work: `build and push a context of so many MB and ${LINKS} links for each`,
  n: 25,
  atMost: { processor: 10, memory: 2 },
  setUp: (megabytes) => measuredBuild({ megabytes, links: megabytes * LINKS }),
});
