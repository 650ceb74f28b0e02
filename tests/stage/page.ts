/** What a page has its reader do, in the words of the page. */
export interface Step {
  /** A command of a block of `sh`, the content of a block of `yaml`, an edit as a `diff`, or a person's `click`. */
  readonly kind: 'sh' | 'yaml' | 'diff' | 'click';
  readonly text: string;
}

/** A fenced block, or `> **Click (who):** what`: what a person does in a browser or at a device of their own. */
const STEPS =
  /^(?<indent> *)```(?<kind>\w*)\n(?<block>[\s\S]*?)^\1```$|^ *> \*\*Click \([^)]+\):\*\* (?<click>.*(?:\n *> .*)*)$/gm;

/** What a page shows and nobody runs: of this kind is what a plan looks like. */
const SHOWN = 'text';

/** Every command, file, edit and click of a page, in their order. They may stand in a list, and then lose its indentation. */
export function stepsIn(page: string): readonly Step[] {
  return [...page.matchAll(STEPS)].flatMap(({ groups = {} }) => {
    const { indent = '', kind = '', block = '', click } = groups;
    if (click !== undefined) return [{ kind: 'click' as const, text: click.replace(/\n *> /g, ' ') }];
    return blockOf(kind, block.replace(new RegExp(`^${indent}`, 'gm'), ''));
  });
}

function blockOf(kind: string, text: string): readonly Step[] {
  if (kind === SHOWN) return [];
  if (kind === 'yaml' || kind === 'diff') return [{ kind, text }];
  if (kind !== 'sh') throw new Error(`nobody here reads a block of "${kind}":\n${text}`);
  const commands = text.replaceAll('\\\n', '').split('\n');
  return commands.filter((each) => each !== '').map((each) => ({ kind: 'sh', text: each }));
}

const RUNS = /^(aws|cp|export|gh|git|perl|rm|skopeo|tenant-delivery|\(umask) \S/;

/** Commands in running text, which nobody would run: a page has its commands in blocks. */
export function commandsInText(page: string): readonly string[] {
  const text = page.replace(STEPS, '');
  return [...text.matchAll(/`([^`\n]+)`/g)].flatMap(([, code = '']) => (RUNS.test(code) ? [code] : []));
}

/** A file after an edit that a page shows: in each hunk, lines that stay or go, then those that come in their place. */
export function edited(file: string, diff: string): string {
  const hunks = [...diff.matchAll(/(?:^[ -].*\n)+(?:^\+.*\n)+/gm)].map(([hunk]) => hunk);
  return hunks.reduce((text, hunk) => {
    const lines = hunk.split('\n').slice(0, -1);
    const before = lines.filter((line) => !line.startsWith('+'));
    const after = lines.filter((line) => !line.startsWith('-'));
    const [old, next] = [before, after].map(
      (some) => `\n${some.map((line) => `${line.slice(1)}\n`).join('')}`,
    );
    const places = text.split(old ?? '').length - 1;
    if (places !== 1) throw new Error(`the file has ${JSON.stringify(old)} ${places} times`);
    return text.replace(old ?? '', () => next ?? '');
  }, file);
}
