import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path/posix';
import { type Program, parseSync } from 'oxc-parser';

export const root = join(import.meta.dirname, '../..');

/** A module of ours, as the parser sees it. `file` is its path in the repository. */
export interface Module {
  readonly file: string;
  readonly room: string;
  /** `src`, `test`, or a folder of the wing `tests`. */
  readonly part: string;
  readonly imports: readonly Import[];
  /** It hands on what another file of ours exports. */
  readonly reexports: boolean;
  readonly lines: number;
  program(): Program;
}

export interface Import {
  readonly specifier: string;
  /** `type`: gone at run time. `dynamic`: loaded by `import()`, where the argument is a plain string. */
  readonly kind: 'value' | 'type' | 'dynamic';
  /** What it is in the repository: a file of the same room, or what another room is asked for. */
  readonly to: Target;
}

export type Target =
  | { readonly kind: 'file'; readonly file: string }
  /** `entry` is the key of the room's `exports`: `.`, or `./name`. */
  | { readonly kind: 'room'; readonly room: string; readonly entry: string }
  | { readonly kind: 'foreign'; readonly name: string };

/** Every source and every suite of every workspace. */
export function modules(): readonly Module[] {
  const files = globSync(
    ['{packages,actions,local}/*/{src,test}/**/*.ts', 'bench/src/**/*.ts', 'tests/*/**/*.ts'],
    {
      cwd: root,
    },
  );
  return files.sort().map((file) => parseModule(file, readFileSync(join(root, file), 'utf8')));
}

/** The name of the package that a file belongs to: `local/aws` is `local-aws`. */
export function roomOf(file: string): string {
  const [wing = '', folder = ''] = file.split('/');
  if (wing === 'local') return `local-${folder}`;
  return wing === 'packages' || wing === 'actions' ? folder : wing;
}

export function parseModule(file: string, text: string): Module {
  const parsed = parseSync(file, text);
  const room = roomOf(file);
  const { staticImports, staticExports, dynamicImports } = parsed.module;
  const imports = [
    ...staticImports.map(({ moduleRequest, entries }) => ({
      specifier: moduleRequest.value,
      isType: entries.length > 0 && entries.every(({ isType }) => isType),
    })),
    ...staticExports.flatMap(({ entries }) =>
      entries.flatMap(({ moduleRequest, isType }) =>
        moduleRequest === null ? [] : [{ specifier: moduleRequest.value, isType }],
      ),
    ),
  ].map(({ specifier, isType }) => ({ specifier, kind: isType ? ('type' as const) : ('value' as const) }));
  const dynamic = dynamicImports.flatMap(({ moduleRequest: { start, end } }) => {
    const [, specifier] = /^['"](.*)['"]$/.exec(text.slice(start, end)) ?? [];
    return specifier === undefined ? [] : [{ specifier, kind: 'dynamic' as const }];
  });
  return {
    file,
    room,
    part: file.split('/')[room === 'tests' || room === 'bench' ? 1 : 2] ?? '',
    imports: [...imports, ...dynamic].map((each) => ({ ...each, to: targetOf(file, each.specifier) })),
    reexports: staticExports.some(({ entries }) =>
      entries.some(
        ({ moduleRequest }) =>
          moduleRequest !== null && targetOf(file, moduleRequest.value).kind !== 'foreign',
      ),
    ),
    lines: text.trimEnd().split('\n').length,
    program: () => parsed.program,
  };
}

function targetOf(file: string, specifier: string): Target {
  if (specifier.startsWith('.')) return { kind: 'file', file: join(file, '..', specifier) };
  const [, room, rest = ''] = /^@tenant-delivery\/([^/]+)(\/.*)?$/.exec(specifier) ?? [];
  if (room !== undefined) return { kind: 'room', room, entry: `.${rest}` };
  const [, name = specifier] = /^(node:.*|@[^/]+\/[^/]+|[^/]+)/.exec(specifier) ?? [];
  return { kind: 'foreign', name };
}
