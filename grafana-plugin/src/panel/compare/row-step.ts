/** The row that a key leads to, of so many rows; null for a key that leads nowhere. */
export function rowStep(key: string, row: number, rows: number, pageRows: number): number | null {
  const within = (target: number): number => Math.min(Math.max(target, 0), rows - 1);
  if (rows === 0) return null;
  switch (key) {
    case 'ArrowDown':
      return within(row + 1);
    case 'ArrowUp':
      return within(row - 1);
    case 'PageDown':
      return within(row + pageRows);
    case 'PageUp':
      return within(row - pageRows);
    case 'Home':
      return 0;
    case 'End':
      return rows - 1;
    default:
      return null;
  }
}
