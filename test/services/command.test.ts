import { spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
} from 'node:fs';
import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, describe, expect, it, vi } from 'vitest';
import type { Command } from '../../src/services/command/command.js';
import { minimalEnvironment } from '../../src/services/command/minimal-environment.js';
import { resolveRunAs } from '../../src/services/command/run-as.js';
import { runCommand } from '../../src/services/command/run-command.js';
import { scrubber } from '../../src/services/command/scrub.js';
import { makeWorkspace } from '../../src/services/command/workspace.js';

const root = mkdtempSync(join(tmpdir(), 'slipway-command-'));
chmodSync(root, 0o711);
afterAll(() => rmSync(root, { recursive: true, force: true }));

const isRoot = process.getuid?.() === 0;
const env = minimalEnvironment({ home: root, tmp: root });

async function run(argv: Command['argv'], more: Partial<Command> = {}) {
  let stdout = '';
  let stderr = '';
  const onOutput: Command['onOutput'] = (chunk, stream) => {
    if (stream === 'stdout') stdout += Buffer.from(chunk).toString();
    else stderr += Buffer.from(chunk).toString();
  };
  const result = await runCommand({ argv, folder: root, env, timeoutMs: 60_000, onOutput, ...more });
  return { ...result, stdout, stderr };
}

