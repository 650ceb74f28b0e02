import { describe, expect, it } from '@jest/globals';
import { Failure } from '../src/failure.ts';
import { main } from '../src/main.ts';
import { runnerWith, type Said } from './runner-with.ts';

const pageOf = (code: string) =>
  `https://github.example/OWNER/tenant-delivery/blob/v1.2.3/docs/failures/${code}.md`;

async function ended(run: Parameters<typeof main>[2]): Promise<Said> {
  const said: Said = { outputs: {}, errors: [], lines: [], summaries: [], failed: false };
  await main('an-action', runnerWith({}, said), run);
  return said;
}

describe('an action ends', () => {
  it('with its outcome as outputs, and no annotation when all is well', async () => {
    const said = await ended(async () => ({
      outcome: 'deployed',
      reasonCode: 'OK',
      ok: true,
      headline: 'Deployed.',
      facts: { healthy: 2 },
      summary: '# Deployed',
    }));
    expect(said.outputs).toMatchObject({ outcome: 'deployed', 'reason-code': 'OK' });
    expect(JSON.parse(said.outputs['result'] ?? '')).toMatchObject({
      schemaVersion: 1,
      action: 'an-action',
      healthy: 2,
    });
    expect(said).toMatchObject({ failed: false, errors: [], summaries: ['# Deployed'] });
  });

  it('red, with one annotation, when the news is bad', async () => {
    const said = await ended(async () => ({
      outcome: 'denied',
      reasonCode: 'FINDINGS_OVER_LIMIT',
      ok: false,
      headline: 'Denied.',
      remedy: 'Fix openssl.',
      facts: {},
      summary: '',
    }));
    expect(said).toMatchObject({
      failed: true,
      errors: [`Denied.\nWhat to do: Fix openssl.\nRead more: ${pageOf('FINDINGS_OVER_LIMIT')}`],
    });
  });

  it('with code, remedy, page and every detail when the reader can mend it', async () => {
    const said = await ended(async () => {
      throw new Failure('LOCK_HELD', 'chg_1 holds the lock.', 'Wait.', { details: ['since <b>09:00</b>'] });
    });
    expect(said.outputs).toMatchObject({ outcome: 'error', 'reason-code': 'LOCK_HELD' });
    expect(said.summaries.join()).not.toContain('<b>');
    expect(said).toMatchObject({
      failed: true,
      errors: [
        `chg_1 holds the lock.\n- since <b>09:00</b>\nWhat to do: Wait.\nRead more: ${pageOf('LOCK_HELD')}`,
      ],
    });
  });

  it('with each mistake once in annotation and summary', async () => {
    const said = await ended(async () => {
      throw new Failure('MANIFEST_INVALID', 'It is wrong: a; b.', 'Correct `manifest` & all.', {
        details: ['a', 'b'],
      });
    });
    const page = pageOf('MANIFEST_INVALID');
    expect(said.errors).toEqual([
      `It is wrong:\n- a\n- b\nWhat to do: Correct \`manifest\` & all.\nRead more: ${page}`,
    ]);
    expect(said.summaries.join()).toBe(
      `### an-action: \`MANIFEST_INVALID\`\n\nIt is wrong:\n\n- a\n- b\n\n**What to do:** Correct \`manifest\` &amp; all.\n\n[More about \`MANIFEST_INVALID\`](${page})`,
    );
  });

  it('with what to do also when GitHub would cut the annotation, and all the rest in the log', async () => {
    const details = Array.from({ length: 200 }, (_, n) => `mistake ${n} of a file that is all wrong`);
    const said = await ended(async () => {
      throw new Failure('MANIFEST_INVALID', `It is wrong: ${details.join('; ')}`, 'Mend it.', { details });
    });
    expect(said.errors[0]).toHaveLength(3_900);
    expect(said.errors[0]).toMatch(
      /^It is wrong:\n- mistake 0 [\s\S]*…\nWhat to do: Mend it\.\nRead more: \S+$/,
    );
    expect(said.lines).toContain('- mistake 199 of a file that is all wrong');
  });

  it('as UNEXPECTED, and says that the defect is ours, when nobody foresaw it', async () => {
    const said = await ended(async () => {
      throw new TypeError('x is undefined');
    });
    expect(said.outputs['reason-code']).toBe('UNEXPECTED');
    expect(said.errors.join()).toContain('defect of tenant-delivery');
  });
});
