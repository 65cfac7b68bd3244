import { createSteps } from './steps';

describe('what is opened', () => {
  it('is closed once, the latest first, also behind a step that fails', async () => {
    const steps = createSteps();
    const closed: string[] = [];
    const close = (what: string): unknown => closed.push(what);
    await steps.open('1', () => 'first', close);
    await steps.open(
      '2',
      () => 'second',
      (what) => Promise.reject(new Error(what)),
    );
    await steps.open(
      '3',
      () => Promise.resolve('third'),
      async (what) => {
        await Promise.resolve();
        close(what);
      },
    );
    await expect(steps.closeAll()).rejects.toThrow('second');
    await expect(steps.closeAll()).rejects.toThrow('second');
    expect(closed).toEqual(['third', 'first']);
  });

  it('is not closed when it could not be opened', async () => {
    const steps = createSteps();
    const closed = jest.fn();
    await expect(steps.open('1', () => Promise.reject(new Error('no')), closed)).rejects.toThrow('no');
    await steps.closeAll();
    expect(closed).not.toHaveBeenCalled();
  });
});
