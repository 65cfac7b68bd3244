import { SHARED_NAME } from '../../../middleware/src/flow/api';
import { record } from '../testing/record';
import { CONTEXT_NAME, currentFlow } from './current-flow';

describe('currentFlow', () => {
  it('finds the flow where the middleware keeps it', async () => {
    expect(CONTEXT_NAME).toBe(SHARED_NAME);
    await record((flow) => {
      expect(currentFlow()).toBe(flow);
    });
    expect(currentFlow()).toBeUndefined();
  });
});
