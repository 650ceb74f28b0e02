import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');

const KERNEL = ['domain', 'action-kit', 'vault'];
const CAPABILITIES = [
  'evidence',
  'tenancy',
  'delivery',
  'oci',
  'findings',
  'deployment',
  'isolation',
  'rotation',
  'credentials',
  'break-glass',
  'provisioning',
];
/** What each room may import; `docs/how-it-fits.md` has the picture. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  domain: [],
  'action-kit': ['domain'],
  vault: ['domain'],
  evidence: KERNEL,
  tenancy: [...KERNEL, 'evidence', 'findings', 'credentials', 'break-glass'], // what a contract says of each is read beside who judges it
  delivery: [...KERNEL, 'evidence', 'tenancy'],
  oci: KERNEL,
  findings: KERNEL,
  deployment: KERNEL,
  isolation: [...KERNEL, 'deployment'],
  rotation: KERNEL,
  credentials: [...KERNEL, 'rotation'],
  'break-glass': [...KERNEL, 'rotation'],
  provisioning: [...KERNEL, 'tenancy', 'credentials'],
  aws: [...KERNEL, ...CAPABILITIES],
  github: [...KERNEL, 'evidence', 'tenancy', 'delivery', 'rotation', 'credentials'],
  'local-aws': [],
  'local-github': [],
  release: ['isolation', 'action-kit', 'evidence'], // the table of checks, for a README; the form of a trust file
};
/** Also those of a mode that has a folder of its own. */
const EDGES = /\/src\/(?:(?:[\w-]+\/)?(?:main|post|world)|agreed\/[\w-]+)\.ts$/;

interface Import {
  readonly file: string;
  readonly from: string;
}

function importsOf(file: string): readonly Import[] {
  const text = readFileSync(join(root, file), 'utf8').replace(/\/\*[\s\S]*?\*\//g, '');
  const pattern =
    /(?:^|\n)\s*(?:import|export)\s(?:[^'";]*?\sfrom\s)?['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]/g;
  return [...text.matchAll(pattern)].map((match) => ({ file, from: match[1] ?? match[2] ?? '' }));
}

/** One sentence for each import that breaks the rules of the house. */
export function breaches(): readonly string[] {
  const files = globSync('{packages,actions,local}/*/src/**/*.ts', { cwd: root }).sort();
  return files.flatMap((file) => [...importsOf(file).flatMap(judgeImport), ...judgeText(file)]);
}

/** The wing that a file is in, and the name of its room: `local/aws` is the package `local-aws`. */
function placeOf(file: string): { readonly area: string; readonly room: string } {
  const [area = '', folder = ''] = file.split('/');
  return { area, room: area === 'local' ? `local-${folder}` : folder };
}

function judgeImport({ file, from }: Import): readonly string[] {
  const { area, room } = placeOf(file);
  const ours = /^@tenant-delivery\/([^/]+)/.exec(from)?.[1];
  const says: string[] = [];
  if (from.startsWith('../../..'))
    says.push(`${file} reaches into another room by path (${from}); import the package`);
  if (area === 'actions') return [...says, ...judgeActionImport(file, from, ours)];
  const allowed = MAY_IMPORT[room];
  if (ours !== undefined && ours !== room && allowed !== undefined && !allowed.includes(ours)) {
    says.push(
      `${file} imports ${ours}, but ${room} may import only ${allowed.join(', ') || 'nothing of ours'}`,
    );
  }
  if (CAPABILITIES.includes(room) && /^@aws-sdk\/|^@smithy\/|^@actions\/|^node:https?$/.test(from)) {
    says.push(`${file} imports ${from}, but a capability speaks to the world only through its ports`);
  }
  if (room === 'domain' && ours === undefined && !from.startsWith('.')) {
    says.push(`${file} imports ${from}, but domain imports nothing`);
  }
  return says;
}

function judgeActionImport(file: string, from: string, ours: string | undefined): readonly string[] {
  if (ours === undefined) {
    return /^@aws-sdk\/|^@smithy\//.test(from)
      ? [`${file} imports ${from}, but SDK clients are made in packages/aws`]
      : [];
  }
  if (['local-aws', 'local-github', 'local-platform', 'testkit', 'tests', 'cli', 'release'].includes(ours)) {
    return [`${file} imports ${ours}, which is never shipped`];
  }
  const edge = ours === 'aws' || ours === 'github' || from === '@tenant-delivery/action-kit/github-runner';
  return edge && !EDGES.test(file)
    ? [`${file} imports ${from}; only main.ts, world.ts and post.ts make adapters`]
    : [];
}

function judgeText(file: string): readonly string[] {
  const text = readFileSync(join(root, file), 'utf8');
  const { area, room } = placeOf(file);
  const pure = area === 'actions' ? !EDGES.test(file) : CAPABILITIES.includes(room) || room === 'domain';
  const says: string[] = [];
  if (pure && /\bprocess\.env\b/.test(text)) says.push(`${file} reads process.env; hand the value in`);
  if (pure && /\bDate\.now\(\)|new Date\(\)/.test(text))
    says.push(`${file} reads the clock; hand the time in`);
  if (/\/src\/main\.ts$/.test(file) && area === 'actions') {
    if (/\bif\s*\(/.test(text)) says.push(`${file} has an if; decisions belong in run.ts`);
    if (text.trimEnd().split('\n').length > 30)
      says.push(`${file} is longer than 30 lines; it only builds the world`);
  }
  return says;
}

if (import.meta.main) {
  const found = breaches();
  for (const line of found) console.error(line);
  process.exitCode = found.length > 0 ? 1 : 0;
}
