/** Firefox reads the blob a moment after the click. */
const KEEP_MS = 60_000;

/** Hands a file to the browser's downloads. */
export function saveFile(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), KEEP_MS);
}

/** A name that every file system takes. */
export function fileName(flowId: string, extension: string): string {
  return `flow-${flowId.replace(/[^\w.-]+/g, '_').slice(0, 100)}.${extension}`;
}