/** Whether a process runs; one that ended and was not yet collected does not. */
function isAlive(pid: number): boolean {
  try {
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

async function untilGone(pid: number): Promise<void> {
  await vi.waitFor(() => expect(isAlive(pid)).toBe(false), { timeout: 20_000, interval: 20 });
}

function pidsIn(text: string): number[] {
  return text.split(/\s+/).filter(Boolean).map(Number);
}

describe('a command', () => {
  it('ends with its exit code or signal', async () => {
    expect(await run(['true'])).toMatchObject({
      exit: 0,
      signal: undefined,
      reason: 'exited',
      pipesHeld: false,
    });
    expect(await run(['sh', '-c', 'exit 7'])).toMatchObject({ exit: 7, reason: 'exited' });
    expect(await run(['sh', '-c', 'kill -9 $$'])).toMatchObject({
      exit: undefined,
      signal: 'SIGKILL',
      reason: 'exited',
    });
  });

  it('that is not there is a result, a folder that is not there an error', async () => {
    expect(await run(['slipway-no-such-program'])).toMatchObject({ exit: undefined, reason: 'not-found' });
    expect(await run([join(root, 'none')])).toMatchObject({ reason: 'not-found' });
    await expect(run(['true'], { folder: join(root, 'none') })).rejects.toMatchObject({
      code: 'command-failed',
    });
    writeFileSync(join(root, 'plain'), 'x', { mode: 0o644 });
    await expect(run([join(root, 'plain')])).rejects.toMatchObject({ code: 'command-failed' });
    await expect(run(['true', 'a\0b'])).rejects.toMatchObject({ code: 'command-failed' });
  });

  it('has two streams, nothing on its input, and arguments as they are', async () => {
    const argument = `a b "c" 'd' $(id) \`id\` * ; & | \n é`;
    const script = 'printf %s "$#:$1"; printf err >&2; cat';
    const result = await run(['sh', '-c', script, 'sh', argument]);
    expect(result).toMatchObject({ exit: 0, stdout: `1:${argument}`, stderr: 'err' });
  });

  it('sees only the environment that it is given', async () => {
    vi.stubEnv('SLIPWAY_TEST_SECRET', 'very-secret-value');
    const place = minimalEnvironment({ home: '/h', tmp: '/t' }, { EXTRA: 'x y' });
    const { stdout } = await run(['env'], { env: place });
    vi.unstubAllEnvs();
    const lines = stdout.trim().split('\n').toSorted();
    expect(lines).toEqual(
      [
        `PATH=${env.PATH}`,
        'HOME=/h',
        'TMPDIR=/t',
        'LANG=C.UTF-8',
        'TZ=UTC',
        'CI=true',
        'EXTRA=x y',
      ].toSorted(),
    );
    expect(() => minimalEnvironment({ home: '/h', tmp: '/t' }, { 'A=B': 'x' })).toThrow(/cannot be set/);
  });

  it('streams much output without keeping it', async () => {
    const size = 50 * 1024 * 1024;
    let bytes = 0;
    let largest = 0;
    const onOutput = (chunk: Uint8Array): void => {
      bytes += chunk.length;
      largest = Math.max(largest, chunk.length);
    };
    expect(await run(['head', '-c', String(size), '/dev/zero'], { onOutput })).toMatchObject({ exit: 0 });
    expect(bytes).toBe(size);
    expect(largest).toBeLessThan(2 * 1024 * 1024);
  });

  it('is ended when its output is not wanted any more', async () => {
    const onOutput = (): void => {
      throw new Error('the disk is full');
    };
    await expect(run(['sh', '-c', 'echo x; sleep 600'], { onOutput })).rejects.toThrow('the disk is full');
  });
});

/** Runs a script and aborts it as soon as it has written `count` lines. */
async function abortAfter(count: number, script: string, more: Partial<Command> = {}) {
  const abort = new AbortController();
  let stdout = '';
  const onOutput: Command['onOutput'] = (chunk, stream) => {
    if (stream === 'stderr') return; // shells say there that a child was terminated
    stdout += Buffer.from(chunk).toString();
    if (stdout.split('\n').length > count) abort.abort();
  };
  return { ...(await run(['sh', '-c', script], { onOutput, signal: abort.signal, ...more })), stdout };
}

// Side by side, since most of the time is waiting.
describe.concurrent('the end of a command', () => {
  const forever = 'while :; do sleep 0.05; done';

  it('comes with the time limit', async () => {
    const result = await run(['sleep', '600'], { timeoutMs: 300 });
    expect(result).toMatchObject({ reason: 'timed-out', signal: 'SIGTERM', pipesHeld: false });
    expect(result.durationMs).toBeGreaterThanOrEqual(295);
  });

  it('comes with an abort, for its whole group', async () => {
    const result = await abortAfter(1, 'sleep 600 & echo $! $$; wait');
    expect(result).toMatchObject({ reason: 'aborted', signal: 'SIGTERM', pipesHeld: false });
    expect(pidsIn(result.stdout)).toHaveLength(2);
    for (const pid of pidsIn(result.stdout)) await untilGone(pid);
  });

  it('lets it clean up, and does not start what is aborted already', async () => {
    const result = await abortAfter(1, `trap "echo bye; exit 3" TERM; echo ready; ${forever}`);
    expect(result).toMatchObject({ reason: 'aborted', exit: 3, signal: undefined, stdout: 'ready\nbye\n' });
    const never = await run(['true'], { signal: AbortSignal.abort() });
    expect(never).toMatchObject({ reason: 'aborted', exit: undefined });
  });

  it('is SIGKILL for what ignores SIGTERM', async () => {
    const result = await abortAfter(1, `trap "" TERM; echo $$; ${forever}`, { graceMs: 300 });
    expect(result).toMatchObject({ reason: 'aborted', exit: undefined, signal: 'SIGKILL' });
    for (const pid of pidsIn(result.stdout)) await untilGone(pid);
    expect(result.durationMs).toBeGreaterThanOrEqual(295);
  });

  it('leaves the group the rest of its grace, then kills it', async () => {
    // The main process goes at once, its child ignores the signal.
    const script = `(trap "" TERM; sh -c 'echo $PPID'; ${forever}) & wait`;
    const result = await abortAfter(1, script, { graceMs: 300 });
    expect(result).toMatchObject({ reason: 'aborted', signal: 'SIGTERM', pipesHeld: false });
    for (const pid of pidsIn(result.stdout)) await untilGone(pid);
    expect(result.durationMs).toBeGreaterThanOrEqual(295);
  });

  it('does not wait for a grandchild of another session that holds the pipes', async () => {
    const stopped = await abortAfter(1, "setsid sh -c 'echo $$; exec sleep 600' & wait", { graceMs: 300 });
    expect(stopped).toMatchObject({ reason: 'aborted', pipesHeld: true });
    expect(stopped.durationMs).toBeLessThan(30_000);
    for (const pid of pidsIn(stopped.stdout)) {
      expect(isAlive(pid)).toBe(true);
      process.kill(pid, 'SIGKILL');
    }
  });

  it('does not wait for it after a normal end either', async () => {
    const mark = join(root, 'in-own-session');
    const script = `setsid sh -c 'echo $$; : > "${mark}"; exec sleep 600' & until [ -e "${mark}" ]; do sleep 0.02; done`;
    const left = await run(['sh', '-c', `${script}; exit 4`]);
    expect(left).toMatchObject({ reason: 'exited', exit: 4, pipesHeld: true });
    expect(left.durationMs).toBeLessThan(30_000);
    for (const pid of pidsIn(left.stdout)) {
      expect(isAlive(pid)).toBe(true);
      process.kill(pid, 'SIGKILL');
    }
  });

  it('ends what is left of the group, whether it holds the pipes or not', async () => {
    const both = [
      run(['sh', '-c', 'sleep 600 >/dev/null 2>&1 & echo $!']),
      run(['sh', '-c', 'sleep 600 & echo $!']),
    ];
    for (const result of await Promise.all(both)) {
      expect(result).toMatchObject({ reason: 'exited', exit: 0, pipesHeld: false });
      for (const pid of pidsIn(result.stdout)) await untilGone(pid);
    }
  });
});

describe('another user', () => {
  it('reads neither our files nor our environment', async ({ skip }) => {
    skip(!isRoot, 'needs root');
    const runAs = await resolveRunAs('nobody');
    const secret = join(root, 'secret');
    writeFileSync(secret, 'very-secret-value', { mode: 0o600 });
    // A process of ours, with its secret in the environment: the worker itself stands in the same place.
    const ours = spawn('sleep', ['600'], { env: { ...env, SECRET: 'very-secret-value' }, stdio: 'ignore' });
    const work = await makeWorkspace(join(root, 'work'), runAs);
    await work.handOver();
    const inWork = { folder: work.home, env: minimalEnvironment({ home: work.home, tmp: work.tmp }) };
    try {
      const files = [secret, `/proc/${process.pid}/environ`, `/proc/${ours.pid}/environ`];
      for (const file of files) {
        expect((await run(['cat', file], inWork)).exit).toBe(0); // so the file is there
        const denied = await run(['cat', file], { ...inWork, runAs });
        expect(denied).toMatchObject({ exit: 1, stdout: '' });
        expect(denied.stderr).toContain('Permission denied');
      }
      const who = await run(['sh', '-c', 'id -u; id -G; touch ~/x $TMPDIR/y'], { ...inWork, runAs });
      expect(who).toMatchObject({ exit: 0, stdout: `${runAs.uid}\n${runAs.gid}\n` });
      expect(await run(['sh', '-c', `kill ${ours.pid}`], { ...inWork, runAs })).toMatchObject({ exit: 1 });
    } finally {
      ours.kill('SIGKILL');
      await work.remove();
    }
    expect(existsSync(work.folder)).toBe(false);
  });

  it('is refused where it separates nothing', async () => {
    for (const name of [undefined, 'root', 'slipway-no-such-user', '-u', 'a b', '0']) {
      await expect(resolveRunAs(name)).rejects.toMatchObject({ code: 'isolation-missing' });
    }
  });
});

describe('a workspace', () => {
  const fill = (checkout: string): void => {
    mkdirSync(join(checkout, 'deep/er'), { recursive: true });
    writeFileSync(join(checkout, 'deep/er/x'), 'x', { mode: 0o400 });
    chmodSync(join(checkout, 'deep/er'), 0o500);
    chmodSync(join(checkout, 'deep'), 0o500);
  };

  it('is private, new each time, and goes away with read-only files', async () => {
    const [one, two] = [await makeWorkspace(join(root, 'w')), await makeWorkspace(join(root, 'w'))];
    expect(one.folder).not.toBe(two.folder);
    for (const folder of [one.folder, one.home, one.tmp]) expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(existsSync(one.checkout)).toBe(false);
    fill(one.checkout);
    await one.handOver();
    await one.remove();
    await one.remove();
    await two.remove();
    expect(readdirSync(join(root, 'w'))).toEqual([]);
  });

  it('goes away with read-only files also where we are not root', async ({ skip }) => {
    skip(!isRoot, 'it was so above');
    const place = join(root, 'plain-user');
    mkdirSync(place);
    chmodSync(place, 0o777);
    process.seteuid?.(65_534);
    try {
      const work = await makeWorkspace(place);
      fill(work.checkout);
      await work.remove();
    } finally {
      process.seteuid?.(0);
    }
    expect(readdirSync(place)).toEqual([]);
  });

  it('belongs to the other user after it is handed over, and is removed with its rights', async ({
    skip,
  }) => {
    skip(!isRoot, 'needs root');
    const runAs = await resolveRunAs('nobody');
    const work = await makeWorkspace(join(root, 'o'), runAs);
    fill(work.checkout);
    expect(statSync(work.folder).uid).toBe(0);
    await work.handOver();
    for (const path of [work.folder, work.home, join(work.checkout, 'deep/er/x')]) {
      expect(statSync(path)).toMatchObject({ uid: runAs.uid, gid: runAs.gid });
    }
    await expect(work.handOver()).rejects.toMatchObject({ code: 'internal' });
    await work.remove();
    expect(readdirSync(join(root, 'o'))).toEqual([]);
    mkdirSync(join(root, 'closed'), { mode: 0o700 });
    await expect(makeWorkspace(join(root, 'closed'), runAs)).rejects.toMatchObject({
      code: 'isolation-missing',
    });
  });
});

describe('the scrubber', () => {
  function scrub(secrets: string[], chunks: Uint8Array[]): string {
    const scrubbing = scrubber(secrets);
    return Buffer.concat([...chunks.map((chunk) => scrubbing.push(chunk)), scrubbing.flush()]).toString();
  }
  const whole = (secrets: string[], text: string): string => scrub(secrets, [Buffer.from(text)]);

  it('takes out a secret in all its forms', () => {
    const secret = 'pä ss/w"ord+1!';
    const forms = [
      secret,
      Buffer.from(secret).toString('base64'),
      Buffer.from(secret).toString('base64url'),
      encodeURIComponent(secret),
      encodeURIComponent(secret).toLowerCase(),
      new URLSearchParams({ q: secret }).toString().slice(2),
      JSON.stringify(secret).slice(1, -1),
      'p\\u00e4 ss/w\\"ord+1!',
    ];
    for (const form of forms) expect(whole([secret], `a ${form} b`)).toBe('a *** b');
    for (const user of ['u', 'me', 'you', 'them']) {
      const header = Buffer.from(`${user}:${secret}:x`).toString('base64');
      const shown = whole([secret], header);
      expect(shown).toContain('***');
      expect(Buffer.from(shown.replace('***', ''), 'base64').toString('latin1')).not.toContain('ord');
    }
  });

  it('takes out lines of a key, overlapping secrets, and gives early what is certain', () => {
    const key = '-----BEGIN KEY-----\nMIIEvQIBADANBgkq\nhkiG9w0BAQEFAASC\n-----END KEY-----\n';
    expect(whole([key], '  MIIEvQIBADANBgkq\n  hkiG9w0BAQEFAASC')).toBe('  ***\n  ***');
    expect(whole(['abcdefgh', 'efghijkl', 'cdefghij'], '-abcdefghijkl-')).toBe('-***-');
    expect(whole(['aaaaaaaa'], `x${'a'.repeat(1_000)}y`)).toBe('x***y');
    const scrubbing = scrubber(['secret-value']);
    expect(Buffer.from(scrubbing.push(Buffer.from('hello sec'))).toString()).toBe('hello ');
    expect(Buffer.from(scrubbing.push(Buffer.from('ond'))).toString()).toBe('second');
    expect(whole([], 'as it is')).toBe('as it is');
    expect(() => scrubber(['short'])).toThrow(/fewer than 8/);
  });

  const cut = (bytes: Buffer, sizes: number[]): Buffer[] => {
    const chunks: Buffer[] = [];
    let at = 0;
    for (const size of sizes) {
      chunks.push(bytes.subarray(at, at + size));
      at += size;
    }
    return [...chunks, bytes.subarray(at)];
  };
  const sizes = fc.array(fc.integer({ min: 0, max: 12 }), { maxLength: 60 });
  // Few letters, so that parts of secrets and overlaps are frequent; one of two bytes.
  const letters = (max: number, min = 0) => {
    const unit = fc.constantFrom('a', 'b', '"', 'é');
    return fc.string({ unit, minLength: min, maxLength: max });
  };

  it('lets no secret through, however the text is cut', () => {
    const secrets = fc.array(letters(12, 8), { minLength: 1, maxLength: 3 });
    const encode = fc.constantFrom<(secret: string) => string>(
      (secret) => secret,
      (secret) => Buffer.from(secret).toString('base64'),
      encodeURIComponent,
      (secret) => JSON.stringify(secret),
    );
    const pieces = fc.array(fc.tuple(letters(6), fc.nat(2), encode), { maxLength: 6 });
    fc.assert(
      fc.property(secrets, pieces, sizes, (hidden, parts, at) => {
        const encoded = parts.map(([noise, i, form]) => noise + form(hidden[i] ?? hidden[0] ?? ''));
        const bytes = Buffer.from(encoded.join(''));
        const shown = scrub(hidden, cut(bytes, at));
        for (const secret of hidden) {
          for (const form of [secret, Buffer.from(secret).toString('base64'), encodeURIComponent(secret)]) {
            expect(shown).not.toContain(form);
          }
        }
        expect(shown).toBe(scrub(hidden, [bytes])); // cutting makes no difference
      }),
      { numRuns: 500 },
    );
  });

  it('changes nothing where there is no secret, in any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), sizes, (bytes, at) => {
        const scrubbing = scrubber(['correct horse battery', 'staple-staple']);
        const parts = cut(Buffer.from(bytes), at).map((chunk) => scrubbing.push(chunk));
        expect(Buffer.compare(Buffer.concat([...parts, scrubbing.flush()]), Buffer.from(bytes))).toBe(0);
      }),
      { numRuns: 300 },
    );
    fc.assert(
      fc.property(letters(80), sizes, (text, at) => {
        expect(scrub(['aaaaaaaX', 'babababaX'], cut(Buffer.from(text), at))).toBe(text);
      }),
      { numRuns: 300 },
    );
  });
});
