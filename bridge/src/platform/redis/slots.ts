/** Slots of a Redis Cluster. */
const SLOTS = 16_384;
const POLYNOMIAL = 0x1021;

/**
 * The slot of a key or sharded channel without a hash tag (`{…}`), which no channel of ours has: CRC16/XMODEM of its bytes.
 *
 * @see https://redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec/#key-distribution-model
 */
export function slotOf(key: string): number {
  let crc = 0;
  for (const byte of Buffer.from(key)) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit++) crc = crc & 0x8000 ? (crc << 1) ^ POLYNOMIAL : crc << 1;
    crc &= 0xffff;
  }
  return crc % SLOTS;
}
