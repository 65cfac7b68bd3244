import { actionOfKey, neighbourOf } from './panel-keys';

const key = (name: string, modifiers: Partial<Record<'ctrlKey' | 'metaKey', boolean>> = {}) => ({
  key: name,
  ctrlKey: false,
  metaKey: false,
  ...modifiers,
});
const context = { flowId: 'b', order: ['a', 'b', 'c'] };

describe('actionOfKey', () => {
  it('steps through the flows by brackets, whatever makes them on the keyboard', () => {
    expect(actionOfKey(key('['), context)).toEqual({ type: 'pick', flowId: 'a' });
    expect(actionOfKey(key(']', { ctrlKey: true }), context)).toEqual({ type: 'pick', flowId: 'c' });
    expect(actionOfKey(key(']'), { ...context, flowId: 'c' })).toBeNull();
    expect(actionOfKey(key(']', { metaKey: true }), context)).toBeNull();
  });

  it('follows by l, and leaves all other keys alone', () => {
    expect(actionOfKey(key('l'), context)).toEqual({ type: 'follow' });
    expect(actionOfKey(key('l', { ctrlKey: true }), context)).toBeNull();
    expect(actionOfKey(key('x'), context)).toBeNull();
  });
});

describe('neighbourOf', () => {
  it('begins at the first flow when the shown one is filtered out', () => {
    expect(neighbourOf({ flowId: 'z', order: ['a', 'b'] }, 1)).toBe('a');
    expect(neighbourOf({ flowId: 'z', order: [] }, 1)).toBeNull();
  });
});
