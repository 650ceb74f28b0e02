import { failures } from './failures.ts';

/** A secret that `RUN --mount=type=secret,id=…` may read. No image and no record keeps it. */
export type BuildSecret = { readonly id: string } & (
  | { readonly kind: 'value'; readonly value: string }
  | { readonly kind: 'file'; readonly path: string }
);

/** Variables that hold the job's own access to GitHub and AWS. No build may have them. */
export const RUNNERS_VARIABLE = /^(ACTIONS|AWS|GITHUB|RUNNER|INPUT|STATE|TENANT_DELIVERY)_/i;

const ID = /^[A-Za-z0-9][\w.-]{0,127}$/;

/** Where secrets are found. `undefined` for one that is not there, or that no build may have. */
export interface SecretPlaces {
  variable(name: string): string | undefined;
  /** The real path of a file of the workspace or the job's temporary folder, outside of the build context. */
  file(path: string): string | undefined;
}

/** How secrets were given. */
export interface GivenSecrets {
  /** `ID=VARIABLE` lines. */
  readonly variables: readonly string[];
  /** `ID=PATH` lines. */
  readonly files: readonly string[];
  /** The name of one variable with `ID=VALUE` lines. A variable that is not set has no secrets. */
  readonly several?: string | undefined;
}

/** The variables that the lines name. */
export function secretVariables({ variables, several }: GivenSecrets): readonly string[] {
  const named = variables.map((line) => line.slice(line.indexOf('=') + 1));
  return several === undefined ? named : [...named, several];
}

/** Reads the secrets of a build. BUILD_SECRET_INVALID lists every mistake and never shows a value. */
export function readBuildSecrets(
  { variables, files, several }: GivenSecrets,
  places: SecretPlaces,
): readonly BuildSecret[] {
  const secrets: BuildSecret[] = [];
  const mistakes: string[] = [];
  const read = (
    input: string,
    what: string,
    line: string,
    n: number,
    find: (id: string, from: string) => void,
  ) => {
    const at = line.indexOf('=');
    const [id, from] = [line.slice(0, at), line.slice(at + 1)];
    if (at < 1 || !ID.test(id) || from === '') mistakes.push(`line ${n + 1} of ${input} is not ID=${what}`);
    else if (secrets.some((one) => one.id === id)) mistakes.push(`${id} is given twice`);
    else find(id, from);
  };
  for (const [n, line] of variables.entries()) {
    read('secrets', 'VARIABLE', line, n, (id, name) => {
      const value = /^[A-Za-z_]\w*$/.test(name) ? places.variable(name) : undefined;
      if (RUNNERS_VARIABLE.test(name))
        mistakes.push(`${id}: a variable of the runner is no secret of a build`);
      else if (!value)
        mistakes.push(`${id}: give the name of a variable that this step's env: sets, not a value`);
      else secrets.push({ id, kind: 'value', value });
    });
  }
  for (const [n, line] of files.entries()) {
    read('secret-files', 'PATH', line, n, (id, from) => {
      const path = places.file(from);
      if (path === undefined || /[,"\n]/.test(path)) {
        mistakes.push(
          `${id}: ${from} is no file of the workspace or of the job's temporary folder, or the build context holds it too`,
        );
      } else secrets.push({ id, kind: 'file', path });
    });
  }
  if (several !== undefined && RUNNERS_VARIABLE.test(several))
    mistakes.push(`${several}: a variable of the runner is no secret of a build`);
  else if (several !== undefined) {
    for (const [n, line] of (places.variable(several) ?? '').split(/\r?\n/).entries()) {
      if (line.trim() === '') continue;
      read(several, 'VALUE', line, n, (id, value) => secrets.push({ id, kind: 'value', value }));
    }
  }
  if (mistakes.length > 0) throw failures.buildSecretInvalid(mistakes);
  return secrets;
}
