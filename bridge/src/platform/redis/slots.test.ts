import { slotOf } from './slots';

describe('slotOf', () => {
  it.each([
    // The check value of CRC16/XMODEM, as in the specification of Redis Cluster.
    ['123456789', 0x31c3],
    ['', 0],
    // What CLUSTER KEYSLOT of Redis 7.0 says.
    ['foo', 12182],
    ['flow_events:123', 16091],
    ['flow_events:%C3%A4', 6551],
  ])('says of %j that it is in slot %i, as Redis does', (key, slot) => {
    expect(slotOf(key)).toBe(slot);
  });
});
