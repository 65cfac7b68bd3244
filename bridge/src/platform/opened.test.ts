import { createOpened } from './opened';

describe('what is opened', () => {
  it('is closed once, the latest first, also behind a step that fails', async () => {
    const opened = createOpened();
    const closed: string[] = [];
    opened.add(() => closed.push('first'));
    opened.add(() => Promise.reject(new Error('second')));
    opened.add(async () => {
      await Promise.resolve();
      closed.push('third');
    });
    await expect(opened.closeAll()).rejects.toThrow('second');
    await expect(opened.closeAll()).rejects.toThrow('second');
    expect(closed).toEqual(['third', 'first']);
  });
});
