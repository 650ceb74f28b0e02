/** What a page lets its reader do: a command of a block of `sh`, or the content of a block of `yaml`. */
export interface Step {
  readonly kind: 'sh' | 'yaml';
  readonly text: string;
}

/** Every command and file of a page, in their order. Blocks may stand in a list, and then lose its indentation. */
export function blocksIn(page: string): readonly Step[] {
  return [...page.matchAll(/^( *)```(sh|yaml)\n([\s\S]*?)^\1```$/gm)].flatMap(
    ([, indentation = '', kind = '', block = '']): readonly Step[] => {
      const lines = block.split('\n').map((line) => line.slice(indentation.length));
      if (kind === 'yaml') return [{ kind, text: lines.join('\n') }];
      const commands = lines.join('\n').replaceAll('\\\n', '').split('\n');
      return commands.filter((text) => text !== '').map((text) => ({ kind: 'sh' as const, text }));
    },
  );
}
