import { createSvgPen } from './svg-pen';

const pen = () => createSvgPen((text) => ({ width: text.length * 7 }) as TextMetrics);
const bodyOf = (svg: string): string => svg.slice(svg.indexOf('</style>') + 8, svg.indexOf('</svg>'));

describe('createSvgPen', () => {
  it('moves and scales what is drawn, text and lines too', () => {
    const drawing = pen();
    drawing.setTransform(2, 0, 0, 2, 10, 20);
    drawing.fillStyle = '#f00';
    drawing.fillRect(1, 2, 3, 4);
    drawing.font = '400 11px "Inter", sans-serif';
    drawing.fillText('a < b', 1, 1);
    const svg = drawing.toSvg(100, 50, 'x');
    expect(bodyOf(svg)).toBe(
      '<rect x="12" y="24" width="6" height="8" fill="#f00"/><text x="12" y="22" class="f0" fill="#f00">a &lt; b</text>',
    );
    expect(svg).toContain('.f0{font:400 22px "Inter", sans-serif}');
  });

  it('brings back with restore what save has kept', () => {
    const drawing = pen();
    drawing.save();
    drawing.translate(5, 5);
    drawing.strokeStyle = '#00f';
    drawing.lineCap = 'round';
    drawing.setLineDash([4, 3]);
    drawing.restore();
    drawing.strokeRect(0, 0, 1, 1);
    expect(bodyOf(drawing.toSvg(1, 1, ''))).toBe(
      '<rect x="0" y="0" width="1" height="1" fill="none" stroke="#000" stroke-width="1"/>',
    );
  });

  it('rounds a corner towards where the line turns', () => {
    const path = (...points: [number, number][]): string => {
      const drawing = pen();
      drawing.beginPath();
      drawing.moveTo(0, 0);
      drawing.arcTo(10, 0, ...points[0]!, 2);
      drawing.stroke();
      return /d="([^"]*)"/.exec(drawing.toSvg(1, 1, ''))?.[1] ?? '';
    };
    expect(path([10, 10])).toBe('M0 0L8 0A2 2 0 0 1 10 2');
    expect(path([10, -10])).toBe('M0 0L8 0A2 2 0 0 0 10 -2');
    expect(path([20, 0])).toBe('M0 0L10 0');
  });

  it('draws a whole circle, of which SVG makes nothing in one go', () => {
    const drawing = pen();
    drawing.beginPath();
    drawing.arc(0, 0, 5, 0, 2 * Math.PI);
    drawing.stroke();
    expect(drawing.toSvg(1, 1, '')).toContain('M5 0A5 5 0 0 1 -5 0A5 5 0 0 1 5 0');
  });

  it('begins a path with the first line to a place, as a canvas does', () => {
    const drawing = pen();
    drawing.beginPath();
    drawing.lineTo(1, 1);
    drawing.lineTo(2, 2);
    drawing.stroke();
    expect(drawing.toSvg(1, 1, '')).toContain('d="M1 1L2 2"');
  });
});
