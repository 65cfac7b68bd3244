import { placeLabel } from './bar-label';

describe('the label of a bar', () => {
  it('stands right of it when it fits there', () => {
    expect(placeLabel(10, 50, 400, '412 ms', '')).toEqual({ side: 'right', offsetPx: 56, maxPx: 344 });
  });

  it('stands left of it when it would clip at the right', () => {
    expect(placeLabel(300, 390, 400, '412 ms', '')).toEqual({ side: 'left', offsetPx: 106, maxPx: 294 });
  });

  it('stands within a bar that takes all of the track, up to the end of the window', () => {
    expect(placeLabel(0, 400, 400, '412 ms', '')).toEqual({ side: 'inside', offsetPx: 6, maxPx: 388 });
    expect(placeLabel(-900, 4_000, 400, '412 ms', '')).toEqual({ side: 'inside', offsetPx: 6, maxPx: 388 });
  });

  it('cuts an error that fits nowhere in full', () => {
    const error = 'the mailbox is unavailable, try again in an hour or so';
    expect(placeLabel(200, 300, 400, '81 ms', error).side).toBe('right');
    expect(placeLabel(300, 380, 400, '81 ms', error).side).toBe('left');
  });

  it('says on which side the bar lies that is out of the window', () => {
    expect(placeLabel(-50, -10, 400, '1 ms', '').side).toBe('before');
    expect(placeLabel(410, 500, 400, '1 ms', '').side).toBe('after');
  });
});
