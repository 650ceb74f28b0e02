/** What a page lets its reader do: a command of a block of `sh`, the content of a block of `yaml`, or an edit as a `diff`. */
export interface Step {
  readonly kind: 'sh' | 'yaml' | 'diff';
  readonly text: string;
}

/** Every command, file and edit of a page, in their order. Blocks may stand in a list, and then lose its indentation. */
export function blocksIn(page: string): readonly Step[] {
  return [...page.matchAll(/^( *)```(sh|yaml|diff)\n([\s\S]*?)^\1```$/gm)].flatMap(
    ([, indentation = '', kind = '', block = '']): readonly Step[] => {
      const text = block
        .split('\n')
        .map((line) => line.slice(indentation.length))
        .join('\n');
      if (kind === 'yaml' || kind === 'diff') return [{ kind, text }];
      const commands = text.replaceAll('\\\n', '').split('\n');
      return commands.filter((each) => each !== '').map((each) => ({ kind: 'sh' as const, text: each }));
    },
  );
}

/** A file after an edit that a page shows: each line that goes, with the line that comes in its place. */
export function edited(file: string, diff: string): string {
  const lines = diff.split('\n');
  const gone = lines.filter((line) => line.startsWith('-')).map((line) => line.slice(1));
  const come = lines.filter((line) => line.startsWith('+')).map((line) => line.slice(1));
  return gone.reduce((text, line, index) => {
    const places = text.split('\n').filter((each) => each === line).length;
    if (places !== 1) throw new Error(`the file has ${JSON.stringify(line)} ${places} times`);
    return text.replace(`${line}\n`, () => `${come[index]}\n`);
  }, file);
}
