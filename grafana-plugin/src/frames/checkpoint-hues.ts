/** Hues for the checkpoints that every chat server has. */
const WELL_KNOWN: Readonly<Record<string, string>> = {
  auth_check: 'green',
  block_check: 'blue',
  usage_check: 'light-blue',
  llm_thinking: 'purple',
  llm_complete: 'semi-dark-green',
  tool_call: 'orange',
  error: 'red',
};

/** Hues for all others. No red: that is for what is called an error. */
const OTHERS = [
  'yellow',
  'semi-dark-blue',
  'light-orange',
  'super-light-purple',
  'dark-green',
  'super-light-blue',
  'dark-yellow',
  'semi-dark-purple',
  'light-green',
  'dark-orange',
  'dark-blue',
  'super-light-yellow',
] as const;

/** FNV-1a: spreads short names well, and gives the same number everywhere. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  return value >>> 0;
}

/** The colour's name in Grafana's palette, the same for one checkpoint always and everywhere. */
export function checkpointHue(checkpoint: string): string {
  const known = Object.hasOwn(WELL_KNOWN, checkpoint) ? WELL_KNOWN[checkpoint] : undefined;
  return known ?? OTHERS[hash(checkpoint) % OTHERS.length] ?? 'blue';
}
