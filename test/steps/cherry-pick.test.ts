import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { commitFile, git } from '../services/git-origin.js';
import { openPlace, removePlaces, type StepPlace } from './step-place.js';

const line = 'refs/heads/release/1.0.0';
const bump = { version: true, message: 'Release 1.0.0rc2' };
let place: StepPlace;

beforeEach(async () => {
  place = await openPlace({ 'app.json': '{ "version": "1.0.0rc1" }\n', 'app.txt': 'one\n' });
  place.facts.versionFiles = [{ path: 'app.json', key: 'version' }];
});
afterAll(removePlaces);

describe('the step cherry-pick', () => {
  it('picks onto the line, and the commit after it builds on what was picked', async () => {
    const fix = place.onMain('fix', 'x', 'fix: it');
    const feat = place.onMain('feat', 'x', 'feat: it');
    const { output, proof } = await place.does('cherry-pick', { commits: [fix.slice(0, 8), feat] });
    expect(proof).toMatch(
      /^picked [0-9a-f]{7} "fix: it" as [0-9a-f]{7}, [0-9a-f]{7} "feat: it" as [0-9a-f]{7}$/,
    );
    expect(place.at(line)).toBe(output['commit']);
    const made = await place.does('commit', bump);
    expect(place.at(line)).toBe(made.output['commit']);
    git(place.work, 'fetch', '--quiet', 'origin');
    expect(git(place.work, 'log', '--format=%s', `${place.base}..origin/release/1.0.0`).split('\n')).toEqual([
      'Release 1.0.0rc2',
      'feat: it',
      'fix: it',
    ]);
    expect(git(place.work, 'show', 'origin/release/1.0.0:app.json')).toBe('{ "version": "1.0.0rc2" }');
  });

  it.each(['one', 'two'])(
    'finds after a crash what it pushed, on machine %s, and makes nothing twice',
    async (machine) => {
      const config = { commits: `${place.onMain('fix', 'x', 'fix: it')}` };
      await expect(place.run('cherry-pick', config, { dies: true })).rejects.toThrow('the worker died');
      const pushed = place.at(line);
      expect(pushed).not.toBe(place.base);
      const { output } = await place.does('cherry-pick', config, { machine });
      expect(output['commit']).toBe(pushed);
      await expect(place.run('commit', bump, { dies: true })).rejects.toThrow('the worker died');
      place.before['cherry-pick'] = output;
      const bumped = place.at(line);
      expect((await place.does('commit', bump, { machine })).output['commit']).toBe(bumped);
      expect(place.at(line)).toBe(bumped);
    },
  );

  it('finds what it pushed also when main was rewritten meanwhile', async () => {
    const config = { commits: [place.onMain('fix', 'x', 'fix: it')] };
    await expect(place.run('cherry-pick', config, { dies: true })).rejects.toThrow('the worker died');
    git(place.work, 'push', '--quiet', '--force', 'origin', `${place.base}:refs/heads/main`);
    expect((await place.does('cherry-pick', config)).output['commit']).toBe(place.at(line));
    place.before = {};
    place.facts.commit = place.at(line);
    await expect(place.run('cherry-pick', config)).rejects.toThrow(/not in the history of main/);
  });

  it('makes the same commits in an attempt after one that pushed nothing', async () => {
    const config = { commits: [place.onMain('fix', 'x', 'fix: it')] };
    const { commit } = await (await place.machine('one')).defaultBranch();
    // The objects of an attempt that ended before its push.
    const remote = await place.machine('one');
    await remote.fetch([commit, place.base]);
    const spec = { identity: { name: 'Slipway', email: 'slipway@example.com' }, date: 1_700_000_500_250 };
    const trailer = 'Slipway-Run: k_1.0.0_fixup_1';
    const earlier = await remote.cherryPick({ onto: place.base, commits: [commit], trailer, ...spec });
    const { output } = await place.does('cherry-pick', config);
    expect(earlier).toMatchObject({ head: output['commit'] });
  });

  it('goes on from what an earlier run of the same line and operation made', async () => {
    const config = { commits: [place.onMain('fix', 'x', 'fix: it')] };
    const first = await place.does('cherry-pick', config);
    await place.does('commit', bump);
    const head = place.at(line);
    place.before = {};
    place.facts.run = 'k_1.0.0_fixup_2';
    const again = await place.does('cherry-pick', config, { intentAt: 0 });
    expect(again.output['commit']).toBe(first.output['commit']);
    expect((await place.does('commit', bump, { intentAt: 0 })).output['commit']).toBe(head);
    expect((await place.find('branch', {}, { intentAt: 0 })).is).toBe('same');
    expect(place.at(line)).toBe(head);
    // A commit more that only says so is not taken along.
    git(place.work, 'fetch', '--quiet', 'origin');
    git(place.work, 'checkout', '--quiet', '--detach', head);
    commitFile(place.work, 'evil', 'x', 'Release\n\nSlipway-Run: k_1.0.0_fixup_1');
    git(place.work, 'push', '--quiet', 'origin', `HEAD:${line}`);
    delete place.before['commit'];
    expect((await place.find('commit', bump, { intentAt: 0 })).is).toBe('different');
  });

  it('trusts no trailer: what only says that a run made it is asked about', async () => {
    const config = { commits: [place.onMain('fix', 'x', 'fix: it')] };
    git(place.work, 'checkout', '--quiet', '--detach', place.base);
    const forged = commitFile(place.work, 'evil', 'x', 'fix: it\n\nSlipway-Run: k_1.0.0_fixup_1');
    git(place.work, 'push', '--quiet', 'origin', `HEAD:${line}`);
    place.facts.run = 'k_1.0.0_fixup_2';
    for (const [kind, settings] of [
      ['cherry-pick', config],
      ['commit', bump],
    ] as const) {
      expect(await place.find(kind, settings)).toEqual({
        is: 'different',
        what: `The branch release/1.0.0 stands at ${forged.slice(0, 7)}, which this run did not make.`,
      });
    }
    await expect(place.run('cherry-pick', config)).rejects.toMatchObject({ code: 'commit-moved' });
    expect(place.at(line)).toBe(forged);
  });

  it('leaves the branch alone at a conflict, and names commit and files', async () => {
    const fine = place.onMain('fix', 'x', 'fix: it');
    git(place.work, 'checkout', '--quiet', '-b', 'r', place.base);
    place.facts.commit = commitFile(place.work, 'app.txt', 'release\n', 'fix: here');
    git(place.work, 'push', '--quiet', 'origin', `r:${line}`);
    git(place.work, 'checkout', '--quiet', 'main');
    const bad = place.onMain('app.txt', 'main\n', 'fix: \u001b[2Jthere');
    const asked = place.run('cherry-pick', { commits: [fine, bad] });
    await expect(asked).rejects.toThrow(
      `${bad.slice(0, 10)} "fix: [2Jthere" does not apply to release/1.0.0: conflict in app.txt.`,
    );
    await expect(asked).rejects.toMatchObject({ code: 'git-failed', retryable: false });
    expect(place.at(line)).toBe(place.facts.commit);
  });

  it('says what was left out, and moves nothing when nothing is left', async () => {
    const fix = place.onMain('fix', 'x', 'fix: it');
    const { output } = await place.does('cherry-pick', { commits: [fix] });
    place.facts.commit = String(output['commit']);
    place.facts.run = 'k_1.0.0_fixup_2';
    place.before = {};
    const again = await place.does('cherry-pick', { commits: [fix, place.base] });
    expect(again.output).toMatchObject({ commit: place.facts.commit, picked: '' });
    expect(again.proof).toMatch(
      /^nothing was left to pick; left out: \w+ was picked as \w+, \w+ is in release\/1\.0\.0$/,
    );
    expect(await place.run('cherry-pick', { commits: [] })).toEqual({
      result: 'skipped',
      reason: 'nothing to pick',
    });
    expect(await place.run('cherry-pick', { commits: '' })).toMatchObject({ result: 'skipped' });
  });

  it('picks only commits that are in the history of the default branch', async () => {
    git(place.work, 'checkout', '--quiet', '-b', 'side');
    const side = commitFile(place.work, 'side', 'x', 'feat: side');
    git(place.work, 'push', '--quiet', 'origin', 'side');
    await expect(place.run('cherry-pick', { commits: [side] })).rejects.toThrow(
      /is not in the history of main/,
    );
    for (const name of ['main', '-x', '--all', 'HEAD~1', 'abcde', `${side}0`, 'a b']) {
      await expect(place.run('cherry-pick', { commits: [name] })).rejects.toThrow(
        /is not the sha of a commit/,
      );
    }
    await expect(place.run('cherry-pick', { commits: ['abcdef1'] })).rejects.toMatchObject({
      code: 'not-found',
    });
    expect(place.at(line)).toBe(place.base);
  });

  it('can pick onto another branch, which the build does not follow', async () => {
    const fix = place.onMain('fix', 'x', 'fix: it');
    await place.does('branch', { name: 'hot' });
    const { output } = await place.does('cherry-pick', { commits: [fix], branch: 'hot' });
    expect(place.at('refs/heads/hot')).toBe(output['commit']);
    const { output: tagged } = await place.does('tag', {});
    expect(tagged['commit']).toBe(place.base);
  });
});
