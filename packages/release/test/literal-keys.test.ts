import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { bundle } from '../src/build.ts';
import { withLiteralKeys } from '../src/literal-keys.ts';

const folder = mkdtempSync(join(tmpdir(), 'td-literal-keys-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a schema of the SDK', () => {
  it('has its keys as literals, where the file itself says what they are', () => {
    const source = [
      'const _xN = "xmlName";',
      'const _d = "Description";',
      'export var Description$ = [0, n0, _d, { [_xN]: _d, [other]: [_d] }, [_d]];',
    ];
    expect(withLiteralKeys(source.join('\n')).split('\n')[2]).toBe(
      'export var Description$ = [0, n0, _d, { "xmlName": _d, [other]: [_d] }, [_d]];',
    );
  });

  it('keeps a key that would mean something else as a literal', () => {
    const source = 'const _p = "__proto__";\nexport var a = { [_p]: 1 };';
    expect(withLiteralKeys(source)).toBe(source);
  });

  it('is bundled only where an operation that we use has it', async () => {
    await bundle({ ec2: 'packages/aws/src/ec2/ec2-sdk.ts' }, folder);
    const bundled = globSync('**/*.mjs', { cwd: folder }).map((file) =>
      readFileSync(join(folder, file), 'utf8'),
    );
    expect(bundled.some((text) => text.includes('"DescribeSubnets"'))).toBe(true);
    expect(bundled.filter((text) => text.includes('"RunInstancesRequest"'))).toEqual([]);
  });
});
