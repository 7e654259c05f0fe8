import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { leaveRooms, openRoom, removeSandboxes } from './room.js';

afterEach(leaveRooms);
afterAll(removeSandboxes);

const also = '{ path: app.py, line: \'__version__ = "{version}"\' }';

describe('the versions of a project', () => {
  test('before a cut, with a candidate, and after the release', async () => {
    const room = await openRoom();
    const before = await room.says('ana', 'version');
    expect(before.exit).toBe(0);
    const text = before.lines.join('\n');
    expect(text).toContain('kestrel · pep440, candidates rc\n');
    expect(text).toMatch(/ {2}released · .*0\.43\.2 \(by tag only\)\n {2}open · no line\n/);
    expect(text).toMatch(/On main at [0-9a-f]{7}\n {2}✅ pyproject\.toml, project\.version · 0\.44\.0\n/);
    expect(text).toContain(
      '  ▶ cut · 0.44.0rc1\n  ▫️ fixup · nothing: No release line of kestrel is open.\n',
    );
    expect(before.lines.slice(-6)).toEqual([
      '0.44.0rc1 is written',
      '  tag     kestrel-v0.44.0rc1',
      '  PyPI    0.44.0rc1',
      '  Docker  0.44.0rc1',
      '  Helm    0.44.0-rc.1',
      '  npm     0.44.0-rc.1',
    ]);

    await room.over(await room.starts('ana', 'release cut'));
    const open = await room.says('ana', 'version');
    expect(open.lines).toContain('  open · 0.44.0, newest 0.44.0rc1');
    expect(open.lines).toContain('  ▶ promote · 0.44.0');
    expect(open.lines.find((line) => line.includes('cut ·'))).toMatch(/^ {2}▫️ cut · nothing: .*0\.44\.0/);
    expect(open.data).toMatchObject({ project: 'kestrel', version: '0.44.0', from: '' });

    const promote = await room.starts('ana', 'release promote');
    await room.says('ben', `approve ${promote} --seal ${await room.seal(promote)}`);
    await room.over(promote);
    const after = await room.says('ana', 'version');
    expect(after.lines.find((line) => line.startsWith('  released'))).toMatch(
      /0\.43\.2 \(by tag only\), 0\.44\.0$/,
    );
  });

  test('a version that is named is written; one that is none is refused', async () => {
    const room = await openRoom();
    const named = await room.says('ana', 'version 1.2.3.4');
    expect(named.lines.slice(-6)).toEqual([
      '1.2.3.4 is written',
      '  tag     kestrel-v1.2.3.4',
      '  PyPI    1.2.3.4',
      '  Docker  1.2.3.4',
      '  Helm    ⚠️ 1.2.3.4 has 4 numbers, and SemVer has three.',
      '  npm     ⚠️ 1.2.3.4 has 4 numbers, and SemVer has three.',
    ]);
    for (const text of ['v0.44.0', '0.44.0-rc.1', '１.０', '../x', '--', 'x'.repeat(201)]) {
      const wrong = await room.says('ana', `version '${text}'`);
      expect(wrong.exit).not.toBe(0);
    }
    const none = await room.says('ana', 'version v0.44.0');
    expect(none).toMatchObject({ exit: 2 });
    expect(none.lines[0]).toBe('"v0.44.0" is no version of the scheme pep440.');
    expect(await room.says('ana', 'version --project osprey')).toMatchObject({ exit: 1 });
  });

  test('files that do not say the same are shown, and the exit code says so', async () => {
    const room = await openRoom();
    await room.edit('kestrel.yml', (text) =>
      text.replace('  tag: kestrel', `  also: [${also}]\n  tag: kestrel`),
    );
    const missing = await room.says('ana', 'version');
    expect(missing.exit).toBe(1);
    expect(missing.lines).toContain('  ⚠️ app.py, __version__ = "{version}" · the file does not exist');
    await room.origin.commit('main', { 'app.py': 'a = 1\n__version__ = "0.43.2"\n' }, 'Add a program');
    const other = await room.says('ana', 'version');
    expect(other.exit).toBe(1);
    expect(other.lines).toContain('  ⚠️ app.py, __version__ = "{version}" · 0.43.2, which is not the same');
    expect(other.lines).toContain('  ✅ pyproject.toml, project.version · 0.44.0');
    await room.origin.commit(
      'main',
      { 'app.py': '__version__ = "0.44.0"\n__version__ = "0.44.0"\n' },
      'Twice',
    );
    const twice = await room.says('ana', 'version');
    expect(twice.lines.join('\n')).toContain('2 lines are written as __version__ = "{version}" (lines 1, 2)');
    await room.origin.commit('main', { 'app.py': '__version__ = "0.44.0"\n' }, 'Once');
    expect((await room.says('ana', 'version')).exit).toBe(0);
  });

  test('a series beside the main one has its own versions, though the tags begin alike', async () => {
    const room = await openRoom();
    await room.edit('kestrel.yml', (text) =>
      text.replace(
        '\nartifacts:',
        "\nseries: { lts: { scheme: lts, tag: 'kestrel-v{version}', branch: 'lts-{line}' } }\n\nartifacts:",
      ),
    );
    const commit = (await room.origin.refs())['refs/heads/main'] ?? '';
    const versions = ['2026.1', '2026.1.1', '2026.1.10', '2025.1.4', '1.9.0', '0.44.0-foo', '1.9.0rc1'];
    for (const version of versions) await room.origin.point(`refs/tags/kestrel-v${version}`, commit);
    await room.origin.point('refs/tags/osprey-v7.0.0', commit);
    const shown = await room.says('ana', 'version 2026.1.2');
    expect(shown.lines[0]).toBe('kestrel main · pep440, candidates rc');
    expect(shown.lines[1]).toMatch(/0\.43\.2 \(by tag only\), 1\.9\.0 \(by tag only\)$/);
    expect(shown.lines.slice(3, 6)).toEqual([
      'kestrel lts · lts, no candidates',
      '  released · 2025.1.4 (by tag only), 2026.1.10 (by tag only)',
      '  open · no line',
    ]);
    expect(shown.lines).toContain('  Helm    2026.1.2');
    expect(shown.lines).toContain('  tag     kestrel-v2026.1.2');
    expect((await room.says('ana', 'version 2026.1')).lines).toContain('  npm     2026.1.0');
  });

  test('of many releases the newest ten are named', async () => {
    const room = await openRoom();
    const commit = (await room.origin.refs())['refs/heads/main'] ?? '';
    for (let minor = 1; minor <= 14; minor += 1)
      await room.origin.point(`refs/tags/kestrel-v3.${minor}.7`, commit);
    const { lines, data } = await room.says('ana', 'version');
    expect(lines[1]).toMatch(/released · 3\.5\.7 .*, 3\.14\.7 \(by tag only\), and \d+ older$/);
    expect(JSON.stringify(data)).toContain('"3.1.7"');
  });

  test('what a file says cannot move the cursor', async () => {
    const room = await openRoom();
    await room.origin.commit(
      'main',
      { 'pyproject.toml': '[project]\nversion = "\u202e0.44.0\u001b[2J"\n' },
      'Hostile',
    );
    const shown = await room.says('ana', 'version');
    expect(shown.lines.join('\n')).not.toContain('\u202e');
    expect(shown.lines.join('\n')).not.toContain('\u001b');
    expect(shown.lines.join('\n')).toContain('\\u202e0.44.0\\u001b[2J');
  });
});
