/** What XML 1.0 can't hold, not even escaped: control characters, halves of a surrogate pair, and two that are no characters. */
const IMPOSSIBLE =
  // eslint-disable-next-line no-control-regex -- these are the ones that are meant
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;
const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text as it stands in XML, in an element or an attribute. As on a canvas, a line break is a blank. */
export function escapeXml(text: string): string {
  return text
    .replace(IMPOSSIBLE, '\ufffd')
    .replace(/[\t\n\r]/g, ' ')
    .replace(/[&<>"']/g, (character) => ESCAPES[character] ?? '');
}

/** Px with two decimals at most. */
export function svgNumber(value: number): string {
  return String(Math.round(value * 100) / 100 + 0);
}

const RGBA = /^rgba\((\d+),\s*(\d+),\s*(\d+),\s*([\d.]+)\)$/;

/** A colour as attributes; what is not opaque is told apart, since not every reader of SVG knows `rgba()`. */
export function svgPaint(name: 'fill' | 'stroke', color: string, alpha: number): string {
  const [, red, green, blue, own] = RGBA.exec(color) ?? [];
  const opacity = alpha * Number(own ?? 1);
  const paint = own === undefined ? color : `rgb(${red},${green},${blue})`;
  return ` ${name}="${escapeXml(paint)}"${opacity < 1 ? ` ${name}-opacity="${svgNumber(opacity)}"` : ''}`;
}
