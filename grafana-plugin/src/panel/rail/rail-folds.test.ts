import { railFolds } from './rail-folds';

describe('railFolds', () => {
  it.each([
    ['auto', 1400, false],
    ['auto', 600, true],
    ['always', 600, false],
    ['always', 300, true],
    ['never', 1400, true],
  ] as const)('says of %s at %d px: %s', (mode, width, folds) => expect(railFolds(mode, width)).toBe(folds));
});
