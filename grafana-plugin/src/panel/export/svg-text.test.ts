import { escapeXml, svgNumber, svgPaint } from './svg-text';

describe('escapeXml', () => {
  it('lets nothing of a text be markup', () => {
    expect(escapeXml(`<script>"a" & 'b'</script>`)).toBe(
      '&lt;script&gt;&quot;a&quot; &amp; &#39;b&#39;&lt;/script&gt;',
    );
  });

  it('replaces what XML can not hold', () => {
    expect(escapeXml('a\u0000b\u0007c\u001fd\ufffee\ud800f')).toBe('a\ufffdb\ufffdc\ufffdd\ufffde\ufffdf');
  });

  it('keeps other letters, and makes line breaks blanks', () => {
    expect(escapeXml('é 日本 😀\n\tx')).toBe('é 日本 😀  x');
  });
});

describe('svgPaint', () => {
  it('tells opacity apart', () => {
    expect(svgPaint('fill', 'rgba(204, 204, 220, 0.12)', 1)).toBe(' fill="rgb(204,204,220)" fill-opacity="0.12"');
    expect(svgPaint('stroke', '#fff', 0.5)).toBe(' stroke="#fff" stroke-opacity="0.5"');
    expect(svgPaint('fill', '#fff', 1)).toBe(' fill="#fff"');
  });
});

describe('svgNumber', () => {
  it('has two decimals at most, and no minus zero', () => {
    expect([1.005, -0.001, 2, 3.14159].map(svgNumber)).toEqual(['1', '0', '2', '3.14']);
  });
});
