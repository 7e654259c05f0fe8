import { describe, expect, test } from 'vitest';
import {
  commitTarget,
  isCommitTarget,
  lineId,
  lineOfRun,
  partsOfLine,
  runId,
} from '../../src/release/run-id.js';

const commit = '1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d';

describe('names of lines and runs', () => {
  test.each(['0.44.0', '2025.10.12-1206', '2025_10_12', commitTarget('latest', commit)])(
    'are read back: %s',
    (target) => {
      expect(partsOfLine(lineId('kestrel', target))).toEqual({ project: 'kestrel', target });
      expect(lineOfRun(runId('kestrel', target, 'cut-it', 12))).toBe(`kestrel_${target}`);
    },
  );

  test.each(['', 'kestrel', 'kestrel_0.44.0', 'kestrel_0.44.0_cut', 'kestrel_0.44.0_cut_x'])(
    '%j is no name of a run',
    (text) => {
      expect(lineOfRun(text)).toBe('');
    },
  );

  test('the target of a commit is no version', () => {
    expect(commitTarget('latest', commit)).toBe('latest-at-1a2b3c4d5e6f');
    expect(isCommitTarget('latest-at-1a2b3c4d5e6f')).toBe(true);
    for (const other of ['0.44.0', 'latest-at-1a2b3c', '2026.1-at-1a2b3c4d5e6f', 'at-1a2b3c4d5e6f'])
      expect(isCommitTarget(other)).toBe(false);
  });
});
