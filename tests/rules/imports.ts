import { globSync } from 'node:fs';
import { type Program, Visitor } from 'oxc-parser';
import { exportBreaches } from './exports.ts';
import { type Import, type Module, modules, roomOf, root } from './import-graph.ts';

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
  'migration',
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
  provisioning: [...KERNEL, 'evidence', 'tenancy', 'credentials'],
  migration: [], // text in, text out
  aws: [...KERNEL, ...CAPABILITIES],
  github: [...KERNEL, 'evidence', 'tenancy', 'delivery', 'rotation', 'credentials', 'provisioning'],
  'local-aws': [],
  'local-github': [],
  release: [
    ...['domain', 'isolation', 'action-kit', 'evidence'], // the table of checks, for a README; the form of a trust file
    ...['aws', 'deployment', 'findings', 'github', 'local-aws', 'local-github', 'oci', 'provisioning'], // what each assumes
  ],
};
/** They work with all rooms, and are never shipped. */
const AROUND = ['local-platform', 'testkit', 'tests', 'cli', 'bench', 'canary'];
const NEVER_SHIPPED = [...AROUND, 'local-aws', 'local-github', 'release'];
const ACTIONS = globSync('actions/*/action.yml', { cwd: root }).map(roomOf);
/** The one room of shipped code that may import a client. */
const CLIENTS: readonly (readonly [RegExp, string])[] = [
  [/^@(aws-sdk|smithy)\//, 'aws'],
  [/^@octokit\/|^@actions\/github$/, 'github'],
  [/^@actions\/core$/, 'action-kit'],
];
/** Where an action makes its adapters; also those of a mode that has a folder of its own. */
const EDGES = /\/src\/(?:(?:[\w-]+\/)?(?:main|post|world)|agreed\/[\w-]+)\.ts$/;

/** One sentence for each import that breaks the rules of the house. */
export function breaches(all: readonly Module[] = modules()): readonly string[] {
  return all.flatMap((module) => [
    ...module.imports.flatMap((each) => judgeImport(module, each)),
    ...(module.part === 'src' ? [...judgeDoors(module), ...judgeSource(module)] : []),
  ]);
}

/** A name has one place that it is imported from. */
function judgeDoors(module: Module): readonly string[] {
  const { file, reexports } = module;
  if (!reexports || !isShipped(module) || file === 'packages/domain/src/index.ts') return [];
  return [`${file} exports what another file has; let others import that file`];
}

const isShipped = ({ room, part }: Module) => part === 'src' && !NEVER_SHIPPED.includes(room);

function judgeImport(module: Module, { specifier, to }: Import): readonly string[] {
  const says = (text: string) => [`${module.file} imports ${specifier}${text}`];
  if (to.kind === 'file') {
    if (roomOf(to.file) !== module.room) return says(': that is another room; import its package by name');
    return module.part === 'src' && /\/test\//.test(to.file) ? says(', which is a part of tests') : [];
  }
  if (module.part !== 'src') return [];
  return to.kind === 'foreign' ? judgeForeign(module, to.name, says) : judgeRoom(module, to, says);
}

function judgeForeign(module: Module, name: string, says: (text: string) => string[]): readonly string[] {
  const { room } = module;
  if (room === 'domain') return says(', but domain imports nothing');
  if (!isShipped(module)) return [];
  if (CAPABILITIES.includes(room) && /^node:https?$/.test(name)) {
    return says(', but a capability speaks to the world only through its ports');
  }
  const [, home = room] = CLIENTS.find(([client]) => client.test(name)) ?? [];
  return home === room ? [] : says(`, but only packages/${home} makes clients of it`);
}

function judgeRoom(
  module: Module,
  to: { readonly room: string; readonly entry: string },
  says: (text: string) => string[],
): readonly string[] {
  const { room, file } = module;
  if (to.room === room) return says(': that is its own room; import the file');
  if (isShipped(module) && NEVER_SHIPPED.includes(to.room)) return says(', which is never shipped');
  if (isShipped(module) && to.entry.startsWith('./test/')) return says(', which is a part of tests');
  if (AROUND.includes(room)) return [];
  if (ACTIONS.includes(room)) {
    const isEdge = ['aws', 'github'].includes(to.room) || /^\.\/github-runner$/.test(to.entry);
    return isEdge && !EDGES.test(file) ? says('; only main.ts, world.ts and post.ts make adapters') : [];
  }
  const allowed = MAY_IMPORT[room];
  if (allowed === undefined) return says(`, but tests/rules/imports.ts does not say what ${room} may import`);
  return allowed.includes(to.room)
    ? []
    : says(`, but ${room} may import only ${allowed.join(', ') || 'nothing of ours'}`);
}

/** What a decision may not do, and an action's main.ts leaves to its run.ts. */
function judgeSource(module: Module): readonly string[] {
  const { file, room } = module;
  const pure = ACTIONS.includes(room) ? !EDGES.test(file) : CAPABILITIES.includes(room) || room === 'domain';
  const isMain = ACTIONS.includes(room) && file.endsWith('/src/main.ts');
  if (!pure && !isMain) return [];
  const { environment, clock, branches } = usesIn(module.program());
  const says: string[] = [];
  if (pure && environment) says.push(`${file} reads process.env; hand the value in`);
  if (pure && clock) says.push(`${file} reads the clock; hand the time in`);
  if (isMain && branches) says.push(`${file} has an if; decisions belong in run.ts`);
  if (isMain && module.lines > 30) says.push(`${file} is longer than 30 lines; it only builds the world`);
  return says;
}

function usesIn(program: Program) {
  const found = { environment: false, clock: false, branches: false };
  new Visitor({
    MemberExpression({ object, property }) {
      if (object.type !== 'Identifier' || property.type !== 'Identifier') return;
      if (object.name === 'process' && property.name === 'env') found.environment = true;
      if (object.name === 'Date' && property.name === 'now') found.clock = true;
    },
    NewExpression({ callee, arguments: given }) {
      if (callee.type === 'Identifier' && callee.name === 'Date' && given.length === 0) found.clock = true;
    },
    IfStatement() {
      found.branches = true;
    },
  }).visit(program);
  return found;
}

if (import.meta.main) {
  const all = modules();
  const found = [...breaches(all), ...exportBreaches(all)];
  for (const line of found) console.error(line);
  process.exitCode = found.length > 0 ? 1 : 0;
}
