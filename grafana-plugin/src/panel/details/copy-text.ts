/** Copies in the way that works without a secure context, too: many a Grafana is served by plain http. */
function copyBySelection(text: string, near: Element): boolean {
  const { ownerDocument: page } = near;
  const field = page.createElement('textarea');
  field.value = text;
  field.setAttribute('aria-hidden', 'true');
  field.style.cssText = 'position:fixed;opacity:0;left:0;top:0';
  // Beside the button: a dialog around the panel would take the focus away from anywhere else.
  near.parentElement?.append(field);
  field.select();
  try {
    // Deprecated, and the only way there.
    return page.execCommand('copy');
  } catch {
    return false;
  } finally {
    field.remove();
    if (near instanceof HTMLElement) near.focus({ preventScroll: true });
  }
}

/** @returns whether the text is in the clipboard now */
export async function copyText(text: string, near: Element): Promise<boolean> {
  if (window.isSecureContext) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      // Not allowed here; the other way may be.
    }
  }
  return copyBySelection(text, near);
}
